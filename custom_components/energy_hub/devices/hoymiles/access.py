"""From what a form or an entry says to a cloud that can be asked."""

from collections.abc import Mapping
import hashlib
import ipaddress
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.hass_dict import HassKey

from ...const import DOMAIN
from ...errors import DeviceError
from .account import Account
from .budget import Budget, Plan
from .client import Http
from .key import Key
from .options import CONF_KEY

ACCOUNT_URL: Final = "https://neapi.hoymiles.com"
KEY_URL: Final = "https://wapi.hoymiles.com"

_BUDGETS: HassKey[dict[str, Budget]] = HassKey(f"{DOMAIN}_hoymiles_budgets")


class InvalidUrlError(DeviceError):
    """The text is no address that credentials may be sent to."""

    def __init__(self) -> None:
        """Point at the field."""
        super().__init__(fields={CONF_URL: "invalid_url"})


def cloud_for(hass: HomeAssistant, data: Mapping[str, Any], plan: Plan) -> Account | Key:
    """Return the cloud of an account or of a key; nothing is asked yet."""
    http = Http(async_get_clientsession(hass), data[CONF_URL])
    if CONF_KEY not in data:
        return Account(http, hass.async_add_executor_job, data[CONF_USERNAME], data[CONF_PASSWORD])
    return Key(http, hass.async_add_executor_job, data[CONF_KEY], budget_of(hass, data, plan))


def budget_of(hass: HomeAssistant, data: Mapping[str, Any], plan: Plan) -> Budget:
    """Return the one budget of a key, which forms and the entry share."""
    budget = hass.data.setdefault(_BUDGETS, {}).setdefault(fingerprint(data), Budget(plan))
    budget.plan = plan
    return budget


def clean(data: dict[str, Any]) -> None:
    """Bring what the user typed into its one form; raises InvalidUrlError."""
    data[CONF_URL] = _clean_url(data[CONF_URL])
    if CONF_KEY in data:
        # The maker gives keys out as they stand in an address: + and / are escaped there.
        data[CONF_KEY] = unquote(data[CONF_KEY].strip())
    else:
        data[CONF_USERNAME] = data[CONF_USERNAME].strip()


def fingerprint(data: Mapping[str, Any]) -> str:
    """Return what an account or key is known by; it tells nothing about either."""
    who = data.get(CONF_KEY) or data[CONF_USERNAME].lower()
    host = urlsplit(data[CONF_URL]).hostname
    return hashlib.sha256(f"{host} {who}".encode()).hexdigest()[:16]


def _clean_url(text: str) -> str:
    text = text.strip()
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError as err:
        raise InvalidUrlError from err
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_near(host)):
        raise InvalidUrlError
    if not host or any(character.isspace() for character in host):
        raise InvalidUrlError
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{port}"


def _is_near(host: str) -> bool:
    """Return whether nobody on the way can listen: credentials go there without encryption."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost"
