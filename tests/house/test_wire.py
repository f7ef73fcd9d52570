"""A house over a real device on the wire, with a real recorder."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.devices.huawei.conftest import AddEntry, Plant, add_entry, begin, plant, profile
from tests.helpers import number, state

from .money import totals

__all__ = ["add_entry", "begin", "plant", "profile"]


async def _house(hass: HomeAssistant, plant: Plant) -> MockConfigEntry:
    await hass.config.async_update(latitude=50.85, longitude=4.35, time_zone="Europe/Brussels")
    serial = plant.serial
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data={"type": "house", "device_id": "home"},
        options={
            "grid": [f"grid/{serial}_meter"],
            "solar": [f"solar/{serial}"],
            "battery": [f"battery/{serial}_battery"],
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


async def test_a_device_that_is_removed_is_missing_and_heals(
    recorder_mock: Recorder, hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    device = await add_entry()
    house = await _house(hass, plant)
    await plant.seconds(20)
    start = dt_util.utcnow()
    before = plant.house.truth(start)
    assert state(hass, "house_home_data_quality").state == "measured"
    await hass.config_entries.async_remove(device.entry_id)
    await plant.seconds(1200, step=10)
    quality = state(hass, "house_home_data_quality")
    assert quality.state == "missing"
    assert plant.serial in quality.attributes["missing"]
    assert state(hass, "house_home_house_power").state == "unknown"
    assert number(hass, "house_home_house_total") >= 0
    await add_entry()
    await plant.seconds(30)
    assert state(hass, "house_home_data_quality").state == "measured"
    produced = plant.house.truth(dt_util.utcnow()).arrays["huawei"].energy_kwh
    produced -= before.arrays["huawei"].energy_kwh
    assert produced > 0.2
    assert number(hass, "house_home_solar_total") == pytest.approx(produced, abs=0.05)
    # What it counted while nobody asked is in the statistics too, spread over that time.
    for _ in range(2):
        await plant.seconds(300, step=10)
        # The recorder takes its time, which this clock does not wait for.
        await house.runtime_data._settling
    (day,) = await totals(hass, house, start, start + timedelta(minutes=1), "day")
    # The house is counted from the next five minutes on.
    assert produced - 0.3 <= day["solar"] <= number(hass, "house_home_solar_total")


async def test_the_ledger_survives_a_restart(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    entry = await _house(hass, plant)
    await plant.seconds(15 * 60, step=2)
    total = number(hass, "house_home_solar_total")
    assert total > 0
    assert await hass.config_entries.async_reload(entry.entry_id)
    await plant.seconds(20)
    assert total <= number(hass, "house_home_solar_total") < total + 0.1
