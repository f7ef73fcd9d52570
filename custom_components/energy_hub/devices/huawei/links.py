"""One connection a host: inverters behind the same dongle share it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ...const import DOMAIN
from .client import Link


@dataclass(slots=True)
class _Shared:
    link: Link
    users: int = 0


_LINKS: HassKey[dict[tuple[str, int], _Shared]] = HassKey(f"{DOMAIN}_huawei_links")


@asynccontextmanager
async def async_link(hass: HomeAssistant, host: str, port: int) -> AsyncGenerator[Link]:
    """Give the link to a host while the context is open; the last user closes it.

    A form that looks at an inverter uses the link of the entry that is already there: the
    device has room for one client only.
    """
    links = hass.data.setdefault(_LINKS, {})
    shared = links.setdefault((host, port), _Shared(Link(host, port)))
    shared.users += 1
    try:
        yield shared.link
    finally:
        shared.users -= 1
        if not shared.users:
            del links[host, port]
            await shared.link.close()
