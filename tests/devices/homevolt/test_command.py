"""Commands of the battery, as the world and the wire see them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from simulator.homevolt import HomevoltFault
from simulator.homevolt.profiles import Profile, old, old_pair, pair, single
from tests.helpers import number, state

from .acting import Act, act, entry, lines, posts, proven, watts
from .conftest import ECU, AddEntry, Plant

__all__ = ["act", "entry", "proven"]

ALL = [single(), old(), pair(), old_pair()]
NAMES = ["single", "old", "pair", "old pair"]

COMMANDS: list[tuple[str, dict[str, Any], str, str, int]] = [
    ("battery_charge", {"power": 1200}, "inverter_charge", "Charge, 1200 W", -1200),
    ("battery_idle", {}, "idle", "Hold", 0),
    (
        "battery_set_mode",
        {"mode": "inverter_charge", "power": 900, "max_soc": 95},
        "inverter_charge",
        "Charge, 900 W",
        -900,
    ),
    ("battery_discharge", {"power": 1200}, "inverter_discharge", "Discharge, 1200 W", 1200),
]
"""Action, its fields, and what comes of it: mode, title in the calendar, power."""


def _time(plant: Plant, minutes: float) -> str:
    local = dt_util.now() + timedelta(minutes=minutes)
    return local.replace(microsecond=0, tzinfo=None).isoformat()


@pytest.mark.parametrize("profile", ALL, ids=NAMES)
async def test_every_command_is_done_confirmed_and_shown(
    hass: HomeAssistant, plant: Plant, act: Act, profile: Profile
) -> None:
    for action, data, mode, title, power_w in COMMANDS:
        end = dt_util.utcnow() + timedelta(minutes=10)
        told = await act(action, duration={"minutes": 10}, **data)
        assert (told["mode"], told["power_w"]) == (mode, data.get("power"))
        assert abs(datetime.fromisoformat(told["until"]) - end) < timedelta(seconds=1)
        await plant.seconds(12, step=6)
        assert watts(plant) == power_w
        shown = state(hass, f"{ECU}_mode")
        assert (shown.state, shown.attributes["set_by"]) == (mode, "local")
        assert state(hass, f"{ECU}_local_mode", "switch").state == "on"
        event = state(hass, f"{ECU}_plan", "calendar")
        assert (event.state, event.attributes["message"]) == ("on", title)
    plant.freezer.move_to(end - timedelta(seconds=2))
    assert watts(plant) == power_w
    await plant.seconds(20, step=10)
    # The partner has its battery back.
    assert state(hass, f"{ECU}_local_mode", "switch").state == "off"
    assert watts(plant) == 0
    plant.freezer.tick(timedelta(hours=1))
    assert watts(plant) < 0


@pytest.mark.parametrize("profile", ALL, ids=NAMES)
async def test_a_release_and_the_parameters(
    hass: HomeAssistant, plant: Plant, act: Act, profile: Profile
) -> None:
    await act("battery_discharge", power=1200)
    assert await act("battery_release") == {
        "mode": "idle",
        "power_w": None,
        "until": None,
        "soc_limit": None,
    }
    await plant.seconds(12, step=6)
    assert watts(plant) == 0
    assert not plant.device.state.parameters.local
    assert state(hass, f"{ECU}_plan", "calendar").attributes["message"] == "Hold"
    key = "ledstrip_bright_max"
    assert await act("battery_get_parameter", key=key) == {"key": key, "value": 70}
    assert await act("battery_set_parameter", key=key, value=40) == {"key": key, "value": 40}
    assert await act("battery_get_parameter", key=key) == {"key": key, "value": 40}


async def test_what_is_sent(plant: Plant, act: Act) -> None:
    await act("battery_charge", power=1200, target_soc=90, duration={"minutes": 10})
    end = _time(plant, 10)
    sent = posts(plant)
    assert sent[0] == ("/params.json", {"k": "settings_local", "v": "true", "store": "0"})
    # Once for each firmware: which of the ten types does it take?
    probes = [form["cmd"] for _, form in sent[1:11]]
    assert [one.split()[:2] for one in probes] == [["sched_add", str(n)] for n in range(10)]
    assert all(
        "--from=2026-06-18T11:" in one
        or "--from=2026-06-18T12:" in one
        or "--from=2026-06-18T13:" in one
        for one in probes
    )
    assert [form["cmd"] for _, form in sent[11:]] == [
        f"sched_set 1 -s 1200 --max=90 --to={end}",
        f"sched_add 0 --from={end}",
    ]
    plant.device.requests.clear()
    await act("battery_charge", power=1300, duration={"minutes": 10})
    assert [path for path, _ in posts(plant)] == ["/console.json"] * 2
    assert [path for _, path in plant.asked] == [
        "/schedule.json",
        "/console.json",
        "/console.json",
        "/schedule.json",
    ]


async def test_a_release(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    await act("battery_discharge", power=800)
    plant.device.requests.clear()
    told = await act("battery_release")
    assert told["mode"] == "idle"
    assert lines(plant) == ["sched_set 0"]
    assert posts(plant)[-1][1] == {"k": "settings_local", "v": "false", "store": "0"}
    await plant.seconds(2)
    assert watts(plant) == 0
    plant.device.requests.clear()
    await act("battery_release")
    assert posts(plant) == []


async def test_local_mode_that_was_on_stays_on(
    hass: HomeAssistant, plant: Plant, proven: Act
) -> None:
    await proven("battery_discharge", power=800)
    await proven("battery_release")
    assert [path for path, _ in posts(plant)] == ["/console.json"] * 3
    await plant.seconds(12)
    assert state(hass, f"{ECU}_local_mode", "switch").state == "on"


async def test_a_target_ends_the_command(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    soc = round(number(hass, f"{ECU}_battery_soc"))
    told = await act("battery_discharge", power=6000, target_soc=soc - 2)
    assert told["soc_limit"] == soc - 2
    await plant.until_slowly(lambda: state(hass, f"{ECU}_local_mode", "switch").state == "off")
    assert plant.battery().soc_percent == pytest.approx(soc - 2, abs=0.2)
    assert watts(plant) == 0


async def test_an_open_command_is_renewed_for_as_long_as_it_is_wanted(
    plant: Plant, act: Act
) -> None:
    told = await act("battery_discharge", power=500)
    assert told["until"] is None
    plant.device.requests.clear()
    for _ in range(40):
        await plant.seconds(60, step=60)
        assert watts(plant) == 500
    # Twice in forty minutes, two lines each.
    assert len(lines(plant)) == 4


async def test_without_us_the_battery_goes_to_rest(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=500)
    # As after a crash: nobody is there any more to release anything.
    await hass.config_entries.async_unload(entry.entry_id)
    assert watts(plant) == 500
    plant.freezer.tick(timedelta(minutes=29))
    assert watts(plant) == 500
    plant.freezer.tick(timedelta(minutes=1, seconds=5))
    assert watts(plant) == 0
    plant.freezer.tick(timedelta(hours=2))
    assert watts(plant) == 0


async def test_after_a_crash_local_mode_is_given_back(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=500)
    await hass.config_entries.async_unload(entry.entry_id)
    # What a crash leaves behind is only what was written down.
    hass.data.pop("energy_hub_leases")
    await plant.until_done(hass.async_create_task(hass.config_entries.async_setup(entry.entry_id)))
    await plant.seconds(3)
    assert state(hass, f"{ECU}_local_mode", "switch").state == "off"
    assert watts(plant) == 0
    plant.freezer.tick(timedelta(hours=1))
    assert watts(plant) < 0


async def test_a_reload_adopts_the_lease(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=500)
    plant.device.requests.clear()
    await plant.until_done(hass.async_create_task(hass.config_entries.async_reload(entry.entry_id)))
    await plant.seconds(12)
    assert watts(plant) == 500
    assert posts(plant) == []
    # It is renewed as before.
    await plant.seconds(35 * 60, step=60)
    assert watts(plant) == 500
    await act("battery_release")
    await plant.seconds(2)
    assert watts(plant) == 0


async def test_control_that_is_switched_off_releases(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=500)
    hass.config_entries.async_update_entry(entry, options={"control": False})
    await plant.until_done(hass.async_create_task(hass.config_entries.async_reload(entry.entry_id)))
    await plant.seconds(12)
    assert watts(plant) == 0
    assert state(hass, f"{ECU}_local_mode", "switch").state == "off"


async def test_a_disabled_entry_releases(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=500)
    await plant.until_done(
        hass.async_create_task(
            hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
        )
    )
    plant.freezer.tick(timedelta(seconds=2))
    assert watts(plant) == 0
    assert not plant.device.state.parameters.local


async def test_a_removed_entry_releases_and_is_forgotten(
    hass: HomeAssistant,
    plant: Plant,
    act: Act,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    await act("battery_discharge", power=500)
    name = f"{DOMAIN}.{entry.entry_id}.control"
    assert hass_storage[name]["data"]["took_local"] is True
    await plant.until_done(hass.async_create_task(hass.config_entries.async_remove(entry.entry_id)))
    plant.freezer.tick(timedelta(seconds=2))
    assert watts(plant) == 0
    assert not plant.device.state.parameters.local
    assert name not in hass_storage


async def test_an_orderly_stop_releases_at_once(
    hass: HomeAssistant, plant: Plant, act: Act
) -> None:
    await act("battery_discharge", power=500)
    await plant.until_done(hass.async_create_task(hass.async_stop(force=True)))
    plant.freezer.tick(timedelta(seconds=2))
    assert watts(plant) == 0
    assert not plant.device.state.parameters.local


async def test_a_boot_in_the_middle_of_a_command(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=500)
    await plant.seconds(12)
    await plant.device.faults.set(HomevoltFault.REBOOT, True)
    await plant.seconds(5)
    assert watts(plant) == 0
    await plant.seconds(40)
    # It was told again: nobody else has taken over.
    assert watts(plant) == 500
    assert not ir.async_get(hass).async_get_issue(DOMAIN, f"foreign_control_{entry.entry_id}")
    await act("battery_release")
    assert not plant.device.state.parameters.local


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("battery_charge", {"power": 6001}, "power_out_of_range"),
        ("battery_discharge", {"power": 6001}, "power_out_of_range"),
        ("battery_charge", {"power": 0}, "power_out_of_range"),
        ("battery_charge", {"power": -1}, "power_out_of_range"),
        ("battery_charge", {"power": 500, "target_soc": 101}, "soc_out_of_range"),
        ("battery_set_mode", {"mode": "idle", "min_soc": -1}, "soc_out_of_range"),
        ("battery_set_mode", {"mode": "idle", "max_soc": 101}, "soc_out_of_range"),
        ("battery_set_mode", {"mode": "idle", "export_limit": -1}, "grid_power_out_of_range"),
        ("battery_charge", {"power": 500, "duration": {"hours": 49}}, "end_too_late"),
        ("battery_charge", {"power": 500, "until": "2026-01-01 00:00:00"}, "end_in_past"),
        ("battery_charge", {"power": 500, "target_soc": 20}, "soc_reached"),
        ("battery_discharge", {"power": 500, "target_soc": 99}, "soc_reached"),
        ("battery_set_mode", {"mode": "inverter_charge"}, "power_missing"),
        ("battery_set_mode", {"mode": "grid_charge"}, "power_missing"),
        ("battery_set_mode", {"mode": "idle", "power": 5}, "power_not_used"),
        ("battery_set_mode", {"mode": "self_consumption"}, "mode_not_offered"),
        ("battery_set_mode", {"mode": "grid_charge", "power": 17_251}, "grid_power_out_of_range"),
        ("battery_set_mode", {"mode": "grid_charge", "power": -1}, "grid_power_out_of_range"),
        (
            "battery_set_mode",
            {"mode": "grid_charge_discharge", "power": -17_251},
            "grid_power_out_of_range",
        ),
        (
            "battery_set_mode",
            {"mode": "inverter_charge", "power": 500, "min_soc": 90, "max_soc": 80},
            "soc_limits_crossed",
        ),
        (
            "battery_set_mode",
            {"mode": "inverter_charge", "power": 500, "max_soc": 30},
            "soc_reached",
        ),
        (
            "battery_set_mode",
            {"mode": "idle", "import_limit": 99_000},
            "grid_power_out_of_range",
        ),
    ],
)
async def test_refused_before_anything_is_sent(
    plant: Plant, act: Act, action: str, data: dict[str, Any], key: str
) -> None:
    plant.device.requests.clear()
    with pytest.raises(ServiceValidationError) as refused:
        await act(action, **data)
    assert refused.value.translation_key == key
    assert plant.asked == []


async def test_nonsense_is_no_call(plant: Plant, act: Act) -> None:
    plant.device.requests.clear()
    with pytest.raises(Exception, match=r"(?i)mode"):
        await act("battery_set_mode", mode="no_such_mode")
    assert plant.asked == []


async def test_the_owners_own_ceiling(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, options={"control": True, "power_limit": 2000})
    plant.device.requests.clear()
    with pytest.raises(ServiceValidationError) as refused:
        await act("battery_charge", power=2001)
    assert refused.value.translation_key == "power_out_of_range"
    assert plant.asked == []
    await act("battery_set_mode", mode="grid_charge", power=9000)
    assert "-s 9000 -c 2000 -d 2000" in lines(plant)[-2]
    await plant.seconds(5)
    assert watts(plant) == -2000


async def test_refused_while_control_is_off(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, options={})
    plant.device.requests.clear()
    for action, data in (
        ("battery_idle", {}),
        ("battery_release", {}),
        ("battery_clear_schedules", {}),
        ("battery_delete_schedule", {"id": 1}),
        ("battery_set_parameter", {"key": "ledstrip_mode", "value": "on"}),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await act(action, **data)
        assert refused.value.translation_key == "control_off"
    assert plant.asked == []


async def test_a_battery_with_an_alarm_is_left_alone(plant: Plant, act: Act) -> None:
    await plant.device.faults.set(HomevoltFault.ALARM, True)
    await plant.seconds(12)
    plant.device.requests.clear()
    with pytest.raises(ServiceValidationError) as refused:
        await act("battery_idle")
    assert refused.value.translation_key == "battery_alarm"
    assert plant.asked == []


@pytest.mark.parametrize("profile", [pair()])
async def test_limits_that_are_not_known(
    plant: Plant, add_entry: AddEntry, act: Act, profile: Profile
) -> None:
    await plant.device.faults.set(HomevoltFault.SECOND_SILENT, True)
    await plant.seconds(12)
    plant.device.requests.clear()
    with pytest.raises(ServiceValidationError) as refused:
        await act("battery_charge", power=500)
    assert refused.value.translation_key == "limit_unknown"
    assert plant.asked == []
