"""The plan behind the commands: added to, taken from, cleared, and shown as a calendar."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from simulator.homevolt.profiles import Profile, old, old_pair, pair, single
from tests.helpers import entity_id, state

from .acting import Act, act, entry, lines, posts, proven, watts
from .conftest import BEGIN, ECU, AddEntry, Plant

__all__ = ["act", "entry", "proven"]

ALL = [single(), old(), pair(), old_pair()]
NAMES = ["single", "old", "pair", "old pair"]
NIGHT = {"mode": "inverter_charge", "power": 3000, "max_soc": 80}
NIGHT_AT = {"from": "2026-06-17 23:00:00", "to": "2026-06-18 07:00:00"}


def _brief(told: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Return mode, start and end of each schedule, in the time of the house."""
    found = []
    for one in told["schedule"]:
        start, end = (
            None if one[key] is None else dt_util.as_local(datetime.fromisoformat(one[key]))
            for key in ("from", "to")
        )
        assert start is not None
        text = None if end is None else f"{end:%d %H:%M}"
        found.append((one["mode"], f"{start:%d %H:%M}", text))
    return found


async def _events(hass: HomeAssistant, plant: Plant, hours: int = 48) -> list[dict[str, Any]]:
    calendar = entity_id(hass, f"{ECU}_plan", "calendar")
    response = await plant.until_done(
        hass.async_create_task(
            hass.services.async_call(
                "calendar",
                "get_events",
                {"entity_id": calendar, "duration": {"hours": hours}},
                blocking=True,
                return_response=True,
            )
        )
    )
    events: list[dict[str, Any]] = response[calendar]["events"]
    return events


@pytest.mark.parametrize("fine_from", [BEGIN + timedelta(days=2)])
@pytest.mark.parametrize("profile", ALL, ids=NAMES)
async def test_a_window_is_added_shown_and_followed(
    hass: HomeAssistant, plant: Plant, proven: Act, profile: Profile, fine_from: datetime
) -> None:
    told = await proven("battery_add_schedule", **NIGHT, **NIGHT_AT)
    assert told["local_mode"] is True
    assert _brief(told) == [
        ("idle", "17 11:07", "17 23:00"),
        ("inverter_charge", "17 23:00", "18 07:00"),
        ("idle", "18 07:00", None),
    ]
    window = told["schedule"][1]
    assert (window["power_w"], window["max_soc"], window["min_soc"]) == (3000, 80, None)
    assert lines(plant) == [
        "sched_set 0 --to=2026-06-17T23:00:00",
        "sched_add 1 -s 3000 --max=80 --from=2026-06-17T23:00:00 --to=2026-06-18T07:00:00",
        "sched_add 0 --from=2026-06-18T07:00:00",
    ]
    assert await proven("battery_get_schedule") == told
    events = await _events(hass, plant)
    assert [event["summary"] for event in events] == ["Hold", "Charge, 3000 W", "Hold"]
    assert events[1]["start"] == "2026-06-17T23:00:00+02:00"
    assert events[1]["end"] == "2026-06-18T07:00:00+02:00"
    assert events[1]["description"] == "3000 W, 0–80 %"
    plant.freezer.move_to("2026-06-17T21:02:00+00:00")
    assert watts(plant) == -3000
    plant.freezer.move_to("2026-06-18T05:02:00+00:00")
    units = [plant.battery(one.battery) for one in profile.device.ecus]
    assert sum(one.soc_percent for one in units) / len(units) == pytest.approx(80, abs=0.5)
    assert watts(plant) == 0


@pytest.mark.parametrize("profile", ALL, ids=NAMES)
async def test_a_window_is_deleted_and_all_are_cleared(
    hass: HomeAssistant, plant: Plant, proven: Act, profile: Profile
) -> None:
    await proven("battery_add_schedule", **NIGHT, **NIGHT_AT)
    told = await proven(
        "battery_add_schedule",
        mode="inverter_discharge",
        power=900,
        min_soc=30,
        **{"from": "2026-06-17 18:00:00", "to": "2026-06-17 22:00:00"},
    )
    assert [mode for mode, *_ in _brief(told)] == [
        "idle",
        "inverter_discharge",
        "idle",
        "inverter_charge",
        "idle",
    ]
    told = await proven("battery_delete_schedule", id=told["schedule"][3]["id"])
    assert _brief(told)[1:] == [
        ("inverter_discharge", "17 18:00", "17 22:00"),
        ("idle", "17 22:00", None),
    ]
    with pytest.raises(ServiceValidationError) as refused:
        await proven("battery_delete_schedule", id=12345)
    assert refused.value.translation_key == "no_such_schedule"
    told = await proven("battery_clear_schedules")
    assert [(mode, end) for mode, _, end in _brief(told)] == [("idle", None)]
    assert [event["summary"] for event in await _events(hass, plant)] == ["Hold"]


