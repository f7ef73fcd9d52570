"""What is kept of a fleet in memory, beside what Home Assistant keeps of as many entities."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import custom_components
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..case import Side
from ..clock import stepped_clock
from ..core import Core, run
from ..entry import new_entry
from .cloud import Cloud
from .memory import allocated_bytes, resident_bytes
from .pollers import poller
from .times import START, STEP

_PLAIN: Final = "plain_entities"
_INTEGRATIONS: Final = Path(__file__).parent / "integrations"

type _Act = Callable[[], Awaitable[None]]


class _Scale:
    """Weighs what is there when nothing happens any more."""

    def __init__(self, *, traced: bool, settle_s: float) -> None:
        self._bytes = allocated_bytes if traced else resident_bytes
        self._settle_seconds = settle_s

    async def async_taken(self, core: Core, prepare: _Act, begin: _Act) -> int:
        """Return how many bytes more there are after `begin` than after `prepare`."""
        await prepare()
        await self._settle(core)
        before = self._bytes()
        await begin()
        await self._settle(core)
        return self._bytes() - before

    async def _settle(self, core: Core) -> None:
        await core.hass.async_block_till_done()
        await asyncio.sleep(self._settle_seconds)
        await core.async_recorded()


def kept(
    *, side: str, plants: int, inverters: int, traced: bool, settle_s: float
) -> dict[str, float]:
    """Return what a fleet keeps: allocations if they shall be `traced`, else resident memory."""
    scale = _Scale(traced=traced, settle_s=settle_s)
    if Side(side) is Side.PEER:
        custom_components.__path__.append(str(_INTEGRATIONS))
        return run(partial(_plain, plants=plants, inverters=inverters, scale=scale))
    with Cloud(plants, inverters) as cloud:
        return run(partial(_ours, cloud=cloud, scale=scale))


async def _ours(core: Core, *, cloud: Cloud, scale: _Scale) -> dict[str, float]:
    hass, who = core.hass, poller(Side.OURS, core.hass, cloud.account)

    async def prepare() -> None:
        await hass.async_add_executor_job(cloud.set_clock, START - STEP)
        await who.async_prepare()
        # The same plant is not asked twice within a minute.
        await hass.async_add_executor_job(cloud.set_clock, START)

    with stepped_clock(hass, START):
        taken = await scale.async_taken(core, prepare, who.async_begin)
        return _figures(hass, taken, who.entities())


async def _plain(core: Core, *, plants: int, inverters: int, scale: _Scale) -> dict[str, float]:
    entries = core.hass.config_entries
    few = _plain_entry("few", plants=1, inverters=1)
    many = _plain_entry("many", plants=plants, inverters=inverters)

    async def prepare() -> None:
        await entries.async_add(few)
        await core.hass.async_block_till_done()
        await entries.async_remove(few.entry_id)

    taken = await scale.async_taken(core, prepare, partial(entries.async_add, many))
    return _figures(core.hass, taken, _entities(core.hass, many))


def _plain_entry(name: str, *, plants: int, inverters: int) -> ConfigEntry[Any]:
    return new_entry(_PLAIN, name, {"plants": plants, "inverters": inverters})


def _entities(hass: HomeAssistant, entry: ConfigEntry[Any]) -> int:
    return len(er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id))


def _figures(hass: HomeAssistant, taken: int, entities: int) -> dict[str, float]:
    return {
        "entities": entities,
        "states": len(hass.states.async_all()),
        "mb": taken / 1e6,
        "kb": taken / 1e3 / entities,
    }
