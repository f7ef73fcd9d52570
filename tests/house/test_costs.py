"""What a house costs, in its sensors and its statistics, on real Home Assistant."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.ledger.money import cents
from custom_components.energy_hub.ledger.quarter import Peaks
from custom_components.energy_hub.statistics import Series, async_write_changes
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.helpers import entity_id, number, state, turns
from tests.ledger.tools import BRUSSELS, HOUR, local, tables

PARTS = (
    {"flow": "grid", "to_house": "sensor.import", "from_house": "sensor.export"},
    {"flow": "solar", "to_house": "sensor.solar"},
    {"flow": "battery", "to_house": "sensor.out", "from_house": "sensor.into"},
)
COUNTERS = {
    "Import": "import",
    "Export": "export",
    "Solar": "solar",
    "Battery in": "into",
    "Battery out": "out",
}
SLOT = timedelta(minutes=5)
SETTLED = timedelta(seconds=20)
SHOWN = timedelta(seconds=10)
ONE_PRICE = {
    "since": None,
    "import": {"kind": "flat", "price": 0.31},
    "export": {"kind": "flat", "price": 0.045},
    "fees": {"day": 0, "month": 0, "year": 60},
    "capacity": None,
}

type Begin = Callable[..., Awaitable[MockConfigEntry]]


class Meters:
    """The sensors of a house, and the clock that they are read by."""

    def __init__(self, hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
        self._hass = hass
        self._freezer = freezer
        self.kwh = dict.fromkeys(COUNTERS, 1000.0)

    def show(self, **kwh: float) -> None:
        """Let the counters stand where they stand."""
        for name, sensor in COUNTERS.items():
            self._hass.states.async_set(
                f"sensor.{sensor}",
                str(round(self.kwh[name], 6)),
                {"unit_of_measurement": "kWh"},
                force_update=True,
            )

    def hide(self) -> None:
        """Let nobody answer."""
        for sensor in COUNTERS.values():
            self._hass.states.async_set(f"sensor.{sensor}", "unavailable")

    def price(self, value: object) -> None:
        """Let the price entity show something."""
        self._hass.states.async_set("sensor.spot", str(value))

    async def at(self, moment: datetime, **added: float) -> None:
        """Let it be a moment, with so much more energy than before."""
        for name, kwh in added.items():
            self.kwh[name.replace("_", " ")] += kwh
        self._freezer.move_to(moment)
        self.show()
        await self.pulse(moment)

    async def pulse(self, moment: datetime) -> None:
        """Let it be a moment, and the timers fire."""
        self._freezer.move_to(moment)
        async_fire_time_changed(self._hass, dt_util.utcnow())
        await turns(20)
        await self._hass.async_block_till_done(wait_background_tasks=True)

    async def settled(self, moment: datetime) -> None:
        """Let the ledger be written after a moment, and shown."""
        await self.pulse(moment + SETTLED)
        await self.pulse(moment + SETTLED + SHOWN)


@pytest.fixture
def meters(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Meters:
    """Return the sensors that the house is made of."""
    return Meters(hass, freezer)


@pytest.fixture
async def begin(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    meters: Meters,
) -> Begin:
    """Return a function that sets up a house with contracts at a moment."""
    await hass.config.async_update(
        latitude=50.85, longitude=4.35, time_zone="Europe/Brussels", currency="EUR"
    )

    async def add(
        moment: datetime, *tariffs: dict[str, Any], remembered: dict[str, Any] | None = None
    ) -> MockConfigEntry:
        freezer.move_to(moment)
        meters.show()
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={"type": "house", "device_id": "home"},
            options={"grid": [], "solar": [], "battery": []},
            unique_id="house_home",
            subentries_data=[
                ConfigSubentryData(
                    data=part, subentry_type=kind, title=f"{kind} {n}", unique_id=None
                )
                for kind, parts in (("sensors", PARTS), ("tariff", tariffs))
                for n, part in enumerate(parts)
            ],
        )
        if remembered:
            key = f"{DOMAIN}.{entry.entry_id}.house"
            hass_storage[key] = {"version": 1, "key": key, "data": remembered}
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return add


async def totals(
    hass: HomeAssistant, entry: MockConfigEntry, start: datetime, end: datetime, period: str
) -> list[dict[str, Any]]:
    """Return what the house tells of a span."""
    answer = await hass.services.async_call(
        DOMAIN,
        "get_totals",
        {
            "config_entry_id": entry.entry_id,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "period": period,
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


def _added(row: dict[str, str], share: float = 1.0) -> dict[str, float]:
    return {name.replace(" ", "_"): float(row[name]) * share for name in COUNTERS}


async def _flows(meters: Meters, rows: list[dict[str, str]], steps: int = 1) -> datetime:
    """Let the energy of the manual flow, each row in so many steps; return when it ended."""
    at = local(rows[0]["From"])
    for row in rows:
        start, end = local(row["From"]), local(row["To"])
        if "Price per MWh" in row:
            meters.price(row["Price per MWh"])
        for step in range(1, steps + 1):
            at = start + (end - start) * step / steps
            await meters.at(at - timedelta(seconds=1), **_added(row, 1 / steps))
    await meters.at(
        at,
    )
    await meters.settled(at)
    return at


def _bill(results: list[dict[str, str]]) -> dict[str, float]:
    return {row["Amount"]: float(row["Result"]) for row in results}


def _told(row: dict[str, Any]) -> dict[str, float]:
    """Return a row of `get_totals` as the manual shows a bill."""
    return {
        "Import cost": cents(row["cost"] - row["fixed_cost"]),
        "Export revenue": cents(row["revenue"]),
        "Fixed cost": cents(row["fixed_cost"]),
        "Net cost": cents(row["cost"] - row["revenue"]),
        "Saving": cents(row["saving"]),
    }


def _as_told(bill: dict[str, float]) -> dict[str, float]:
    """Return a bill of the manual in the words of `get_totals`."""
    return {"Fixed cost" if name == "Fees" else name: cost for name, cost in bill.items()}


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


SPOT = {"kind": "series", "source": "sensor.spot"}
DYNAMIC = {
    "since": None,
    "import": {**SPOT, "factor": 0.00105, "surcharge": 0.08, "tax_percent": 6},
    "export": {**SPOT, "factor": 0.00095, "surcharge": -0.01},
    "fees": {"month": 2},
    "capacity": None,
}


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


@pytest.mark.parametrize("nonsense", ["unavailable", "unknown", "nan", "cheap"])
async def test_a_price_that_is_not_known_is_no_cost(
    hass: HomeAssistant, meters: Meters, begin: Begin, nonsense: str
) -> None:
    start = local("2026-06-16 10:00")
    meters.price(nonsense)
    await begin(start, DYNAMIC)
    await meters.at(start + 3 * SLOT, Import=1, Export=1)
    await meters.settled(start + 3 * SLOT)
    for key in (
        "import_price",
        "export_price",
        "import_cost_total",
        "export_revenue_total",
        "cost_today",
        "saving_today",
    ):
        assert state(hass, f"house_home_{key}").state == "unknown", key
    # It comes, and what follows has a price; the day so far still is not known.
    meters.price(100)
    await meters.at(start + 6 * SLOT, Import=1)
    await meters.settled(start + 6 * SLOT)
    assert number(hass, "house_home_import_price") == pytest.approx(0.1961)
    assert state(hass, "house_home_cost_today").state == "unknown"


async def test_without_a_contract_there_is_no_money(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start = local("2026-06-16 10:00")
    entry = await begin(start)
    await meters.at(start + 3 * SLOT, Import=1)
    await meters.settled(start + 3 * SLOT)
    assert entity_id(hass, "house_home_cost_today") is None
    (hour,) = await totals(hass, entry, start, start + HOUR, "hour")
    assert (hour["cost"], hour["revenue"], hour["saving"]) == (None, None, None)
    await meters.at(start + 4 * SLOT, Import=0.5)
    assert number(hass, "house_home_quarter_power") == pytest.approx(2)
    assert number(hass, "house_home_month_peak") == pytest.approx(4)
    with pytest.raises(ServiceValidationError) as refused:
        await _recalculate(hass, entry, start, start + HOUR)
    assert refused.value.translation_key == "no_tariff"


async def test_the_energy_dashboard_gets_the_costs(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    assert await async_setup_component(hass, "energy", {})
    start = local("2026-06-16 10:00")
    entry = await begin(start, ONE_PRICE)
    await meters.at(start + 3 * SLOT, Import=1, Export=1)
    await meters.settled(start + 3 * SLOT)
    told = await hass.services.async_call(
        DOMAIN,
        "configure_energy_dashboard",
        {"config_entry_id": entry.entry_id},
        blocking=True,
        return_response=True,
    )
    assert told is not None
    grid = told["added"][0]
    assert grid["stat_cost"] == "energy_hub:home_import_cost"
    assert grid["stat_compensation"] == "energy_hub:home_export_revenue"


async def test_a_corrected_tariff_is_priced_again(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start = local("2026-05-31 22:00")
    entry = await begin(start, ONE_PRICE | {"import": {"kind": "flat", "price": 0.1}, "fees": {}})
    await meters.at(start + 2 * HOUR, Import=2, Solar=1)
    await meters.at(start + 6 * HOUR, Import=4)
    await meters.settled(start + 6 * HOUR)
    total = number(hass, "house_home_import_cost_total")
    assert total == pytest.approx(0.6)
    # What the ledger has forgotten comes from the statistics.
    long_ago = start - 30 * 24 * HOUR
    energy = {"import": 1.0, "export": 0.0, "house": 1.5}
    for key, kwh in energy.items():
        series = Series(f"home_{key}", key, "kWh", "energy")
        await async_write_changes(hass, series, {long_ago: kwh})
    ((subentry_id, subentry),) = (
        (one, found) for one, found in entry.subentries.items() if found.subentry_type == "tariff"
    )
    right = {**subentry.data, "import": {"kind": "flat", "price": 0.3}}
    hass.config_entries.async_update_subentry(entry, subentry, data=right)
    await hass.async_block_till_done()
    told = await _recalculate(hass, entry, long_ago, start + 6 * HOUR)
    months = {month["month"]: month for month in told}
    assert months["2026-05"]["before"]["import_cost"] == pytest.approx(0.2, abs=1e-5)
    assert months["2026-05"]["after"]["import_cost"] == pytest.approx(0.9, abs=1e-5)
    assert months["2026-05"]["after"]["saving"] == pytest.approx(1.5 * 0.3 - 0.3 + 0.3, abs=1e-5)
    assert months["2026-06"]["before"]["import_cost"] == pytest.approx(0.4, abs=1e-5)
    assert months["2026-06"]["after"]["import_cost"] == pytest.approx(1.2, abs=1e-5)
    assert months["2026-06"]["unpriced_hours"] == 0
    again = await _recalculate(hass, entry, long_ago, start + 6 * HOUR)
    assert [month["before"] for month in again] == [month["after"] for month in again]
    assert number(hass, "house_home_import_cost_total") == pytest.approx(total)
    assert subentry_id in entry.subentries


async def test_old_prices_come_from_the_statistics_of_their_entity(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start = local("2026-06-16 10:00")
    meters.price(100)
    entry = await begin(start, DYNAMIC)
    long_ago = start - 30 * 24 * HOUR
    for key, kwh in {"import": 1.0, "export": 0.0, "house": 1.0}.items():
        series = Series(f"home_{key}", key, "kWh", "energy")
        await async_write_changes(hass, series, {long_ago: kwh, long_ago + HOUR: kwh})
    prices = StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name=None,
        source="recorder",
        statistic_id="sensor.spot",
        unit_class=None,
        unit_of_measurement="EUR/MWh",
    )
    rows = [StatisticData(start=long_ago, mean=50.0, min=50.0, max=50.0)]
    async_import_statistics(hass, prices, rows)
    await async_wait_recording_done(hass)
    (month,) = await _recalculate(hass, entry, long_ago, long_ago + 2 * HOUR)
    assert month["after"]["import_cost"] == pytest.approx((50 * 0.00105 + 0.08) * 1.06, abs=1e-5)
    assert month["unpriced_hours"] == 1


async def _recalculate(
    hass: HomeAssistant, entry: MockConfigEntry, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    answer = await hass.services.async_call(
        DOMAIN,
        "recalculate_costs",
        {
            "config_entry_id": entry.entry_id,
            "start": start.isoformat(),
            "end": end.isoformat(),
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    months: list[dict[str, Any]] = answer["months"]
    return months
