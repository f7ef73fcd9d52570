"""The certificate of a gateway: signed by itself, so trusted because it stays the same."""

import asyncio
from hashlib import sha256
from typing import Final

from homeassistant.util.ssl import get_default_no_verify_context

from ...errors import NoAnswerError

_HTTPS: Final = 443
_SECONDS: Final = 10


async def async_fingerprint(host: str, port: int | None) -> str | None:
    """Return the fingerprint (SHA-256, hexadecimal) of the certificate shown at an address.

    None where nobody speaks TLS: old firmware does not. Raises NoAnswerError for a host that
    does not answer at all.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            _reader, writer = await asyncio.open_connection(
                host, port or _HTTPS, ssl=get_default_no_verify_context()
            )
    except TimeoutError as err:
        raise NoAnswerError from err
    except OSError:
        return None
    try:
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return sha256(shown).hexdigest()
    finally:
        writer.transport.abort()
