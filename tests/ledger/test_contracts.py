"""The four contracts of docs/house-costs.md, calculated by hand there, give the same cents."""

from dataclasses import replace
from datetime import date

import pytest

from custom_components.energy_hub.ledger.bill import Bill, Biller
from custom_components.energy_hub.ledger.capacity import Capacity, FloorOf, MonthUse
from custom_components.energy_hub.ledger.money import NO_TIME, NOTHING, cents
from custom_components.energy_hub.ledger.price import (
    DayNightPrice,
    FlatPrice,
    Market,
    SeriesPrice,
    hold,
)
from custom_components.energy_hub.ledger.slot import Slot
from custom_components.energy_hub.ledger.tariff import Fees, Tariff

from .tools import always, local, slots_of, tables

type Rows = list[dict[str, str]]


def page(bill: Bill) -> dict[str, float]:
    """Return a bill as the manual shows it."""
    shown = {
        "Import cost": bill.import_cost,
        "Export revenue": bill.export_revenue,
        "Fees": bill.fees,
        "Capacity tariff": bill.capacity,
        "Net cost": bill.net_cost,
        "Saving": bill.saving,
    }
    return {name: cents(total.amount) for name, total in shown.items() if total != NOTHING}


def by_hand(rows: Rows) -> dict[str, float]:
    """Return the results that the manual calculates."""
    return {row["Amount"]: float(row["Result"]) for row in rows}


def bill(tariff: Tariff, slots: list[Slot], market: Market | None = None) -> Bill:
    biller = Biller(tariffs=always(tariff), market=market or {})
    return biller.bill(slots[0].start, slots[-1].end, slots)


def test_one_price() -> None:
    energy, results = tables("One price")
    tariff = Tariff(import_price=FlatPrice(0.31), export_price=FlatPrice(0.045), fees=Fees(year=60))
    total = bill(tariff, slots_of(energy))
    assert page(total) == by_hand(results)
    assert page(total) == {
        "Import cost": 1.92,
        "Export revenue": 0.58,
        "Fees": 0.16,
        "Net cost": 1.51,
        "Saving": 3.24,
    }


def test_day_and_night() -> None:
    energy, results = tables("Day and night")
    tariff = Tariff(
        import_price=DayNightPrice(day=0.32, night=0.26),
        export_price=FlatPrice(0.04),
        fees=Fees(month=4.50),
    )
    total = bill(tariff, slots_of(energy))
    assert page(total) == by_hand(results)
    assert page(total) == {
        "Import cost": 7.33,
        "Export revenue": 0.60,
        "Fees": 0.44,
        "Net cost": 7.16,
        "Saving": 3.69,
    }
    assert total.import_cost.estimated == NO_TIME


DYNAMIC = Tariff(
    import_price=SeriesPrice("list", factor=0.00105, surcharge=0.08, tax_percent=6),
    export_price=SeriesPrice("list", factor=0.00095, surcharge=-0.01),
    fees=Fees(month=2.00),
)


def price_list(rows: Rows) -> Market:
    series: dict[object, float] = {}
    for row in rows:
        hold(series, local(row["From"]), local(row["To"]), float(row["Price per MWh"]))
    return {"list": series}


def test_quarter_hour_prices_below_zero() -> None:
    energy, _, results = tables("Quarter-hour prices, some below zero")
    total = bill(DYNAMIC, slots_of(energy), price_list(energy))
    assert page(total) == by_hand(results)
    assert page(total) == {
        "Import cost": -0.24,
        "Export revenue": -0.02,
        "Fees": 0.01,
        "Net cost": -0.22,
        "Saving": 0.15,
    }


def test_every_quarter_of_the_dynamic_contract() -> None:
    energy, worked, _ = tables("Quarter-hour prices, some below zero")
    market = price_list(energy)
    tariffs = always(DYNAMIC)
    for one, row in zip(slots_of(energy), worked, strict=True):
        total = bill(DYNAMIC, [one], market)
        used = total.energy_saving.amount + total.import_cost.amount - total.export_revenue.amount
        assert tariffs.import_price(one.start, market) == pytest.approx(float(row["Import price"]))
        assert tariffs.export_price(one.start, market) == pytest.approx(float(row["Export price"]))
        assert one.house_kwh == pytest.approx(float(row["Use"]))
        assert total.import_cost.amount == pytest.approx(float(row["Import cost"]))
        assert total.export_revenue.amount == pytest.approx(float(row["Export revenue"]))
        assert used == pytest.approx(float(row["Use x import price"]))


NOVEMBER = date(2026, 11, 1)
FLEMISH = Tariff(
    import_price=FlatPrice(0.29),
    export_price=FlatPrice(0.03),
    fees=Fees(year=15),
    capacity=Capacity(rate=53.39),
)


def uses(rows: Rows) -> dict[date, MonthUse]:
    return {
        date.fromisoformat(f"{row['Month']}-01"): MonthUse(peak_kw=float(row["Peak (kW)"]))
        for row in rows
    }


def test_capacity_tariff_with_a_floor() -> None:
    energy, peaks, results, _ = tables("Capacity tariff with a floor")
    slots = slots_of(energy)
    biller = Biller(
        tariffs=always(FLEMISH),
        uses=uses(peaks),
        house_uses={NOVEMBER: MonthUse(peak_kw=6.480)},
    )
    total = biller.bill(slots[0].start, slots[-1].end, slots)
    assert page(total) == by_hand(results)
    assert page(total) == {
        "Import cost": 89.90,
        "Export revenue": 1.26,
        "Fees": 1.23,
        "Capacity tariff": 19.89,
        "Net cost": 109.76,
        "Saving": 24.08,
    }
    assert total.capacity_saving.estimated == slots[0].length
    assert total.saving.unknown == NO_TIME


def test_each_month_counts_as_the_manual_says() -> None:
    for row in tables("Capacity tariff with a floor")[1]:
        month = date.fromisoformat(f"{row['Month']}-01")
        billed = Capacity(rate=1).billed_kw(month, {month: uses([row])[month]})
        assert billed == float(row["Counts as"])


def test_the_same_month_otherwise() -> None:
    _, peaks, _, others = tables("Capacity tariff with a floor")
    shown = [float(row["Capacity tariff"]) for row in others]
    known = uses(peaks)
    capped = Capacity(rate=53.39, max_per_kwh=0.34)
    small = {month: replace(use, peak_kw=1.2) for month, use in known.items()}
    months = [
        (Capacity(rate=53.39, floor_of=FloorOf.MEAN), known),
        (Capacity(rate=53.39), small),
        (capped, known | {NOVEMBER: MonthUse(peak_kw=5.940, import_kwh=40)}),
        (capped, known | {NOVEMBER: MonthUse(peak_kw=5.940, import_kwh=310)}),
    ]
    costs = [capacity.month_cost(NOVEMBER, seen) or -1 for capacity, seen in months]
    assert [cents(cost) for cost in costs] == shown == [19.86, 11.12, 13.60, 19.89]