async def test_holding_can_be_planned_too(plant: Plant, proven: Act) -> None:
    told = await proven(
        "battery_add_schedule",
        mode="idle",
        **{"from": "2026-06-17 18:00:00", "to": "2026-06-17 22:00:00"},
    )
    assert ("idle", "17 18:00", "17 22:00") in _brief(told)


async def test_a_command_comes_before_the_plan_and_leaves_it(
    hass: HomeAssistant, plant: Plant, proven: Act
) -> None:
    plant.freezer.move_to("2026-06-17T20:50:00+00:00")
    await plant.seconds(12)
    await proven("battery_add_schedule", **NIGHT, **NIGHT_AT)
    await proven("battery_discharge", power=700)
    told = await proven("battery_get_schedule")
    assert _brief(told) == [
        ("inverter_discharge", "17 22:50", "17 23:20"),
        ("inverter_charge", "17 23:20", "18 07:00"),
        ("idle", "18 07:00", None),
    ]
    await plant.seconds(5)
    assert watts(plant) == 700
    plant.freezer.move_to("2026-06-17T21:10:00+00:00")
    await plant.seconds(12)
    # Renewed: still before the window, whose time it is by now.
    assert watts(plant) == 700
    await proven("battery_release")
    told = await proven("battery_get_schedule")
    assert [(mode, end) for mode, _, end in _brief(told)] == [
        ("inverter_charge", "18 07:00"),
        ("idle", None),
    ]
    plant.freezer.tick(timedelta(seconds=5))
    assert watts(plant) == -3000
    # And without anybody it is the window that follows a command.
    await proven("battery_idle", duration={"minutes": 5})
    plant.freezer.tick(timedelta(minutes=5, seconds=10))
    assert watts(plant) == -3000


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({**NIGHT, "power": 6001, **NIGHT_AT}, "power_out_of_range"),
        ({**NIGHT, "min_soc": 85, **NIGHT_AT}, "soc_limits_crossed"),
        ({**NIGHT, "max_soc": 101, **NIGHT_AT}, "soc_out_of_range"),
        ({**NIGHT, **NIGHT_AT, "to": "2026-06-17 22:00:00"}, "end_before_start"),
        ({**NIGHT, **NIGHT_AT, "from": "2026-06-17 10:00:00"}, "start_in_past"),
        ({**NIGHT, **NIGHT_AT, "from": "2026-01-01 10:00:00"}, "start_in_past"),
        ({**NIGHT, **NIGHT_AT, "to": "2026-06-19 23:00:01"}, "window_too_long"),
        ({**NIGHT, **NIGHT_AT, "to": "2026-06-17 23:00:30"}, "window_too_short"),
        (
            {**NIGHT, "from": "2026-06-18 04:00:00", "to": "2026-06-18 04:10:00"},
            "schedule_overlaps",
        ),
        (
            {**NIGHT, "from": "2026-06-17 22:00:00", "to": "2026-06-17 23:01:00"},
            "schedule_overlaps",
        ),
        ({"mode": "inverter_charge", **NIGHT_AT}, "power_missing"),
        ({"mode": "adaptive", **NIGHT_AT}, "mode_not_offered"),
        ({"mode": "full_solar_export", **NIGHT_AT}, "mode_turned_idle"),
    ],
)
async def test_refused_before_anything_is_sent(
    plant: Plant, proven: Act, data: dict[str, Any], key: str
) -> None:
    await proven("battery_add_schedule", **NIGHT, **NIGHT_AT)
    plant.device.requests.clear()
    with pytest.raises(ServiceValidationError) as refused:
        await proven("battery_add_schedule", **data)
    assert refused.value.translation_key == key
    assert plant.asked == []


