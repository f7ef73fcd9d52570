"""Small things that many tests use."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

_TURNS = 500_000


async def until(happened: Callable[[], Any]) -> None:
    """Let the event loop turn until something happened; works with a frozen clock too."""
    for _ in range(_TURNS):
        if happened():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not happen")


async def turns(count: int = 200) -> None:
    """Let the event loop turn often enough for anything on the wire to arrive."""
    for _ in range(count):
        await asyncio.sleep(0)


async def later(hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float) -> None:
    """Let time pass, with every timer that falls due."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass, dt_util.utcnow())
    await turns()
    await hass.async_block_till_done()


def entity_id(hass: HomeAssistant, unique_id: str, platform: str = "sensor") -> str | None:
    """Return the entity of a unique id of ours, None when there is none."""
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)


def state(hass: HomeAssistant, unique_id: str, platform: str = "sensor") -> State:
    """Return the state of an entity that must be there."""
    found = entity_id(hass, unique_id, platform)
    assert found is not None, f"no entity {unique_id}"
    state = hass.states.get(found)
    assert state is not None, f"{found} is disabled or missing"
    return state


def number(hass: HomeAssistant, unique_id: str, platform: str = "sensor") -> float:
    """Return the number that an entity shows."""
    return float(state(hass, unique_id, platform).state)
