"""The automations of the docs page, run by Home Assistant's own automation integration."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_mock_service

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import parse_yaml
from simulator.homevolt import HomevoltFault
from simulator.homevolt.profiles import Profile, single
from tests.helpers import number, state

from .acting import entry, watts
from .conftest import ECU, Plant

__all__ = ["entry"]

type Add = Callable[[str], Awaitable[None]]

_PAGE = Path(__file__).parents[3] / "docs" / "homevolt.md"
_DAY = "A day of the battery"
# Less than the lease of a command lasts when it is due to be renewed.
_STEP_S = 600
LATE_MORNING = datetime(2026, 6, 17, 9, 40, tzinfo=UTC)


def _automation(alias: str) -> dict[str, Any]:
    """Return an automation of the page."""
    found = [
        parse_yaml(text) for text in re.findall(r"```yaml\n(.*?)```", _PAGE.read_text(), re.DOTALL)
    ]
    (one,) = [one for one in found if isinstance(one, dict) and one.get("alias") == alias]
    return one


@pytest.fixture
async def add(hass: HomeAssistant, plant: Plant) -> AsyncIterator[Add]:
    """Return a function that adds an automation of the page."""

    async def add_automation(alias: str) -> None:
        assert await async_setup_component(hass, "automation", {"automation": _automation(alias)})
        await hass.async_block_till_done()

    yield add_automation
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"}, blocking=True)


async def _go_on(plant: Plant, clock: str) -> None:
    """Let time pass until a clock of the house has shown this for a while."""
    hour, minute = map(int, clock.split(":"))
    end = dt_util.now().replace(hour=hour, minute=minute, second=20, microsecond=0)
    while (left_s := (end - dt_util.now()).total_seconds()) > 0:
        step_s = min(_STEP_S, left_s)
        await plant.seconds(step_s, step=step_s)
    # The house of such a long day takes steps of a minute.
    await plant.seconds(120, step=30)


def _full() -> Profile:
    """Return a house whose battery is nearly full."""
    house, device = single()
    batteries = tuple(
        replace(one, start_soc=96) if one.id == "homevolt" else one for one in house.batteries
    )
    return Profile(replace(house, batteries=batteries), device)


@pytest.mark.parametrize("fine_from", [LATE_MORNING + timedelta(days=2)])
@pytest.mark.parametrize("begin", [LATE_MORNING])
async def test_a_day_of_the_battery(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    add: Add,
    begin: datetime,
    fine_from: datetime,
) -> None:
    await add(_DAY)
    await _go_on(plant, "12:00")
    assert state(hass, f"{ECU}_local_mode", "switch").state == "on"
    assert watts(plant) == -3000
    await _go_on(plant, "16:00")
    assert number(hass, f"{ECU}_battery_soc") == pytest.approx(90, abs=0.5)
    assert (watts(plant), state(hass, f"{ECU}_command", "select").state) == (0, "idle")
    await _go_on(plant, "18:00")
    assert watts(plant) == 2500
    await _go_on(plant, "22:55")
    assert number(hass, f"{ECU}_battery_soc") == pytest.approx(30, abs=0.5)
    assert watts(plant) == 0
    # What comes now needs nobody.
    await hass.config_entries.async_unload(entry.entry_id)
    plant.freezer.move_to("2026-06-17T21:01:00+00:00")
    assert watts(plant) == -3000
    plant.freezer.move_to("2026-06-18T04:59:00+00:00")
    assert plant.battery().soc_percent == pytest.approx(80, abs=0.5)
    plant.freezer.move_to("2026-06-18T09:00:00+00:00")
    assert watts(plant) == 0


@pytest.mark.parametrize("fine_from", [LATE_MORNING + timedelta(days=2)])
@pytest.mark.parametrize("begin", [LATE_MORNING])
@pytest.mark.parametrize("profile", [_full()])
async def test_a_day_of_a_battery_that_is_nearly_full(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    add: Add,
    begin: datetime,
    fine_from: datetime,
    profile: Profile,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add(_DAY)
    await _go_on(plant, "12:00")
    assert state(hass, f"{ECU}_local_mode", "switch").state == "on"
    assert state(hass, f"{ECU}_command", "select").state == "none"
    assert [one.type for one in plant.device.state.plan.entries] == [0, 1, 0]
    assert "Error" not in caplog.text


async def test_holding_while_the_car_charges(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, add: Add
) -> None:
    await add("Hold the battery while the car charges")
    for word, mode in (("on", "idle"), ("off", "none")):
        hass.states.async_set("binary_sensor.car_charging", word)
        await plant.seconds(12, step=4)
        assert state(hass, f"{ECU}_command", "select").state == mode


async def test_a_word_when_something_is_wrong(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, add: Add
) -> None:
    said = async_mock_service(hass, "persistent_notification", "create")
    await add("Homevolt alarm")
    await plant.device.faults.set(HomevoltFault.ALARM, True)
    await plant.seconds(12, step=4)
    (call,) = said
    assert call.data["message"] == "EMS_ALARM_BMS_COMMUNICATION_LOST"