async def test_a_window_may_touch_another(plant: Plant, proven: Act) -> None:
    await proven("battery_add_schedule", **NIGHT, **NIGHT_AT)
    told = await proven(
        "battery_add_schedule",
        mode="inverter_discharge",
        power=500,
        **{"from": "2026-06-18 07:00:00", "to": "2026-06-18 08:00:00"},
    )
    assert _brief(told)[1:] == [
        ("inverter_charge", "17 23:00", "18 07:00"),
        ("inverter_discharge", "18 07:00", "18 08:00"),
        ("idle", "18 08:00", None),
    ]


async def test_a_plan_needs_local_mode(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    for _ in range(2):
        with pytest.raises(ServiceValidationError) as refused:
            await act("battery_add_schedule", **NIGHT, **NIGHT_AT)
        assert refused.value.translation_key == "local_mode_off"
        assert not plant.device.state.plan.entries[0].from_s > plant.device.state.own_s
        # Also while it is on for a command only.
        await act("battery_idle")


async def test_a_second_writer_is_noticed_and_left_alone(
    hass: HomeAssistant, plant: Plant, proven: Act, entry: MockConfigEntry
) -> None:
    await proven("battery_add_schedule", **NIGHT, **NIGHT_AT)
    issues, name = ir.async_get(hass), f"plan_changed_{entry.entry_id}"
    await plant.seconds(60)
    assert not issues.async_get_issue(DOMAIN, name)
    plant.device.console.run(
        "sched_add 2 -s 100 --from 2026-06-18T09:00:00 --to 2026-06-18T10:00:00"
    )
    plant.device.requests.clear()
    await plant.seconds(12)
    assert issues.async_get_issue(DOMAIN, name)
    await plant.seconds(120)
    assert posts(plant) == []
    # The next change starts from what is there, and the message goes.
    told = await proven(
        "battery_add_schedule",
        mode="idle",
        **{"from": "2026-06-18 12:00:00", "to": "2026-06-18 13:00:00"},
    )
    assert ("inverter_discharge", "18 09:00", "18 10:00") in _brief(told)
    assert not issues.async_get_issue(DOMAIN, name)


async def test_a_second_writer_in_the_middle_of_a_command(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=500)
    plant.device.console.run("sched_set 1 -s 250")
    plant.device.requests.clear()
    await plant.seconds(12)
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"foreign_control_{entry.entry_id}")
    await plant.seconds(40 * 60, step=120)
    assert posts(plant) == []
    assert watts(plant) == -250
    assert state(hass, f"{ECU}_command", "select").state == "none"


async def test_somebody_who_switches_local_mode_off(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=500)
    plant.device.console.run("param_set settings_local false")
    plant.device.requests.clear()
    await plant.seconds(12)
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"foreign_control_{entry.entry_id}")
    await plant.seconds(60)
    assert posts(plant) == []


async def test_what_only_a_partner_can_write_is_not_lost(plant: Plant, proven: Act) -> None:
    plant.device.console.run(
        "sched_add 1 -s 500 --main_fuse=25000 --from 2026-06-18T01:00:00 --to 2026-06-18T02:00:00"
    )
    before = plant.device.state.plan
    with pytest.raises(Exception, match="partner") as refused:
        await proven(
            "battery_add_schedule",
            **{**NIGHT, "from": "2026-06-18 03:00:00", "to": "2026-06-18 04:00:00"},
        )
    assert getattr(refused.value, "translation_key", None) == "foreign_plan"
    assert plant.device.state.plan == before


async def test_a_plan_that_is_too_long(plant: Plant, proven: Act) -> None:
    for number in range(11):
        hour = 12 + number
        await proven(
            "battery_add_schedule",
            mode="inverter_discharge",
            power=100 + number,
            **{"from": f"2026-06-17 {hour}:00:00", "to": f"2026-06-17 {hour}:30:00"},
        )
    before = plant.device.state.plan
    plant.device.requests.clear()
    with pytest.raises(Exception, match="entries") as refused:
        await proven(
            "battery_add_schedule",
            **{**NIGHT, "from": "2026-06-18 03:00:00", "to": "2026-06-18 04:00:00"},
        )
    assert getattr(refused.value, "translation_key", None) == "plan_too_long"
    assert posts(plant) == []
    assert plant.device.state.plan == before


async def test_devices_without_a_plan(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            DOMAIN,
            "battery_get_schedule",
            {"device_id": "no such device"},
            blocking=True,
            return_response=True,
        )
