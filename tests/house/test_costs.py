"""What a house costs, in its sensors and its statistics, on real Home Assistant."""

from datetime import timedelta

import pytest

from custom_components.energy_hub.ledger.money import cents
from custom_components.energy_hub.ledger.quarter import Peaks
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from tests.helpers import number, state
from tests.ledger.tools import BRUSSELS, HOUR, local, tables

from .money import (
    COUNTERS,
    DYNAMIC,
    ONE_PRICE,
    SETTLED,
    SHOWN,
    SLOT,
    Begin,
    Meters,
    _as_told,
    _bill,
    _flows,
    _told,
    begin,
    meters,
    totals,
)

__all__ = ["begin", "meters"]


async def test_one_price(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    energy, results = tables("One price")
    entry = await begin(local(energy[0]["From"]), ONE_PRICE)
    end = await _flows(meters, energy, 8)
    bill = _bill(results)
    assert cents(number(hass, "house_home_import_cost_total")) == bill["Import cost"]
    assert cents(number(hass, "house_home_export_revenue_total")) == bill["Export revenue"]
    assert cents(number(hass, "house_home_fixed_cost_total")) == bill["Fees"]
    assert state(hass, "house_home_import_cost_total").attributes["unit_of_measurement"] == "EUR"
    assert number(hass, "house_home_import_price") == 0.31
    assert state(hass, "house_home_cost_today").attributes["last_reset"] == end.isoformat()
    (day,) = await totals(hass, entry, local(energy[0]["From"]), end, "day")
    assert _told(day) == _as_told(bill)


async def test_day_and_night_over_a_day_of_23_hours(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    energy, results = tables("Day and night")
    start = local(energy[0]["From"])
    entry = await begin(
        start,
        ONE_PRICE
        | {
            "import": {"kind": "day_night", "day": 0.32, "night": 0.26},
            "export": {"kind": "flat", "price": 0.04},
            "fees": {"month": 4.5},
        },
    )
    end = await _flows(meters, energy)
    bill = _bill(results)
    assert cents(number(hass, "house_home_import_cost_total")) == bill["Import cost"]
    assert cents(number(hass, "house_home_export_revenue_total")) == bill["Export revenue"]
    assert cents(number(hass, "house_home_fixed_cost_total")) == bill["Fees"]
    days = await totals(hass, entry, start, end, "day")
    assert [day["start"][:10] for day in days] == ["2026-03-27", "2026-03-28", "2026-03-29"]
    assert [day["fixed_cost"] for day in days] == pytest.approx([4.5 / 31] * 3, abs=1e-6)
    (month,) = await totals(hass, entry, start, end, "month")
    assert _told(month) == _as_told(bill)


async def test_quarter_hour_prices_below_zero(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    energy, _, results = tables("Quarter-hour prices, some below zero")
    start = local(energy[0]["From"])
    meters.price(energy[0]["Price per MWh"])
    entry = await begin(start, DYNAMIC)
    assert number(hass, "house_home_import_price") == pytest.approx(0.10706)
    assert number(hass, "house_home_export_price") == pytest.approx(0.009)
    unit = state(hass, "house_home_import_price").attributes["unit_of_measurement"]
    assert unit == "EUR/kWh"
    end = await _flows(meters, energy)
    bill = _bill(results)
    assert cents(number(hass, "house_home_import_cost_total")) == bill["Import cost"]
    assert cents(number(hass, "house_home_export_revenue_total")) == bill["Export revenue"]
    assert cents(number(hass, "house_home_cost_today")) == bill["Net cost"]
    assert cents(number(hass, "house_home_saving_today")) == bill["Saving"]
    (day,) = await totals(hass, entry, start, end, "day")
    assert _told(day) == _as_told(bill)


FLEMISH = {
    "since": None,
    "import": {"kind": "flat", "price": 0.29},
    "export": {"kind": "flat", "price": 0.03},
    "fees": {"year": 15},
    "capacity": {"rate": 53.39},
}


async def test_capacity_tariff_with_a_floor(
    hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    (row,), peaks, results, _ = tables("Capacity tariff with a floor")
    start, end = local(row["From"]), local(row["To"])
    earlier = Peaks(BRUSSELS)
    for peak in peaks[:-1]:
        at = local(f"{peak['Month']}-15 12:00")
        earlier.learn(float(peak["Peak (kW)"]) * 1000, at, at)
    await begin(start, FLEMISH, remembered={"peaks": earlier.as_state()})
    # A quarter of 5.940 kW from the grid, in which the house uses 6.480 kW; else evenly.
    high = local("2026-11-01 18:00")
    quarter = {"Import": 5.94 / 4, "Solar": 0.54 / 4}
    await meters.at(high)
    await meters.at(high + 3 * SLOT, **quarter)
    await meters.settled(high + 3 * SLOT)
    rest = {name: float(row[name]) - quarter.get(name, 0) for name in COUNTERS}
    days = 6
    for step in range(1, days + 1):
        at = high + 3 * SLOT + (end - high - 3 * SLOT) * step / days
        added = {name.replace(" ", "_"): kwh / days for name, kwh in rest.items()}
        await meters.at(at - timedelta(seconds=1), **added)
    await meters.at(end)
    await meters.settled(end)
    bill = _bill(results)
    assert cents(number(hass, "house_home_import_cost_total")) == bill["Import cost"]
    assert cents(number(hass, "house_home_export_revenue_total")) == bill["Export revenue"]
    assert cents(number(hass, "house_home_fixed_cost_total")) == cents(1.23288 + 19.88963)


async def test_a_day_of_the_capacity_tariff_in_the_statistics(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start, end = local("2026-11-30 00:00"), local("2026-12-01 00:00")
    earlier = Peaks(BRUSSELS)
    for peak in tables("Capacity tariff with a floor")[1]:
        at = local(f"{peak['Month']}-15 12:00")
        earlier.learn(float(peak["Peak (kW)"]) * 1000, at, at)
    entry = await begin(start, FLEMISH, remembered={"peaks": earlier.as_state()})
    await meters.at(start + 9 * HOUR, Import=3.0, Solar=1.0)
    await meters.settled(start + 9 * HOUR)
    await meters.at(end, Import=3.0)
    await meters.settled(end)
    (day,) = await totals(hass, entry, start, end, "day")
    assert day["fixed_cost"] == pytest.approx(19.88963 / 30 + 15 / 365, abs=1e-5)
    assert day["cost"] == pytest.approx(day["fixed_cost"] + 6 * 0.29, abs=1e-5)


async def test_an_outage_across_a_change_of_price(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start = local("2026-06-16 20:00")
    day_night = {"kind": "day_night", "day": 0.4, "night": 0.2}
    entry = await begin(start, ONE_PRICE | {"import": day_night, "fees": {}})
    await meters.at(start + HOUR)
    await meters.settled(start + HOUR)
    # From 21 to 23 h nobody answers; night begins at 22 h.
    for step in range(1, 9):
        meters.hide()
        await meters.pulse(start + HOUR + step * 3 * SLOT + SETTLED)
    cost = state(hass, "house_home_import_cost_total")
    assert float(cost.state) == 0
    await meters.at(start + 3 * HOUR + SETTLED, Import=4)
    await meters.settled(start + 3 * HOUR + SLOT)
    hours = await totals(hass, entry, start, start + 3 * HOUR, "hour")
    assert [hour["cost"] for hour in hours] == pytest.approx([0, 0.8, 0.4], abs=0.01)
    assert number(hass, "house_home_import_cost_total") == pytest.approx(1.2, abs=0.01)
    assert number(hass, "house_home_cost_today") == pytest.approx(1.2, abs=0.01)


async def test_a_restart_in_between(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start = local("2026-06-16 10:00")
    meters.price(100)
    entry = await begin(start, DYNAMIC)
    await meters.at(start + 3 * SLOT - SHOWN, Import=1)
    meters.price(200)
    await meters.at(start + 3 * SLOT)
    await meters.settled(start + 3 * SLOT)
    before = number(hass, "house_home_import_cost_total")
    assert before == pytest.approx(1 * (100 * 0.00105 + 0.08) * 1.06)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert number(hass, "house_home_import_cost_total") == before
    await meters.at(start + 6 * SLOT, Import=1)
    await meters.settled(start + 6 * SLOT)
    after = number(hass, "house_home_import_cost_total")
    assert after - before == pytest.approx(1 * (200 * 0.00105 + 0.08) * 1.06)
    (hour,) = await totals(hass, entry, start, start + HOUR, "hour")
    assert hour["cost"] - hour["fixed_cost"] == pytest.approx(after, abs=1e-5)
