"""What a disturbed web server or ECU does to the entities: as little as possible."""

from itertools import pairwise
import logging

import pytest

from custom_components.energy_hub import async_remove_config_entry_device
from custom_components.energy_hub.const import DOMAIN, LOGGER
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator.homevolt import HomevoltFault
from simulator.homevolt.profiles import Profile, pair, single
from tests.helpers import number, state

from .conftest import ECU, GRID, SECOND, SOLAR, AddEntry, Plant, with_password

COUNTERS = (
    f"{ECU}_battery_charged_total",
    f"{ECU}_battery_discharged_total",
    f"{GRID}_import_total",
    f"{GRID}_export_total",
    f"{SOLAR}_import_total",
)
POWERS = (f"{ECU}_battery_power", f"{ECU}_battery_soc", f"{GRID}_power", f"{SOLAR}_power")
# While these are on, nothing can be asked.
CUTTING = (
    HomevoltFault.REFUSE,
    HomevoltFault.HANG,
    HomevoltFault.FORBIDDEN,
    HomevoltFault.NOT_FOUND,
    HomevoltFault.TOO_MANY,
    HomevoltFault.SERVER_ERROR,
    HomevoltFault.STARTING,
    HomevoltFault.HTML,
    HomevoltFault.HALF,
    HomevoltFault.SWAPPED,
    HomevoltFault.STANDSTILL,
    HomevoltFault.OTHER_DOCUMENT,
)
# While these are on, something comes that cannot all be believed.
DISTURBING = (
    HomevoltFault.MISSING,
    HomevoltFault.NULLS,
    HomevoltFault.WORDS,
    HomevoltFault.NO_SUM,
    HomevoltFault.CLAMP_GONE,
    HomevoltFault.CLAMP_STALE,
    HomevoltFault.NO_REPORT,
    HomevoltFault.COUNTER_RESET,
    HomevoltFault.COUNTER_ZERO,
    HomevoltFault.COUNTER_JUMP,
    HomevoltFault.SKEW,
    HomevoltFault.OTHER_ZONE,
)


def _shown(hass: HomeAssistant, keys: tuple[str, ...]) -> list[float | None]:
    found = [state(hass, key).state for key in keys]
    return [None if text in {STATE_UNAVAILABLE, STATE_UNKNOWN} else float(text) for text in found]


def _assert_true(hass: HomeAssistant, before: list[float | None]) -> None:
    """No counter falls or jumps, no power is impossible; unknown is no lie."""
    for old, new in zip(before, _shown(hass, COUNTERS), strict=True):
        assert new is None or old is None or old <= new <= old + 2
    for value in _shown(hass, POWERS):
        assert value is None or abs(value) < 20_000


def _complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.name == LOGGER.name and record.levelno >= logging.WARNING
    ]


