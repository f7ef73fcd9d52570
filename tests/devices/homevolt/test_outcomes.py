"""What goes wrong between a command and its confirmation is never called a success."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from simulator.homevolt import HomevoltFault
from simulator.homevolt.profiles import Profile, pair, single
from tests.helpers import until

from .acting import Act, act, entry, fault, lines, posts, proven, watts
from .conftest import AddEntry, Plant

__all__ = ["act", "entry", "proven"]

CONSOLE, SCHEDULE, PARAMS = "/console.json", "/schedule.json", "/params.json"
NIGHT = {
    "mode": "inverter_charge",
    "power": 3000,
    "from": "2026-06-17 23:00:00",
    "to": "2026-06-18 07:00:00",
}


async def _refused(act: Act, action: str, **data: object) -> str | None:
    """Call an action that must fail with words for the user; return their key."""
    with pytest.raises(HomeAssistantError) as refused:
        await act(action, **data)
    assert refused.value.translation_domain == DOMAIN
    return refused.value.translation_key


@pytest.mark.parametrize(
    ("one", "path", "key"),
    [
        (HomevoltFault.REJECT, CONSOLE, "command_refused"),
        (HomevoltFault.INVALID_OPTION, CONSOLE, "command_refused"),
        (HomevoltFault.UNRECOGNIZED, CONSOLE, "command_refused"),
        (HomevoltFault.MUTE, CONSOLE, "outcome_unknown"),
        (HomevoltFault.REQUEST_LOST, CONSOLE, "outcome_unknown"),
        (HomevoltFault.SERVER_ERROR, CONSOLE, "outcome_unknown"),
        (HomevoltFault.STARTING, CONSOLE, "outcome_unknown"),
        (HomevoltFault.HANG, CONSOLE, "outcome_unknown"),
        (HomevoltFault.NOT_FOUND, CONSOLE, "command_refused"),
        (HomevoltFault.UNAUTHORIZED, CONSOLE, "invalid_auth"),
        (HomevoltFault.IDLED, CONSOLE, "not_confirmed"),
        (HomevoltFault.SETPOINT_OFF, CONSOLE, "not_confirmed"),
        (HomevoltFault.HANG, SCHEDULE, "timeout"),
        (HomevoltFault.HALF, SCHEDULE, "timeout"),
        (HomevoltFault.HTML, SCHEDULE, "timeout"),
        (HomevoltFault.SERVER_ERROR, SCHEDULE, "http_status"),
        (HomevoltFault.REFUSE, SCHEDULE, "cannot_connect"),
    ],
)
async def test_a_command_that_fails_says_so_and_leaves_nothing_running(
    hass: HomeAssistant,
    plant: Plant,
    proven: Act,
    entry: MockConfigEntry,
    one: HomevoltFault,
    path: str,
    key: str,
) -> None:
    await fault(plant, one, path)
    assert await _refused(proven, "battery_discharge", power=1500) == key
    plant.freezer.tick(timedelta(seconds=5))
    assert watts(plant) == 0
    # It was sent once, and never again.
    assert len([line for line in lines(plant) if " 2 " in line]) <= 1
    await plant.device.faults.clear()
    await plant.seconds(30)
    assert watts(plant) == 0
    assert not ir.async_get(hass).async_get_issue(DOMAIN, f"foreign_control_{entry.entry_id}")


@pytest.mark.parametrize("one", [HomevoltFault.REPLY_LOST, HomevoltFault.HTML])
async def test_a_lost_answer_to_what_was_done_is_a_success(
    plant: Plant, proven: Act, one: HomevoltFault
) -> None:
    await fault(plant, one, CONSOLE)
    told = await proven("battery_discharge", power=1500)
    assert told["power_w"] == 1500
    assert len(lines(plant)) == 2
    plant.freezer.tick(timedelta(seconds=5))
    assert watts(plant) == 1500


async def test_a_plan_that_was_written_in_part_is_put_back(plant: Plant, proven: Act) -> None:
    await proven("battery_add_schedule", **NIGHT)
    before = plant.device.state.plan.entries
    sent = len(lines(plant))

    async def break_it() -> None:
        """Lose the second line of what comes, and nothing else."""
        await until(lambda: len(lines(plant)) == sent + 1)
        await fault(plant, HomevoltFault.REQUEST_LOST, CONSOLE, 1)

    breaking = plant.hass.async_create_task(break_it())
    assert await _refused(proven, "battery_discharge", power=1500) == "outcome_unknown"
    await breaking
    after = plant.device.state.plan.entries
    assert [(entry.type, entry.to_s) for entry in after] == [
        (entry.type, entry.to_s) for entry in before
    ]
    plant.freezer.tick(timedelta(seconds=5))
    assert watts(plant) == 0


@pytest.mark.parametrize("one", [HomevoltFault.MISSING, HomevoltFault.NULLS, HomevoltFault.WORDS])
async def test_a_plan_that_does_not_say_its_power_confirms_nothing(
    plant: Plant, proven: Act, one: HomevoltFault
) -> None:
    await plant.device.faults.set(one, True)
    assert await _refused(proven, "battery_discharge", power=1500) == "not_confirmed"
    plant.freezer.tick(timedelta(seconds=5))
    assert watts(plant) == 0


async def test_a_boot_while_a_command_is_written(
    hass: HomeAssistant, plant: Plant, proven: Act, entry: MockConfigEntry
) -> None:
    async def boot() -> None:
        """Boot after the first line of what comes."""
        await until(lambda: plant.device.state.plan.entries[0].type == 2)
        await plant.device.faults.set(HomevoltFault.REBOOT, True)

    booting = hass.async_create_task(boot())
    assert await _refused(proven, "battery_discharge", power=1500) == "outcome_unknown"
    await booting
    await plant.seconds(60, step=4)
    # What it had been told is forgotten there, and nobody tells it again.
    assert not plant.device.state.parameters.local
    assert entry.runtime_data.battery.lease is None
    assert watts(plant) <= 0
    assert (await proven("battery_discharge", power=1500))["power_w"] == 1500


@pytest.mark.parametrize(
    ("one", "key"),
    [(HomevoltFault.UNAUTHORIZED, "invalid_auth"), (HomevoltFault.HALF, "outcome_unknown")],
)
async def test_a_plan_that_cannot_be_read_back(
    hass: HomeAssistant, plant: Plant, proven: Act, one: HomevoltFault, key: str
) -> None:
    async def break_it() -> None:
        await until(lambda: lines(plant))
        await fault(plant, one, SCHEDULE)

    breaking = hass.async_create_task(break_it())
    assert await _refused(proven, "battery_discharge", power=1500) == key
    await breaking
    await plant.device.faults.clear()
    await plant.seconds(12, step=4)
    assert watts(plant) == 0


async def test_a_plan_that_does_not_say_who_rules(
    plant: Plant, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(plant.device.state.parameters), "local", None)
    assert await _refused(act, "battery_discharge", power=1500) == "not_confirmed"
    assert posts(plant) == []


async def test_a_schedule_that_the_library_does_not_understand(
    hass: HomeAssistant, plant: Plant, act: Act
) -> None:
    async def break_it() -> None:
        await until(lambda: posts(plant))
        await plant.device.faults.set(HomevoltFault.OTHER_DOCUMENT, True)

    breaking = hass.async_create_task(break_it())
    assert await _refused(act, "battery_discharge", power=1500) == "outcome_unknown"
    await breaking
    await plant.device.faults.clear()
    await plant.seconds(12, step=4)
    assert not plant.device.state.parameters.local


async def test_a_battery_that_is_not_heard_of_may_only_rest(
    plant: Plant, proven: Act, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Homevolt data")
    await proven("battery_discharge", power=500)
    await fault(plant, HomevoltFault.SERVER_ERROR, "/ems.json")
    await plant.seconds(48, step=4)
    assert await _refused(proven, "battery_discharge", power=600) == "limit_unknown"
    assert (await proven("battery_idle"))["mode"] == "idle"
    await proven("battery_release")
    await plant.seconds(4, step=4)
    assert watts(plant) == 0


async def test_local_mode_that_cannot_be_switched_on(plant: Plant, act: Act) -> None:
    await plant.device.faults.set(HomevoltFault.LOCAL_REFUSED, True)
    assert await _refused(act, "battery_discharge", power=1500) == "not_confirmed"
    assert lines(plant) == []
    await plant.device.faults.clear()
    await plant.seconds(15)
    assert watts(plant) < 0


@pytest.mark.parametrize(
    ("one", "key"),
    [
        (HomevoltFault.REQUEST_LOST, "outcome_unknown"),
        (HomevoltFault.SERVER_ERROR, "cannot_connect"),
        (HomevoltFault.UNAUTHORIZED, "invalid_auth"),
    ],
)
async def test_local_mode_of_which_nobody_knows(
    plant: Plant, act: Act, one: HomevoltFault, key: str
) -> None:
    await fault(plant, one, PARAMS)
    assert await _refused(act, "battery_discharge", power=1500) == key
    assert lines(plant) == []
    await plant.device.faults.clear()
    await plant.seconds(15)
    assert not plant.device.state.parameters.local


async def test_a_renewal_that_fails_leaves_the_lease(plant: Plant, proven: Act) -> None:
    await proven("battery_discharge", power=500)
    await fault(plant, HomevoltFault.HANG, CONSOLE)
    await plant.seconds(20 * 60, step=60)
    assert watts(plant) == 500
    await plant.device.faults.clear()
    await plant.seconds(60, step=10)
    assert watts(plant) == 500
    await plant.seconds(30 * 60, step=60)
    assert watts(plant) == 500


async def test_a_release_that_fails_is_tried_again(
    hass: HomeAssistant, plant: Plant, act: Act
) -> None:
    await act("battery_discharge", power=500)
    await fault(plant, HomevoltFault.REQUEST_LOST, CONSOLE)
    assert await _refused(act, "battery_release") == "outcome_unknown"
    assert plant.device.state.parameters.local
    await plant.device.faults.clear()
    await plant.seconds(15)
    assert watts(plant) == 0
    assert not plant.device.state.parameters.local


@pytest.mark.parametrize("profile", [pair()])
async def test_a_second_ecu_that_falls_silent_in_a_command(
    hass: HomeAssistant, plant: Plant, act: Act, profile: Profile
) -> None:
    await act("battery_discharge", power=3000)
    await plant.device.faults.set(HomevoltFault.SECOND_SILENT, True)
    await plant.seconds(30)
    with pytest.raises(ServiceValidationError) as refused:
        await act("battery_discharge", power=3100)
    assert refused.value.translation_key == "limit_unknown"
    await plant.device.faults.clear()
    await plant.seconds(15)
    assert (await act("battery_discharge", power=3100))["power_w"] == 3100


@pytest.mark.parametrize(
    ("one", "known"), [(HomevoltFault.SKEW, True), (HomevoltFault.OTHER_ZONE, True)]
)
async def test_a_wrong_clock_is_seen_before_anything_is_sent(
    hass: HomeAssistant,
    plant: Plant,
    proven: Act,
    entry: MockConfigEntry,
    one: HomevoltFault,
    known: bool,
) -> None:
    name = f"clock_wrong_{entry.entry_id}"
    await plant.device.faults.set(one, True)
    await plant.seconds(12)
    assert ir.async_get(hass).async_get_issue(DOMAIN, name)
    plant.device.requests.clear()
    assert await _refused(proven, "battery_discharge", power=500) == "clock_wrong"
    assert await _refused(proven, "battery_add_schedule", **NIGHT) == "clock_wrong"
    assert plant.asked == []
    await plant.device.faults.clear()
    await plant.seconds(12)
    assert (await proven("battery_discharge", power=500))["power_w"] == 500
    assert not ir.async_get(hass).async_get_issue(DOMAIN, name)


async def test_a_wrong_clock_that_shows_only_when_it_is_read_back(
    hass: HomeAssistant,
    plant: Plant,
    proven: Act,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As of an ECU whose documents do not write the local time."""
    module = "custom_components.energy_hub.devices.homevolt.ecu._offset_s"
    monkeypatch.setattr(module, lambda _sensor: None)
    await plant.device.faults.set(HomevoltFault.OTHER_ZONE, True)
    await plant.seconds(12)
    assert await _refused(proven, "battery_discharge", power=500) == "clock_wrong"
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"clock_wrong_{entry.entry_id}")
    plant.freezer.tick(timedelta(seconds=5))
    assert watts(plant) == 0


@pytest.mark.parametrize("profile", [single()])
async def test_a_wrong_clock_in_the_proof_of_the_modes(
    hass: HomeAssistant,
    plant: Plant,
    act: Act,
    profile: Profile,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = "custom_components.energy_hub.devices.homevolt.ecu._offset_s"
    monkeypatch.setattr(module, lambda _sensor: None)
    await plant.device.faults.set(HomevoltFault.OTHER_ZONE, True)
    await plant.seconds(12)
    assert await _refused(act, "battery_discharge", power=500) == "clock_wrong"
    await plant.device.faults.clear()
    await plant.seconds(15)
    assert not plant.device.state.parameters.local
    assert all(path != "/update" for path, _ in posts(plant))
