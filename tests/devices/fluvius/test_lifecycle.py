"""Start, stop, removal, exchange: what an entry leaves behind, and what it keeps."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_hub import async_remove_config_entry_device
from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.reading import Flow
from custom_components.energy_hub.site import async_get_site
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator.p1 import P1Fault
from simulator.p1.faults import NEW_SERIAL
from tests.helpers import entity_id, number, state

from .conftest import AddEntry, Line


async def test_unload_closes_the_line_and_reload_opens_it(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await line.meter.wait_for_clients(1)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await line.meter.wait_for_clients(0)
    assert state(hass, f"{line.serial}_grid_power").state == STATE_UNAVAILABLE
    task = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await line.meter.wait_for_clients(1)
    await line.second()
    assert await task
    assert entry.state is ConfigEntryState.LOADED
    assert number(hass, f"{line.serial}_export_total") > 0


async def test_removal_leaves_nothing(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, hass_storage: dict[str, Any]
) -> None:
    entry = await add_entry()
    key = f"{DOMAIN}.{entry.entry_id}.counters"
    await hass.config_entries.async_unload(entry.entry_id)
    assert key in hass_storage
    await hass.config_entries.async_remove(entry.entry_id)
    await line.meter.wait_for_clients(0)
    assert key not in hass_storage
    assert er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id) == []
    assert dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id) == []
    assert async_get_site(hass).sources == {}
    assert [s for s in hass.states.async_all() if s.entity_id.startswith("sensor.p1")] == []


async def test_an_absent_meter_is_tried_again(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await line.meter.faults.set(P1Fault.REFUSE, True)
    entry = await add_entry()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.reason is not None
    assert "Could not connect" in entry.reason
    await line.meter.faults.set(P1Fault.REFUSE, False)
    await line.seconds_until(lambda: entry.state is ConfigEntryState.LOADED)
    assert number(hass, f"{line.serial}_export_total") > 0


async def test_a_silent_meter_is_tried_again(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await line.meter.faults.set(P1Fault.HANG, True)
    task = hass.async_create_task(add_entry())
    await line.seconds_until(task.done)
    entry = await task
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.reason is not None
    assert "nothing valid came" in entry.reason


async def test_a_counter_does_not_fall_over_a_restart(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    before = number(hass, f"{line.serial}_export_day")
    await hass.config_entries.async_unload(entry.entry_id)
    await line.meter.faults.set(P1Fault.REGISTER_FALLS, True)
    task = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await line.meter.wait_for_clients(1)
    await line.second()
    assert await task
    assert number(hass, f"{line.serial}_export_day") == before


async def test_the_house_can_read_the_grid(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("P1 meter data")
    entry = await add_entry({"power_interval": 1})
    heard: list[str] = []
    site = async_get_site(hass)
    stop = site.listen(heard.append)
    await line.seconds(2)
    assert heard
    reading = site.sources[entry.entry_id].readings[0]
    truth = line.house.truth(dt_util.utcnow())
    assert reading.flow is Flow.GRID
    assert reading.source == line.serial
    assert reading.power_w == pytest.approx(line.house.mean(_ago(1), _ago(0)).grid_w, abs=1)
    assert reading.to_house_kwh == pytest.approx(truth.import_kwh, abs=0.002)
    assert reading.from_house_kwh == pytest.approx(truth.export_kwh, abs=0.002)
    assert reading.at == dt_util.utcnow()
    assert timedelta(seconds=10) < reading.valid_for < timedelta(seconds=30)
    await line.meter.faults.set(P1Fault.HANG, True)
    await line.seconds(16)
    assert site.sources[entry.entry_id].readings == ()
    stop()


async def test_a_page_can_be_deleted_once_its_device_is_gone(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry({"power_interval": 1})
    gas = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, "7FLO9900000002"), entry.entry_id
    )
    assert gas is not None
    assert not await async_remove_config_entry_device(hass, entry, gas)
    await line.meter.faults.set(P1Fault.GAS_REPLACED, True)
    await line.seconds(2)
    assert await async_remove_config_entry_device(hass, entry, gas)


async def _fix(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, issue_id: str, *, line: Line
) -> dict[str, Any]:
    """Confirm the repair of an issue in the UI; returns the last answer."""
    client = await hass_client()
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    assert response.status == HTTPStatus.OK
    form = await response.json()
    assert form["step_id"] == "confirm"
    response = await client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={})
    answer: dict[str, Any] = await response.json()
    return answer | {"placeholders": form["description_placeholders"]}


async def test_an_exchanged_meter_keeps_its_history(
    hass: HomeAssistant,
    line: Line,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Another meter answers")
    assert await async_setup_component(hass, REPAIRS, {})
    entry = await add_entry({"power_interval": 1})
    old = entity_id(hass, f"{line.serial}_export_total")
    await line.meter.faults.set(P1Fault.METER_REPLACED, True)
    await line.seconds(2)
    assert state(hass, f"{line.serial}_export_total").state == STATE_UNAVAILABLE
    issue_id = f"meter_swapped_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)

    answer = await _fix(hass, hass_client, issue_id, line=line)
    assert answer["type"] == "create_entry"
    assert answer["placeholders"]["meter_id"] == NEW_SERIAL
    await line.seconds_until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.unique_id == f"fluvius_{NEW_SERIAL}"
    assert entry.data["device_id"] == NEW_SERIAL
    assert entity_id(hass, f"{NEW_SERIAL}_export_total") == old
    assert entity_id(hass, f"{line.serial}_export_total") is None
    assert number(hass, f"{NEW_SERIAL}_export_total") < 1
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_a_meter_exchanged_while_home_assistant_was_away(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, REPAIRS, {})
    await line.meter.faults.set(P1Fault.METER_REPLACED, True)
    entry = await add_entry()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    issue_id = f"meter_swapped_{entry.entry_id}"
    await _fix(hass, hass_client, issue_id, line=line)
    await line.seconds_until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.data["device_id"] == NEW_SERIAL


async def test_a_meter_that_comes_back_needs_no_repair(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Another meter answers")
    entry = await add_entry()
    await line.meter.faults.set(P1Fault.METER_REPLACED, True)
    await line.seconds(2)
    await line.meter.faults.set(P1Fault.METER_REPLACED, False)
    await line.seconds(2)
    assert state(hass, f"{line.serial}_grid_power").state != STATE_UNAVAILABLE
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"meter_swapped_{entry.entry_id}") is None


async def test_a_repair_of_an_entry_that_is_gone(
    hass: HomeAssistant,
    line: Line,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Another meter answers")
    assert await async_setup_component(hass, REPAIRS, {})
    entry = await add_entry()
    await line.meter.faults.set(P1Fault.METER_REPLACED, True)
    await line.seconds(2)
    client = await hass_client()
    issue_id = f"meter_swapped_{entry.entry_id}"
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    flow_id = (await response.json())["flow_id"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None
    response = await client.post(f"/api/repairs/issues/fix/{flow_id}", json={})
    assert (await response.json())["reason"] == "entry_gone"


async def test_the_user_can_believe_a_counter_that_fell(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, hass_client: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, REPAIRS, {})
    entry = await add_entry({"power_interval": 1, "energy_interval": 1})
    before = number(hass, f"{line.serial}_export_day")
    await line.meter.faults.set(P1Fault.REGISTER_FALLS, True)
    await line.seconds(13, step=10)
    assert number(hass, f"{line.serial}_export_day") == before
    answer = await _fix(hass, hass_client, f"counter_held_{entry.entry_id}", line=line)
    assert "export day" in answer["placeholders"]["counters"]
    await line.seconds(2)
    assert number(hass, f"{line.serial}_export_day") == pytest.approx(before - 5, abs=0.3)


@pytest.mark.usefixtures("recorder_mock")
class TestStatistics:
    """With a real recorder."""

    async def test_no_statistic_falls_or_jumps(
        self, hass: HomeAssistant, line: Line, add_entry: AddEntry
    ) -> None:
        await add_entry({"energy_interval": 1, "power_interval": 1})
        start = dt_util.utcnow()
        total = entity_id(hass, f"{line.serial}_export_total")
        assert total is not None
        for fault in (P1Fault.REGISTER_FALLS, P1Fault.REGISTER_JUMPS, P1Fault.MISSING_OBJECTS):
            await line.meter.faults.set(fault, True)
            await line.seconds(12, step=10)
            await line.meter.faults.set(fault, False)
            await line.seconds(12, step=10)
        await async_wait_recording_done(hass)
        for minutes in range(0, 20, 5):
            do_adhoc_statistics(hass, start=_five(start) + timedelta(minutes=minutes))
        await async_wait_recording_done(hass)
        rows = await get_instance(hass).async_add_executor_job(
            statistics_during_period,
            hass,
            _five(start),
            None,
            {total},
            "5minute",
            None,
            {"change"},
        )
        changes = [row["change"] or 0 for row in rows[total]]
        assert all(change >= 0 for change in changes)
        gone = line.house.truth(dt_util.utcnow()).export_kwh - line.house.truth(start).export_kwh
        assert sum(changes) == pytest.approx(gone, abs=0.05)


def _ago(seconds: int) -> datetime:
    return dt_util.utcnow() - timedelta(seconds=seconds)


def _five(at: Any) -> Any:
    return at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0)


async def test_the_line_is_closed_when_the_last_telegram_hangs(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await line.meter.faults.set(P1Fault.DROP, True)
    await line.seconds(3)
    await hass.config_entries.async_unload(entry.entry_id)
    await line.meter.wait_for_clients(0)
