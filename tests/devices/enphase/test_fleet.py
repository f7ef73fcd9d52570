"""Micro-inverters: what they reported and when, new ones, silent ones, ones that are gone."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub import async_remove_config_entry_device
from custom_components.energy_hub.const import DOMAIN
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.envoy import EnvoyFault, inverters, profiles
from simulator.envoy.profiles import Profile
from tests.helpers import entity_id, number, state

from .conftest import START, AddEntry, Plant

FIRST, LAST = "482990000000", "482990000011"


def _silent(hass: HomeAssistant, plant: Plant) -> float:
    return number(hass, f"{plant.serial}_inverters_silent")


@pytest.mark.parametrize("profile", [profiles.three_phase(), profiles.standard()])
async def test_old_reports_are_marked_and_show_no_power(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    power, reported = number(hass, f"{FIRST}_power"), state(hass, f"{FIRST}_last_report").state
    assert _silent(hass, plant) == 0
    await plant.envoy.faults.set(EnvoyFault.INVERTERS_OLD, True)
    await plant.seconds(320, step=40)
    assert state(hass, f"{FIRST}_power").state == STATE_UNKNOWN
    assert _silent(hass, plant) == profile.house.arrays[0].panels
    at = dt_util.parse_datetime(state(hass, f"{FIRST}_last_report").state)
    assert at is not None
    assert timedelta(hours=5) <= dt_util.utcnow() - at < timedelta(hours=5, minutes=20)
    await plant.envoy.faults.set(EnvoyFault.INVERTERS_OLD, False)
    await plant.seconds(320, step=40)
    assert number(hass, f"{FIRST}_power") == pytest.approx(power, abs=40)
    assert state(hass, f"{FIRST}_last_report").state >= reported
    assert _silent(hass, plant) == 0


async def test_they_are_old_by_the_gateways_own_clock(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = plant.envoy._clock
    monkeypatch.setattr(plant.envoy, "_clock", lambda: clock() - timedelta(hours=20))
    monkeypatch.setattr(plant.envoy._access, "opens", lambda *_: True)
    entry = await add_entry()
    assert number(hass, f"{FIRST}_power") > 0
    assert entry.runtime_data.diagnostics()["clock_skew_s"] == -72_000


async def test_a_list_that_is_empty_for_a_while_changes_nothing(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    power = number(hass, f"{FIRST}_power")
    await plant.envoy.faults.set(EnvoyFault.INVERTERS_GONE, True)
    await plant.seconds(620, step=62)
    assert number(hass, f"{FIRST}_power") == power
    # Then the last report is too old, whoever forgot it.
    await plant.seconds(1800, step=100)
    assert state(hass, f"{FIRST}_power").state == STATE_UNKNOWN
    await plant.envoy.faults.set(EnvoyFault.INVERTERS_GONE, False)
    await plant.seconds(320, step=40)
    assert number(hass, f"{FIRST}_power") > 0


async def test_new_and_removed_ones_are_followed(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = inverters._device
    renamed: dict[str, str] = {}

    def device(now: Any, serial: str, *rest: Any) -> dict[str, Any]:
        found: dict[str, Any] = listed(now, renamed.get(serial, serial), *rest)
        return found

    monkeypatch.setattr(inverters, "_device", device)
    renamed[LAST] = "482990000055"
    await plant.seconds(320, step=40)
    assert number(hass, "482990000055_power") > 0
    page = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, LAST), entry.entry_id)
    assert page is not None
    assert not await async_remove_config_entry_device(hass, entry, page)
    await plant.seconds(90_000, step=3000)
    assert state(hass, f"{LAST}_power").state == STATE_UNAVAILABLE
    assert await async_remove_config_entry_device(hass, entry, page)
    other = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, FIRST), entry.entry_id)
    assert other is not None
    assert not await async_remove_config_entry_device(hass, entry, other)


async def test_in_the_dark_they_are_silent_and_give_nothing(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    plant.freezer.move_to(START.replace(hour=23, minute=30))
    await add_entry()
    assert number(hass, f"{FIRST}_power") == 0
    reported = dt_util.parse_datetime(state(hass, f"{FIRST}_last_report").state)
    assert reported is not None
    assert reported.hour in {19, 20}
    assert number(hass, f"{plant.serial}_production_power") == 0


@pytest.mark.usefixtures("everything_enabled")
async def test_the_energy_of_an_inverter_does_not_turn_over(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A little more than what this one has made: it turns over within minutes.
    life_j = round(1_119_346 * 3600 / 1000) * 1000
    monkeypatch.setattr(inverters, "WRAP_J", life_j + 400_000)
    monkeypatch.setattr(
        "custom_components.energy_hub.devices.enphase.guard._HABITS",
        _habits((life_j + 400_000) / 3_600_000),
    )
    await add_entry()
    before = number(hass, f"{FIRST}_energy_total")
    values = [before]
    for _ in range(12):
        await plant.seconds(300, step=150)
        values.append(number(hass, f"{FIRST}_energy_total"))
    assert values == sorted(values)
    assert 0.1 < values[-1] - before < 0.4


def _habits(wrap: float) -> object:
    from dataclasses import replace

    from custom_components.energy_hub.devices.enphase import guard

    return replace(guard._HABITS, wrap=wrap)


@pytest.mark.parametrize("profile", [profiles.crowd(200)])
async def test_two_hundred(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    assert len(entry.runtime_data.data.inverters) == 200
    assert number(hass, "482990000199_power") > 0
    assert entity_id(hass, "482990000199_last_report")
    plant.envoy.requests.clear()
    await plant.seconds(300, step=30)
    assert plant.paths.count("/api/v1/production/inverters") == 1
    assert _silent(hass, plant) == 0
