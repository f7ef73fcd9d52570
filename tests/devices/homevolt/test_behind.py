"""What stands behind a command is there again when the command is gone."""

from typing import Any

import pytest

from homeassistant.exceptions import ServiceValidationError

from .acting import Act, act, entry, proven, watts
from .conftest import Plant

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


async def test_what_somebody_else_has_taken_away_does_not_come_back(
    plant: Plant, proven: Act
) -> None:
    await proven("battery_add_schedule", **SHORT)
    await proven("battery_charge", power=700)
    plant.device.console.run("sched_set 0")
    await proven("battery_idle")
    await proven("battery_release")
    assert _modes(await proven("battery_get_schedule")) == ["idle"]