@pytest.mark.parametrize("fault", DISTURBING)
async def test_a_disturbance_tells_no_lies_and_leaves_no_trace(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    fault: HomevoltFault,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await add_entry()
    await plant.seconds(12)
    before = _shown(hass, COUNTERS)
    assert None not in before
    await plant.device.faults.set(fault, True)
    for _ in range(6):
        await plant.seconds(12)
        _assert_true(hass, before)
    await plant.device.faults.set(fault, False)
    await plant.seconds(25)
    assert None not in _shown(hass, COUNTERS)
    assert None not in _shown(hass, POWERS)
    _assert_true(hass, before)
    assert _complaints(caplog) == []


@pytest.mark.parametrize("fault", CUTTING)
async def test_an_outage_is_logged_once_and_ends_by_itself(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    fault: HomevoltFault,
    expected_complaints: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_complaints.append("Homevolt data")
    entry = await add_entry()
    await plant.seconds(12)
    before = _shown(hass, COUNTERS)
    await plant.device.faults.set(fault, True)
    await plant.seconds(150)
    assert state(hass, f"{ECU}_battery_power").state == STATE_UNAVAILABLE
    assert entry.runtime_data.readings == ()
    await plant.seconds(40)
    await plant.device.faults.set(fault, False)
    await plant.seconds(30)
    assert None not in _shown(hass, POWERS)
    _assert_true(hass, before)
    assert len(_complaints(caplog)) == 1


async def test_one_lost_answer_is_not_seen(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, caplog: pytest.LogCaptureFixture
) -> None:
    await add_entry()
    plant.device.left = 2
    await plant.device.faults.set(HomevoltFault.STARTING, True)
    for _ in range(20):
        await plant.seconds(2)
        assert None not in _shown(hass, POWERS)
    assert plant.device.left == 0
    assert _complaints(caplog) == []


@pytest.mark.parametrize(
    ("path", "lost", "kept"),
    [
        ("/schedule.json", f"{ECU}_mode", f"{ECU}_self_check"),
        ("/error_report.json", f"{ECU}_self_check", f"{ECU}_mode"),
    ],
)
async def test_a_document_that_fails_costs_its_own_entities_only(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, path: str, lost: str, kept: str
) -> None:
    await add_entry()
    plant.device.only = frozenset({path})
    await plant.device.faults.set(HomevoltFault.HALF, True)
    await plant.seconds(340, step=2)
    assert state(hass, lost).state == STATE_UNAVAILABLE
    assert state(hass, kept).state != STATE_UNAVAILABLE
    assert None not in _shown(hass, POWERS)
    await plant.device.faults.set(HomevoltFault.HALF, False)
    await plant.seconds(20)
    assert state(hass, lost).state != STATE_UNAVAILABLE


async def test_documents_that_hang_cost_a_poll_two_of_them_at_most(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    hanging = frozenset({"/schedule.json", "/status.json", "/error_report.json"})
    plant.device.only = hanging
    await plant.device.faults.set(HomevoltFault.HANG, True)
    await plant.seconds(310)
    plant.device.requests.clear()
    await plant.seconds(60)
    asked = [path for _, path in plant.asked]
    starts = [place for place, path in enumerate(asked) if path == "/ems.json"]
    assert len(starts) > 1
    polls = [asked[start:end] for start, end in pairwise(starts)]
    assert max(sum(path in hanging for path in poll) for poll in polls) == 2
    assert None not in _shown(hass, POWERS)


async def test_older_firmware_has_fewer_documents(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await plant.device.faults.set(HomevoltFault.NO_REPORT, True)
    entry = await add_entry()
    await plant.seconds(60)
    assert entry.state is ConfigEntryState.LOADED
    assert number(hass, f"{ECU}_battery_soc") > 0
    asked = [path for _, path in plant.asked]
    assert asked.count("/status.json") == asked.count("/error_report.json") == 1


@pytest.mark.parametrize("fault", [HomevoltFault.SECOND_SILENT, HomevoltFault.SECOND_STALE])
@pytest.mark.parametrize("profile", [pair()])
async def test_a_silent_second_ecu_makes_no_sum_wrong(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    profile: Profile,
    fault: HomevoltFault,
) -> None:
    entry = await add_entry()
    await plant.seconds(12)
    before = number(hass, f"{ECU}_battery_charged_total")
    await plant.device.faults.set(fault, True)
    await plant.seconds(12)
    for key in ("battery_power", "battery_soc", "battery_charged_total", "capacity"):
        assert state(hass, f"{ECU}_{key}").state == STATE_UNKNOWN
    assert state(hass, f"{SECOND}_unit_battery_soc").state == STATE_UNAVAILABLE
    assert number(hass, f"{ECU}_unit_battery_soc") > 0
    assert number(hass, f"{GRID}_import_total") > 0
    # It is remembered over a restart too.
    await plant.until_done(hass.async_create_task(hass.config_entries.async_reload(entry.entry_id)))
    await plant.seconds(12)
    assert state(hass, f"{ECU}_battery_power").state == STATE_UNKNOWN
    await plant.device.faults.set(fault, False)
    await plant.seconds(12)
    assert before <= number(hass, f"{ECU}_battery_charged_total") < before + 1


@pytest.mark.parametrize("profile", [pair()])
async def test_a_second_ecu_that_was_taken_away_can_be_deleted(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    entry = await add_entry()
    await plant.seconds(12)
    devices = dr.async_get(hass)
    page = devices.async_get_device_by_identifier((DOMAIN, f"{SECOND}_unit"), entry.entry_id)
    assert page is not None
    assert not await async_remove_config_entry_device(hass, entry, page)
    await plant.device.faults.set(HomevoltFault.SECOND_SILENT, True)
    await plant.seconds(12)
    assert await async_remove_config_entry_device(hass, entry, page)
    devices.async_remove_device(page.id)
    await plant.seconds(12)
    assert number(hass, f"{ECU}_battery_power") == pytest.approx(plant.battery().power_w, abs=200)


async def test_counters_that_cannot_be_right_are_reported(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await plant.seconds(12)
    await plant.device.faults.set(HomevoltFault.COUNTER_ZERO, True)
    await plant.seconds(150, step=2)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"counter_held_{entry.entry_id}")
    assert issue is not None
    assert "discharged" in (issue.translation_placeholders or {})["counters"]
    await plant.device.faults.set(HomevoltFault.COUNTER_ZERO, False)
    await plant.seconds(12)
    assert not ir.async_get(hass).async_get_issue(DOMAIN, f"counter_held_{entry.entry_id}")


async def test_a_boot_is_an_outage(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, caplog: pytest.LogCaptureFixture
) -> None:
    await add_entry()
    await plant.seconds(12)
    before = _shown(hass, COUNTERS)
    await plant.device.faults.set(HomevoltFault.REBOOT, True)
    await plant.seconds(40)
    assert None not in _shown(hass, POWERS)
    _assert_true(hass, before)
    assert _complaints(caplog) == []


@pytest.mark.parametrize("profile", [with_password(single())])
async def test_a_password_that_is_not_taken_any_more(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    profile: Profile,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Authentication failed")
    await add_entry(password="right")
    await plant.seconds(12)
    plant.device.lock.password = "changed"
    plant.device.requests.clear()
    await plant.seconds(120, step=2)
    # Whoever goes on guessing is locked out.
    assert len(plant.device.requests) == 1
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert state(hass, f"{ECU}_battery_power").state == STATE_UNAVAILABLE


async def test_another_ecu_at_the_address(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(device_id="99aabbccdd77")
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "wrong_device"
