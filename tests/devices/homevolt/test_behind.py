"""What stands behind a command is there again when the command is gone."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from simulator.homevolt import Entry, Plan, Type
from tests.helpers import state

from .acting import Act, act, entry, posts, proven, watts
from .conftest import ECU, Plant

__all__ = ["act", "entry", "proven"]

SHORT = {
    "mode": "inverter_discharge",
    "power": 400,
    "from": "2026-06-17 11:15:00",
    "to": "2026-06-17 11:25:00",
}
LONG = {**SHORT, "to": "2026-06-17 15:00:00"}


def _modes(told: dict[str, Any]) -> list[str]:
    return [one["mode"] for one in told["schedule"]]


async def _is_met(act: Act) -> bool:
    """Return whether a schedule meets what a command has hidden."""
    with pytest.raises(ServiceValidationError) as refused:
        await act(
            "battery_add_schedule",
            mode="idle",
            **{"from": "2026-06-17 11:20:00", "to": "2026-06-17 11:24:00"},
        )
    return refused.value.translation_key == "schedule_overlaps"


async def test_a_schedule_that_a_command_hides_is_not_lost(plant: Plant, proven: Act) -> None:
    await proven("battery_add_schedule", **SHORT)
    await proven("battery_charge", power=700)
    assert _modes(await proven("battery_get_schedule")) == ["inverter_charge", "idle"]
    assert await _is_met(proven)
    await plant.seconds(6 * 60, step=12)
    assert watts(plant) == -700
    await proven("battery_release")
    assert "inverter_discharge" in _modes(await proven("battery_get_schedule"))
    await plant.seconds(3 * 60, step=12)
    assert watts(plant) == 400


async def test_a_schedule_that_is_cut_short_is_called_by_what_is_left(
    plant: Plant, proven: Act
) -> None:
    await proven("battery_add_schedule", **LONG)
    await proven("battery_charge", power=700)
    told = await proven("battery_get_schedule")
    assert _modes(told) == ["inverter_charge", "inverter_discharge", "idle"]
    assert told["schedule"][1]["from"] > "2026-06-17T09:30"
    assert await _is_met(proven)
    told = await proven("battery_delete_schedule", id=told["schedule"][1]["id"])
    assert _modes(told) == ["inverter_charge", "idle"]
    await proven("battery_release")
    assert _modes(await proven("battery_get_schedule")) == ["idle"]


async def test_what_a_command_hides_is_remembered_over_a_reload(
    hass: HomeAssistant, plant: Plant, proven: Act, entry: MockConfigEntry
) -> None:
    await proven("battery_add_schedule", **SHORT)
    await proven("battery_charge", power=700)
    await plant.until_done(hass.async_create_task(hass.config_entries.async_reload(entry.entry_id)))
    await proven("battery_release")
    assert "inverter_discharge" in _modes(await proven("battery_get_schedule"))


async def test_a_second_writer_while_nobody_looked(
    hass: HomeAssistant, plant: Plant, proven: Act, entry: MockConfigEntry
) -> None:
    """As over a restart: the plan is remembered, and compared at the first look."""
    await proven("battery_add_schedule", **LONG)
    await hass.config_entries.async_unload(entry.entry_id)
    for changed in (False, True):
        if changed:
            plant.device.console.run("sched_set 2 -s 250")
        await plant.until_done(
            hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
        )
        plant.device.requests.clear()
        await plant.seconds(12, step=4)
        issue = ir.async_get(hass).async_get_issue(DOMAIN, f"plan_changed_{entry.entry_id}")
        assert (issue is not None) is changed
        assert posts(plant) == []
        await hass.config_entries.async_unload(entry.entry_id)


async def test_what_somebody_else_has_taken_away_does_not_come_back(
    plant: Plant, proven: Act
) -> None:
    await proven("battery_add_schedule", **SHORT)
    await proven("battery_charge", power=700)
    plant.device.console.run("sched_set 0")
    await proven("battery_idle")
    await proven("battery_release")
    assert _modes(await proven("battery_get_schedule")) == ["idle"]


async def test_a_type_that_nobody_has_described_is_shown_and_left_alone(
    hass: HomeAssistant, plant: Plant, proven: Act
) -> None:
    now_s = plant.device.state.own_s
    entries = (Entry(cast("Type", 12), now_s, now_s + 3600), Entry(Type.IDLE, now_s + 3600))
    plant.device.state.write(Plan("Manual Schedule", entries))
    assert _modes(await proven("battery_get_schedule")) == ["idle"]
    assert state(hass, f"{ECU}_plan", "calendar").attributes["message"] == "?"
    with pytest.raises(HomeAssistantError) as refused:
        await proven("battery_add_schedule", **{**LONG, "from": "2026-06-17 13:00:00"})
    assert refused.value.translation_key == "foreign_plan"
    assert plant.device.state.plan.entries == entries


@pytest.mark.parametrize("begin", [datetime(2026, 10, 24, 20, tzinfo=UTC)])
async def test_a_schedule_of_others_in_the_hour_that_comes_twice_is_not_moved(
    plant: Plant, proven: Act, begin: datetime
) -> None:
    now_s, second_s = plant.device.state.own_s, 1_792_891_800
    entries = (Entry(Type.IDLE, now_s, second_s), Entry(Type.FULL_SOLAR_EXPORT, second_s))
    plant.device.state.write(Plan("Manual Schedule", entries))
    plant.device.requests.clear()
    with pytest.raises(HomeAssistantError) as refused:
        await proven(
            "battery_add_schedule",
            **{**SHORT, "from": "2026-10-24 23:00:00", "to": "2026-10-24 23:30:00"},
        )
    assert refused.value.translation_key == "clock_wrong"
    assert posts(plant) == []
