"""Hoymiles plants in the S-Miles cloud, by account or by key."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ...coordinator import HubConfigEntry
from .coordinator import HoymilesCoordinator

__all__ = ["async_repair", "build"]


def build(hass: HomeAssistant, entry: HubConfigEntry) -> HoymilesCoordinator:
    """Return the coordinator of an account or key."""
    return HoymilesCoordinator(hass, entry)


async def async_repair(
    hass: HomeAssistant, entry: HubConfigEntry, kind: str, data: Mapping[str, Any]
) -> None:
    """Nothing of a plant is repaired by confirming it."""
