"""The address of a platform, as a user types it, and what a destination is known by."""

import hashlib
import ipaddress
from typing import Final

from yarl import URL

from homeassistant.const import CONF_URL

from ..errors import DeviceError

PLATFORM_URL: Final = "https://telemetry.erco.energy"


class InvalidUrlError(DeviceError):
    """The text is no address that a credential may be sent to."""

    def __init__(self) -> None:
        """Point at the field."""
        super().__init__(fields={CONF_URL: "invalid_url"})


def clean_url(text: str) -> str:
    """Return an address in its one form; raises InvalidUrlError.

    It must be https, or http to an address that nobody on the way can listen to.
    """
    text = text.strip()
    try:
        url = URL(text if "://" in text else f"https://{text}")
        host = url.host or ""
    except ValueError as err:
        raise InvalidUrlError from err
    if not host or any(character.isspace() for character in host):
        raise InvalidUrlError
    if url.scheme != "https" and not (url.scheme == "http" and _is_near(host)):
        raise InvalidUrlError
    return str(url.with_query(None).with_fragment(None).with_user(None)).rstrip("/")


def fingerprint(url: str, credential: str) -> str:
    """Return what a destination is known by; it tells nothing of the credential."""
    return hashlib.sha256(f"{url} {credential}".encode()).hexdigest()[:16]


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"
