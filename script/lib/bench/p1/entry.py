"""An entry in a running Home Assistant, with exactly the entities that are compared."""

import asyncio
from collections.abc import Callable
from typing import Final

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er

from ..entry import has_value
from .readers import Reader

_POLL_SECONDS: Final = 0.05
_WAIT_SECONDS: Final = 60
# What Home Assistant notes at a sensor that shall choose its unit anew.
_UNIT_FROM_ENTITY: Final = {"sensor.private": {"refresh_initial_entity_options": True}}


async def async_add(
    hass: HomeAssistant, reader: Reader, port: int, *, interval: int, entities: int
) -> None:
    """Add the entry of `reader` at an interval (s) with so many entities enabled."""
    entry = reader.entry(port, interval)
    # Entities are chosen before they exist; for that the entry must be known.
    entry.disabled_by = ConfigEntryDisabler.USER
    await hass.config_entries.async_add(entry)
    registry = er.async_get(hass)
    for wish in reader.wishes(entities):
        registry.async_get_or_create(
            wish.platform,
            reader.domain,
            wish.unique_id,
            config_entry=entry,
            get_initial_options=lambda: _UNIT_FROM_ENTITY,
            disabled_by=None if wish.enabled else er.RegistryEntryDisabler.USER,
        )
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)


async def async_until_value(hass: HomeAssistant, reader: Reader, entities: int) -> None:
    """Wait until the entry shows values; raises RuntimeError unless of so many entities."""
    await _async_until_quarter(hass, reader, lambda _: True)
    if (found := len(hass.states.async_all((Platform.SENSOR, Platform.BINARY_SENSOR)))) != entities:
        raise RuntimeError(f"{reader.domain}: {found} entities instead of {entities}")


async def async_until_shows(hass: HomeAssistant, reader: Reader, quarter_kw: float) -> None:
    """Wait until the sensor of the running quarter shows this value."""
    await _async_until_quarter(hass, reader, lambda state: float(state.state) == quarter_kw)


async def _async_until_quarter(
    hass: HomeAssistant, reader: Reader, wanted: Callable[[State], bool]
) -> None:
    """Wait for a value of the sensor of the running quarter; raises TimeoutError."""
    async with asyncio.timeout(_WAIT_SECONDS):
        while True:
            state = _state(hass, reader, reader.quarter)
            if has_value(state) and wanted(state):
                return
            await asyncio.sleep(_POLL_SECONDS)


def _state(hass: HomeAssistant, reader: Reader, unique_id: str) -> State | None:
    entity_id = er.async_get(hass).async_get_entity_id(Platform.SENSOR, reader.domain, unique_id)
    return None if entity_id is None else hass.states.get(entity_id)
