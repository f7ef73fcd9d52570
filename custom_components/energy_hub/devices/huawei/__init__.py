"""Huawei SUN2000 inverters by Modbus TCP, with their power meter and LUNA2000 batteries."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ...coordinator import HubConfigEntry
from .coordinator import HuaweiCoordinator

__all__ = ["async_repair", "build"]


def build(hass: HomeAssistant, entry: HubConfigEntry) -> HuaweiCoordinator:
    """Return the coordinator of an inverter."""
    return HuaweiCoordinator(hass, entry)


async def async_repair(
    hass: HomeAssistant, entry: HubConfigEntry, kind: str, data: Mapping[str, Any]
) -> None:
    """Nothing of an inverter is repaired by confirming it."""
