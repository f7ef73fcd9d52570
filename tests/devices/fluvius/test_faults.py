"""What a disturbed line, bridge or meter does to the entities: as little as possible."""

import logging
import re

import pytest

from custom_components.energy_hub.const import DOMAIN, LOGGER
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from simulator.p1 import P1Fault, seal
from tests.helpers import entity_id, number, state, until

from .conftest import AddEntry, Line

# Faults during which valid telegrams of this meter keep coming.
HARMLESS = (
    P1Fault.DRIP,
    P1Fault.LOWER_CRC,
    P1Fault.DUPLICATE,
    P1Fault.NOISE,
    P1Fault.HIGH_BYTES,
    P1Fault.WRONG_TYPES,
    P1Fault.MISSING_OBJECTS,
    P1Fault.UNKNOWN_OBJECTS,
    P1Fault.HISTORY_MISMATCH,
    P1Fault.HISTORY_EMPTY,
    P1Fault.CLOCK_JUMP,
    P1Fault.CLOCK_UNSET,
    P1Fault.REGISTER_FALLS,
    P1Fault.REGISTER_JUMPS,
    P1Fault.GAS_REPLACED,
    P1Fault.GAS_UNREAD,
    P1Fault.SECOND_GAS,
)
# Faults during which nothing usable comes.
CUTTING = (
    P1Fault.DROP,
    P1Fault.REFUSE,
    P1Fault.HANG,
    P1Fault.GARBAGE,
    P1Fault.BACKLOG,
    P1Fault.BAD_CRC,
    P1Fault.CUT,
)
REGISTERS = ("import_day", "import_night", "export_day", "export_night")


def _counters(hass: HomeAssistant, line: Line) -> list[float]:
    shown = [state(hass, f"{line.serial}_{name}").state for name in REGISTERS]
    return [float(text) if text not in {STATE_UNAVAILABLE, STATE_UNKNOWN} else -1 for text in shown]


@pytest.mark.parametrize("fault", HARMLESS)
async def test_a_disturbance_leaves_the_rest_alone(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, fault: P1Fault
) -> None:
    await add_entry({"energy_interval": 1, "power_interval": 1})
    await line.seconds(2)
    before = _counters(hass, line)
    await line.meter.faults.set(fault, True)
    for _ in range(4):
        await line.seconds(3)
        assert state(hass, f"{line.serial}_export_power").state != STATE_UNAVAILABLE
        for old, new in zip(before, _counters(hass, line), strict=True):
            assert new == -1 or old <= new <= old + 1
    await line.meter.faults.set(fault, False)
    await line.seconds(10)
    truth = line.house.truth(dt_util.utcnow())
    for name, old in zip(REGISTERS, before, strict=True):
        shown = number(hass, f"{line.serial}_{name}")
        assert shown >= old
        assert shown == pytest.approx(getattr(truth, f"{name}_kwh"), abs=0.012)
    assert number(hass, f"{line.serial}_grid_power") == pytest.approx(truth.grid_w, abs=30)


