"""The Belgian P1 port: Fluvius, ORES and Sibelga meters."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ...coordinator import HubConfigEntry
from ...identity import async_change_identity
from .coordinator import FluviusCoordinator

__all__ = ["async_repair", "build"]


def build(hass: HomeAssistant, entry: HubConfigEntry) -> FluviusCoordinator:
    """Return the coordinator of a meter."""
    return FluviusCoordinator(hass, entry)


async def async_repair(
    hass: HomeAssistant, entry: HubConfigEntry, kind: str, data: Mapping[str, Any]
) -> None:
    """Go over to the meter that replaced the old one; the user said that it did."""
    async_change_identity(hass, entry, str(data["meter_id"]))
    hass.config_entries.async_schedule_reload(entry.entry_id)
