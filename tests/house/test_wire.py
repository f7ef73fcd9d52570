"""A house over a real device on the wire, with a real recorder."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.statistics import async_read_changes
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.devices.huawei.conftest import AddEntry, Plant, add_entry, begin, plant, profile
from tests.helpers import number, state

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


async def test_the_house_agrees_with_the_world(
    recorder_mock: Recorder, hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    house = await _house(hass, plant)
    begin = dt_util.utcnow()
    before = plant.house.truth(begin)
    for _ in range(5):
        await plant.seconds(5 * 60, step=4)
        # The recorder takes its time, which this clock does not wait for.
        await house.runtime_data._settling
    now = dt_util.utcnow()
    truth = plant.house.truth(now - timedelta(seconds=5))
    assert number(hass, "house_home_grid_power") == pytest.approx(truth.grid_w, abs=150)
    assert number(hass, "house_home_house_power") >= 0
    produced = truth.arrays["huawei"].energy_kwh - before.arrays["huawei"].energy_kwh
    # A poll takes some steps of this clock, and the next one comes five times later.
    assert number(hass, "house_home_solar_total") == pytest.approx(produced, abs=0.2)
    await async_wait_recording_done(hass)
    hours = await async_read_changes(
        hass,
        ["energy_hub:home_solar", "energy_hub:home_house"],
        begin - timedelta(hours=1),
        now,
        "hour",
    )
    solar = sum(hours["energy_hub:home_solar"].values())
    # The statistics are one or two slots of five minutes behind.
    assert produced - 0.7 < solar <= produced
    assert all(change >= 0 for change in hours["energy_hub:home_house"].values())


async def test_a_device_that_goes_is_missing_and_comes_back(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    device = await add_entry()
    await _house(hass, plant)
    await plant.seconds(20)
    assert state(hass, "house_home_data_quality").state == "measured"
    await hass.config_entries.async_unload(device.entry_id)
    await plant.seconds(120, step=2)
    quality = state(hass, "house_home_data_quality")
    assert quality.state == "missing"
    assert state(hass, "house_home_house_power").state == "unknown"
    assert number(hass, "house_home_house_total") >= 0
    task = hass.async_create_task(hass.config_entries.async_setup(device.entry_id))
    await plant.until_done(task)
    await plant.seconds(30)
    assert state(hass, "house_home_data_quality").state == "measured"


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