@pytest.mark.parametrize("fault", CUTTING)
async def test_an_outage_is_seen_and_over_within_half_a_minute(
    hass: HomeAssistant,
    line: Line,
    add_entry: AddEntry,
    fault: P1Fault,
    expected_complaints: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_complaints.append("P1 meter data")
    await add_entry({"energy_interval": 1})
    await line.seconds(2)
    before = _counters(hass, line)
    await line.meter.faults.set(fault, True)
    await line.seconds(28)
    assert state(hass, f"{line.serial}_grid_power").state == STATE_UNAVAILABLE
    assert state(hass, f"{line.serial}_import_total").state == STATE_UNAVAILABLE
    await line.seconds(120)
    await line.meter.faults.set(fault, False)
    await line.seconds(28)
    assert state(hass, f"{line.serial}_grid_power").state != STATE_UNAVAILABLE
    assert all(new >= old for old, new in zip(before, _counters(hass, line), strict=True))
    ours = [r for r in caplog.get_records("call") if r.name == LOGGER.name]
    loud = [record for record in ours if record.levelno >= logging.INFO]
    assert [record.levelno for record in loud] == [logging.ERROR, logging.INFO]


async def test_a_short_break_is_no_outage(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry()
    await line.meter.faults.set(P1Fault.DROP, True)
    await line.meter.faults.set(P1Fault.DROP, False)
    for _ in range(8):
        await line.seconds()
        assert state(hass, f"{line.serial}_grid_power").state != STATE_UNAVAILABLE
    await line.meter.wait_for_clients(1)


async def test_a_telegram_without_equipment_id_is_still_of_this_meter(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry({"power_interval": 1})
    line.freezer.tick(1)
    whole = line.meter.telegram(dt_util.utcnow())
    nameless = re.sub(rb"0-0:96\.1\.1\(.*?\r\n", b"", whole[: whole.rindex(b"!")])
    good = entry.runtime_data.diagnostics()["line"]["good"]
    await line.meter._send(seal(nameless))
    await until(lambda: entry.runtime_data.diagnostics()["line"]["good"] == good + 1)
    assert state(hass, f"{line.serial}_grid_power").state != STATE_UNAVAILABLE
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"meter_swapped_{entry.entry_id}") is None


async def test_unknown_is_not_zero(hass: HomeAssistant, line: Line, add_entry: AddEntry) -> None:
    await add_entry({"power_interval": 1, "energy_interval": 1})
    await line.meter.faults.set(P1Fault.MISSING_OBJECTS, True)
    await line.seconds(2)
    for key in ("import_day", "import_total", "import_power", "grid_power"):
        assert state(hass, f"{line.serial}_{key}").state == STATE_UNKNOWN
    assert number(hass, f"{line.serial}_export_power") > 0


async def test_a_counter_that_cannot_be_right_is_held_back_and_reported(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry({"power_interval": 1})
    await line.meter.faults.set(P1Fault.REGISTER_FALLS, True)
    await line.seconds(2)
    problem = f"{line.serial}_counter_problem"
    assert state(hass, problem, "binary_sensor").state == "on"
    issues = ir.async_get(hass)
    assert issues.async_get_issue(DOMAIN, f"counter_held_{entry.entry_id}") is None
    await line.seconds(13, step=10)
    issue = issues.async_get_issue(DOMAIN, f"counter_held_{entry.entry_id}")
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert "export day" in issue.translation_placeholders["counters"]
    await line.meter.faults.set(P1Fault.REGISTER_FALLS, False)
    await line.seconds(2)
    assert state(hass, problem, "binary_sensor").state == "off"
    assert issues.async_get_issue(DOMAIN, f"counter_held_{entry.entry_id}") is None


async def test_gas_that_was_never_read_is_unknown(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await line.meter.faults.set(P1Fault.GAS_UNREAD, True)
    await add_entry()
    assert state(hass, "7FLO9900000002_gas").state == STATE_UNKNOWN


async def test_a_new_gas_meter_gets_its_own_page_and_the_old_one_stays(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry({"power_interval": 1})
    await line.seconds()
    old = number(hass, "7FLO9900000002_gas")
    assert old > 0
    await line.meter.faults.set(P1Fault.GAS_REPLACED, True)
    await line.seconds(2)
    assert number(hass, "7FLO9900000008_gas") == pytest.approx(0, abs=0.5)
    assert state(hass, "7FLO9900000002_gas").state == STATE_UNAVAILABLE


async def test_two_gas_meters_stand_side_by_side(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await line.meter.faults.set(P1Fault.SECOND_GAS, True)
    await add_entry()
    assert number(hass, "7FLO9900000007_gas") == pytest.approx(4321.987)
    assert number(hass, "7FLO9900000002_gas") != 4321.987


async def test_a_backlog_is_used_to_the_last_telegram(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await line.meter.faults.set(P1Fault.BACKLOG, True)
    await line.seconds(14)
    good = entry.runtime_data.diagnostics()["line"]["good"]
    await line.meter.faults.set(P1Fault.BACKLOG, False)
    await until(lambda: entry.runtime_data.diagnostics()["line"]["good"] == good + 14)
    await line.seconds(10)
    assert entity_id(hass, f"{line.serial}_export_total")
    truth = line.house.truth(dt_util.utcnow())
    assert number(hass, f"{line.serial}_export_total") == pytest.approx(truth.export_kwh, abs=0.06)
