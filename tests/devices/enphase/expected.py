"""What the entities of a gateway must show by what the unmodified library says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
import re

from pyenphase import EnvoyData
import pytest

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import entity_id, number, state

from .folders import Added


def _power(data: EnvoyData, kind: str) -> float | None:
    meter = data.ctmeters.get(kind)
    return None if meter is None else meter.active_power


def expected(data: EnvoyData) -> dict[str, float | None]:
    """Return the powers (W) and counters (kWh) of a gateway: transformers before its report."""
    made, net = data.system_production, data.system_net_consumption
    meters = data.ctmeters
    assert made is not None
    production = _power(data, "production") if "production" in meters else made.watts_now
    battery = _battery(data)
    grid = _power(data, "net-consumption")
    if (load := meters.get("total-consumption")) is not None and production is not None:
        # Of the same moment as its transformers; the report is of another.
        grid = load.active_power - production - (battery or 0)
    elif "net-consumption" not in meters and net is not None:
        grid = net.watts_now
    wanted = {"production_power": production, "grid_power": grid, "battery_power": battery}
    if grid is not None and production is not None:
        # The gateway's own figure of a house with a battery counts charging as consumption.
        # Where something that it does not measure feeds the house, nobody knows.
        used = production + grid + (battery or 0)
        wanted["consumption_power"] = max(0, used) if used > -50 else None
    if (meter := meters.get("production")) is not None:
        wanted["energy_total"] = meter.energy_delivered / 1000
    else:
        wanted["energy_total"] = made.watt_hours_lifetime / 1000
    if load is not None:
        wanted["consumption_total"] = load.energy_delivered / 1000
    if (meter := meters.get("net-consumption")) is not None:
        wanted["grid_import_total"] = meter.energy_delivered / 1000
        wanted["grid_export_total"] = meter.energy_received / 1000
    if (meter := meters.get("storage")) is not None:
        wanted["battery_discharged_total"] = meter.energy_delivered / 1000
        wanted["battery_charged_total"] = meter.energy_received / 1000
    return wanted


def _battery(data: EnvoyData) -> float | None:
    if "storage" in data.ctmeters:
        return _power(data, "storage")
    powers = [one.real_power_mw / 1000 for one in (data.encharge_power or {}).values()]
    if data.acb_power is not None:
        powers.append(data.acb_power.power)
    return sum(powers) if powers else None


def assert_same(hass: HomeAssistant, one: Added) -> None:
    """Every figure is the library's."""
    serial, data = one.captured.serial, one.data
    for key, value in expected(data).items():
        if value is None:
            entity = entity_id(hass, f"{serial}_{key}")
            assert entity is None or hass.states.is_state(entity, STATE_UNKNOWN), key
        else:
            assert number(hass, f"{serial}_{key}") == pytest.approx(value, abs=0.001), key
    if data.encharge_aggregate is not None and data.encharge_inventory:
        soc = (data.battery_aggregate or data.encharge_aggregate).state_of_charge
        assert number(hass, f"{serial}_battery_soc") == soc
    for own, unit in (data.encharge_power or {}).items():
        assert number(hass, f"{own}_power") == unit.real_power_mw / 1000
        assert number(hass, f"{own}_battery_soc") == unit.soc
    _assert_same_inverters(hass, one)


def _assert_same_inverters(hass: HomeAssistant, one: Added) -> None:
    """Each inverter shows its last report; its power unless that was too long before."""
    assert len(one.data.inverters) == len(one.entry.runtime_data.data.inverters)
    now = datetime.fromtimestamp(_clock(one.captured.folder), UTC)
    for own, inverter in one.data.inverters.items():
        at = datetime.fromtimestamp(inverter.last_report_date, UTC)
        shown = state(hass, f"{own}_last_report").state
        assert dt_util.parse_datetime(shown) == at if at.year >= 2000 else shown == STATE_UNKNOWN
        duration = inverter.last_report_duration
        limit = timedelta(seconds=2 * duration + 300) if duration else timedelta(minutes=75)
        if now - at < limit:
            assert number(hass, f"{own}_power") == inverter.last_report_watts
        else:
            assert state(hass, f"{own}_power").state in {STATE_UNKNOWN, "0", "0.0"}


def _clock(folder: Path) -> int:
    found = re.search(r"<time>(\d+)</time>", (folder / "info").read_text())
    assert found is not None
    return int(found[1])
