"""Commands have an end that the inverter knows, whatever becomes of us."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from simulator.huawei import HuaweiFault
from simulator.world import BatteryCommand

from .conftest import Act, Plant, battery_w, writes


async def test_an_open_command_is_renewed_for_as_long_as_it_is_wanted(
    plant: Plant, act: Act
) -> None:
    await act("battery_idle")
    assert len(writes(plant)) == 4
    for _ in range(40):
        await plant.seconds(60, step=3)
        assert battery_w(plant) == 0
    assert len(writes(plant)) == 4 * 3


async def test_without_us_the_inverter_ends_it_alone(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    # As after a crash: nobody is there any more to release anything.
    await hass.config_entries.async_unload(entry.entry_id)
    assert battery_w(plant) == pytest.approx(800, abs=2)
    plant.freezer.tick(timedelta(minutes=31))
    assert battery_w(plant) < 0


async def test_a_reload_adopts_the_lease(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    task = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await plant.until_done(task)
    await plant.seconds(5)
    assert battery_w(plant) == pytest.approx(800, abs=2)
    assert len(writes(plant)) == 4
    # It is renewed as before.
    await plant.seconds(35 * 60, step=3)
    assert battery_w(plant) == pytest.approx(800, abs=2)


async def test_control_that_is_switched_off_releases(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    hass.config_entries.async_update_entry(entry, options={"control": False})
    task = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await plant.until_done(task)
    await plant.seconds(15)
    assert battery_w(plant) < 0


async def test_a_disabled_entry_releases(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    task = hass.async_create_task(
        hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    )
    await plant.until_done(task)
    assert battery_w(plant) < 400
    await plant.seconds(5)
    assert battery_w(plant) < 0


async def test_a_removed_entry_releases(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    await plant.until_done(hass.async_create_task(hass.config_entries.async_remove(entry.entry_id)))
    await plant.seconds(5)
    assert battery_w(plant) < 0


async def test_an_orderly_stop_releases(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    await act("battery_discharge", power=800)
    await plant.until_done(hass.async_create_task(hass.async_stop(force=True)))
    plant.freezer.tick(timedelta(seconds=10))
    assert battery_w(plant) < 0


async def test_somebody_else_ends_the_command(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    await plant.seconds(130)
    # Another program stops it.
    now = dt_util.utcnow()
    plant.house.command("luna", BatteryCommand(None, until=now), now)
    await plant.seconds(130)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"foreign_control_{entry.entry_id}")
    assert issue is not None
    count = len(writes(plant))
    await plant.seconds(20 * 60, step=3)
    assert len(writes(plant)) == count
    await act("battery_idle")
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue.issue_id) is None


async def test_a_command_that_was_not_confirmed_is_taken_back(
    plant: Plant, act: Act, expected_complaints: list[str]
) -> None:
    plant.device.every[HuaweiFault.REPLY_LOST] = 1
    await plant.device.faults.set(HuaweiFault.REPLY_LOST, True)
    with pytest.raises(HomeAssistantError):
        await act("battery_discharge", power=800)
    await plant.device.faults.set(HuaweiFault.REPLY_LOST, False)
    await plant.seconds(60)
    assert battery_w(plant) < 0


async def test_a_renewal_that_fails_is_tried_again(
    plant: Plant, act: Act, expected_complaints: list[str]
) -> None:
    await act("battery_discharge", power=800)
    await plant.seconds(14 * 60, step=3)
    await plant.device.faults.set(HuaweiFault.PERMISSION_REFUSED, True)
    await plant.seconds(120, step=3)
    await plant.device.faults.clear()
    await plant.seconds(20 * 60, step=3)
    assert battery_w(plant) == pytest.approx(800, abs=2)


async def test_a_new_command_that_fails_ends_the_old_one_too(
    plant: Plant, act: Act, expected_complaints: list[str]
) -> None:
    await act("battery_discharge", power=800)
    await plant.device.faults.set(HuaweiFault.PERMISSION_REFUSED, True)
    with pytest.raises(HomeAssistantError):
        await act("battery_idle")
    await plant.device.faults.clear()
    await plant.seconds(30)
    assert battery_w(plant) < 0


@pytest.mark.parametrize("way", ["stop", "remove"])
async def test_what_cannot_be_released_is_told_and_ends_alone(
    hass: HomeAssistant,
    plant: Plant,
    act: Act,
    entry: MockConfigEntry,
    way: str,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("was not released")
    await act("battery_discharge", power=800)
    await plant.device.faults.set(HuaweiFault.REFUSE, True)
    if way == "stop":
        task = hass.async_create_task(hass.async_stop(force=True))
    else:
        task = hass.async_create_task(hass.config_entries.async_remove(entry.entry_id))
    await plant.until_done(task)
    assert battery_w(plant) == pytest.approx(800, abs=2)
    plant.freezer.tick(timedelta(minutes=31))
    assert battery_w(plant) < 0
