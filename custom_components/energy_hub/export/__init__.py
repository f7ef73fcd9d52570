"""What leaves the house: a durable queue, and the platform that it is delivered to."""

from collections.abc import Mapping
from typing import Any, cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from ..coordinator import HubConfigEntry
from .coordinator import EnrgCoordinator
from .issues import DROPPED

__all__ = ["async_repair", "build"]


def build(hass: HomeAssistant, entry: HubConfigEntry) -> EnrgCoordinator:
    """Return the coordinator of a destination."""
    return EnrgCoordinator(hass, entry)


async def async_repair(
    hass: HomeAssistant, entry: HubConfigEntry, kind: str, data: Mapping[str, Any]
) -> None:
    """Send again what was refused, or take note of what was given up."""
    if entry.state is not ConfigEntryState.LOADED:
        return
    coordinator = cast("EnrgCoordinator", entry.runtime_data)
    if kind == DROPPED:
        await coordinator.async_forget_dropped()
    else:
        await coordinator.exporter.async_retry_refused(None)
