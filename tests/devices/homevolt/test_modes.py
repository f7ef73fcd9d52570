"""All ten modes: those that the firmware proves to take are offered, the others say why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator.homevolt.profiles import Profile, pair, single

from .acting import Act, act, break_off, entry, lines, posts, proven, watts
from .conftest import AddEntry, Plant

__all__ = ["act", "entry", "proven"]

PROFILE = single()


def _alone(profile: Profile, **changes: Any) -> Profile:
    """Return a house with no other battery that also looks at the meter."""
    house, device = profile
    inverters = tuple(replace(one, batteries=()) for one in house.inverters)
    batteries = tuple(one for one in house.batteries if one.id.startswith("homevolt"))
    return Profile(
        replace(house, batteries=batteries, inverters=inverters), replace(device, **changes)
    )


EVERYTHING = _alone(single(), idled=frozenset())
TWO = _alone(pair(), idled=frozenset())


@pytest.mark.parametrize("begin", [datetime(2026, 6, 17, 7, tzinfo=UTC)])
@pytest.mark.parametrize("profile", [EVERYTHING, TWO], ids=["single", "pair"])
@pytest.mark.parametrize(
    ("data", "line", "grid_w", "battery_w"),
    [
        ({"mode": "idle"}, "sched_set 0", None, 0),
        ({"mode": "inverter_charge", "power": 900}, "sched_set 1 -s 900", None, -900),
        ({"mode": "inverter_discharge", "power": 900}, "sched_set 2 -s 900", None, 900),
        ({"mode": "grid_charge", "power": 700}, "sched_set 3 -s 700", 700, None),
        ({"mode": "grid_discharge", "power": 300}, "sched_set 4 -s 300", None, 0),
        ({"mode": "grid_charge_discharge", "power": 0}, "sched_set 5 -s 0", 0, None),
        ({"mode": "grid_charge_discharge", "power": -800}, "sched_set 5 -s -800", -800, None),
        (
            {"mode": "frequency_reserve", "import_limit": 4000, "export_limit": 3000},
            "sched_set 6 -l 4000 -x 3000",
            None,
            0,
        ),
        ({"mode": "solar_charge", "power": 1000}, "sched_set 7 -c 1000", None, -1000),
        ({"mode": "solar_charge"}, "sched_set 7", 0, None),
        ({"mode": "solar_charge_discharge"}, "sched_set 8", 0, None),
        ({"mode": "full_solar_export"}, "sched_set 9", None, 0),
    ],
)
async def test_the_world_does_it(
    plant: Plant,
    proven: Act,
    profile: Profile,
    begin: datetime,
    data: dict[str, Any],
    line: str,
    grid_w: int | None,
    battery_w: int | None,
) -> None:
    told = await proven("battery_set_mode", duration={"minutes": 20}, **data)
    assert (told["mode"], told["power_w"]) == (data["mode"], data.get("power"))
    assert lines(plant)[0].startswith(line)
    plant.freezer.tick(timedelta(seconds=90))
    if battery_w is not None:
        assert watts(plant) == battery_w
    if grid_w is not None:
        assert plant.truth.grid_w == pytest.approx(grid_w, abs=250)


async def test_a_window_of_the_charge(plant: Plant, proven: Act) -> None:
    told = await proven(
        "battery_set_mode", mode="inverter_charge", power=800, min_soc=10, max_soc=95
    )
    assert told["soc_limit"] == 95
    assert lines(plant)[0].startswith("sched_set 1 -s 800 --min=10 --max=95 --to=")


async def test_a_mode_that_is_not_taken_is_refused_and_changes_nothing(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    before = watts(plant)
    for mode in ("solar_charge_discharge", "full_solar_export"):
        with pytest.raises(ServiceValidationError) as refused:
            await act("battery_set_mode", mode=mode)
        assert refused.value.translation_key == "mode_turned_idle"
        assert refused.value.translation_placeholders == {"mode": mode}
        plant.device.requests.clear()
    assert not plant.device.state.parameters.local
    # Known by now: the second one was refused without a request.
    with pytest.raises(ServiceValidationError):
        await act("battery_set_mode", mode="full_solar_export")
    assert plant.asked == []
    plant.freezer.tick(timedelta(hours=1, minutes=1))
    assert watts(plant) < 0
    assert before < 0


@pytest.mark.parametrize(
    "profile", [Profile(PROFILE.house, replace(PROFILE.device, idled=frozenset({3, 4, 5})))]
)
async def test_what_is_proven_is_known_after_a_restart_and_asked_again_of_other_firmware(
    hass: HomeAssistant, plant: Plant, proven: Act, entry: MockConfigEntry, profile: Profile
) -> None:
    for _ in range(2):
        with pytest.raises(ServiceValidationError) as refused:
            await proven("battery_set_mode", mode="grid_charge", power=500)
        assert refused.value.translation_key == "mode_turned_idle"
        await plant.until_done(
            hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
        )
        await plant.seconds(2)
    plant.device.requests.clear()
    await proven("battery_set_mode", mode="full_solar_export")
    assert len(posts(plant)) == 2
    entry.runtime_data.battery._documents.status.value = replace(
        entry.runtime_data.battery._documents.status.value, firmware="newer"
    )
    plant.device.requests.clear()
    await proven("battery_idle")
    assert len(lines(plant)) == 12


async def test_a_mode_that_is_refused_keeps_the_plan(plant: Plant, act: Act) -> None:
    """Local mode is on, a plan stands there, and the modes are not known yet."""
    plant.device.console.run("param_set settings_local true")
    plant.device.console.run("sched_set 2 -s 300 --to=2026-06-17T20:00:00")
    plant.device.console.run("sched_add 0 --from=2026-06-17T20:00:00")
    before = plant.device.state.plan.entries
    with pytest.raises(ServiceValidationError):
        await act("battery_set_mode", mode="full_solar_export")
    after = plant.device.state.plan.entries
    assert [(one.type, one.to_s) for one in after] == [(one.type, one.to_s) for one in before]
    assert plant.device.state.parameters.local
    plant.freezer.tick(timedelta(seconds=5))
    assert watts(plant) == 300


async def test_no_limit_at_the_meter_without_a_fuse(
    plant: Plant, add_entry: AddEntry, act: Act
) -> None:
    plant.device.console.run("param_set ecu_main_fuse_size_a 0")
    await plant.seconds(3660, step=610)
    plant.device.requests.clear()
    with pytest.raises(ServiceValidationError) as refused:
        await act("battery_set_mode", mode="grid_charge", power=500)
    assert refused.value.translation_key == "grid_limit_unknown"
    assert plant.asked == []
    assert (await act("battery_set_mode", mode="grid_charge", power=0))["power_w"] == 0


@pytest.mark.parametrize(
    "profile", [Profile(PROFILE.house, replace(PROFILE.device, powered=frozenset({6})))]
)
async def test_a_mode_that_the_console_refuses(plant: Plant, act: Act, profile: Profile) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act("battery_set_mode", mode="frequency_reserve")
    assert refused.value.translation_key == "mode_refused"
    assert not plant.device.state.parameters.local


@pytest.mark.parametrize("begin", [datetime(2026, 10, 24, 0, 30, tzinfo=UTC)])
async def test_modes_are_proven_around_the_hour_that_comes_twice(
    plant: Plant, act: Act, begin: datetime
) -> None:
    assert (await act("battery_idle"))["mode"] == "idle"
    probes = [one for one in lines(plant) if one.startswith("sched_add") and "--to=" in one]
    assert len(probes) == 10
    assert all("--from=2026-10-25T0" in one and "T02:" not in one for one in probes)


@pytest.mark.parametrize("action", ["battery_discharge", "battery_add_schedule"])
async def test_a_proof_that_breaks_off_leaves_nothing_in_the_plan(
    plant: Plant, act: Act, action: str
) -> None:
    await act("battery_set_parameter", key="settings_local", value=True)
    plant.device.console.run("sched_set 2 -s 300 --to=2026-06-17T20:00:00")
    plant.device.console.run("sched_add 0 --from=2026-06-17T20:00:00")
    await plant.seconds(12, step=4)
    before = [(one.type, one.to_s) for one in plant.device.state.plan.entries]
    broken = plant.hass.async_create_task(break_off(plant, 4))
    times = {"from": "2026-06-17 21:00:00", "to": "2026-06-17 22:00:00"}
    with pytest.raises(HomeAssistantError) as refused:
        await act(
            action,
            power=500,
            **({"mode": "inverter_charge", **times} if "add" in action else {}),
        )
    await broken
    assert refused.value.translation_key == "outcome_unknown"
    assert len(plant.device.state.plan.entries) > len(before)
    await plant.device.faults.clear()
    await plant.seconds(12, step=4)
    assert [(one.type, one.to_s) for one in plant.device.state.plan.entries] == before
    assert watts(plant) == 300
