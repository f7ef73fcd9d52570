"""The house: one picture, its energy and its money, out of several brands."""

from collections.abc import Mapping
from typing import Any, cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from ..coordinator import HubConfigEntry
from .coordinator import HouseCoordinator

__all__ = ["async_repair", "build"]


def build(hass: HomeAssistant, entry: HubConfigEntry) -> HouseCoordinator:
    """Return the coordinator of a house."""
    return HouseCoordinator(hass, entry)


async def async_repair(
    hass: HomeAssistant, entry: HubConfigEntry, kind: str, data: Mapping[str, Any]
) -> None:
    """Put the house into the Energy dashboard, which is all that a house asks about."""
    if entry.state is ConfigEntryState.LOADED:
        await cast("HouseCoordinator", entry.runtime_data).async_configure_dashboard(undo=False)
