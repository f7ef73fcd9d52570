"""Diagnostics hold what a gateway said, without who it is: served again, it says the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.diagnostics import async_get_config_entry_diagnostics
from homeassistant.core import HomeAssistant
from simulator.envoy import profiles
from simulator.envoy.profiles import Profile
from tests.helpers import entity_id, number

from .conftest import Plant
from .expected import assert_same
from .folders import added, write

KEYS = (
    "production_power",
    "grid_power",
    "consumption_power",
    "energy_total",
    "grid_import_total",
    "battery_power",
    "battery_soc",
    "battery_charged_total",
    "battery_capacity",
)


def _shown(hass: HomeAssistant, serial: str) -> dict[str, float]:
    return {
        key: number(hass, f"{serial}_{key}") for key in KEYS if entity_id(hass, f"{serial}_{key}")
    }


@pytest.mark.parametrize(
    "profile", [profiles.battery(), profiles.broken_standard(), profiles.legacy()]
)
async def test_they_can_be_served_again(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile, tmp_path: Path
) -> None:
    await plant.seconds(65)
    shown = _shown(hass, plant.serial)
    found: dict[str, Any] = await async_get_config_entry_diagnostics(hass, entry)
    text = json.dumps(found)
    for secret in (plant.serial, "482990000", "1229900001", entry.data["token"], "127.0.0.1"):
        assert secret not in text
    replies = {
        path: (one["status"], one["text"]) for path, one in found["device"]["replies"].items()
    }
    await hass.config_entries.async_remove(entry.entry_id)
    async with added(hass, write(tmp_path / "again", replies)) as one:
        assert one.captured.serial != plant.serial
        assert_same(hass, one)
        assert _shown(hass, one.captured.serial) == shown
