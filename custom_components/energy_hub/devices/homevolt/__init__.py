"""Homevolt batteries by the web server of their ECU, with their clamps."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ...coordinator import HubConfigEntry
from .coordinator import HomevoltCoordinator

__all__ = ["async_repair", "build"]


def build(hass: HomeAssistant, entry: HubConfigEntry) -> HomevoltCoordinator:
    """Return the coordinator of a Homevolt."""
    return HomevoltCoordinator(hass, entry)


async def async_repair(
    hass: HomeAssistant, entry: HubConfigEntry, kind: str, data: Mapping[str, Any]
) -> None:
    """Nothing of a Homevolt is repaired by confirming it."""
