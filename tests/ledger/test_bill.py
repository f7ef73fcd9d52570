"""Energy priced: late, in parts, across summer time, with gaps, and again."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.energy_hub.ledger.bill import Bill, Biller, reprice
from custom_components.energy_hub.ledger.money import NO_TIME, Sum
from custom_components.energy_hub.ledger.price import DayNightPrice, FlatPrice, SeriesPrice, hold
from custom_components.energy_hub.ledger.tariff import Fees, Tariff, Tariffs, Version

from .tools import BRUSSELS, HOUR, QUARTER, always, flat, local, slot

DAY = timedelta(days=1)
NOON = local("2026-06-15 12:00")
DYNAMIC = Tariff(
    import_price=SeriesPrice("list"), export_price=SeriesPrice("list"), fees=Fees(month=3)
)


# --- the price of its own quarter -----------------------------------------------------


def test_an_outage_across_a_change_of_price_is_priced_right_when_it_ends() -> None:
    start = local("2026-06-15 21:00")
    tariffs = always(Tariff(import_price=DayNightPrice(day=0.32, night=0.26)))
    outage = slot(start, start + 2 * HOUR, drawn=3.0, used=3.0, estimated=True)
    bill = Biller(tariffs=tariffs).bill(start, start + 2 * HOUR, [outage])
    assert bill.import_cost.amount == pytest.approx(1.5 * 0.32 + 1.5 * 0.26)
    assert bill.import_cost.estimated == 2 * HOUR


def test_whole_counters_over_several_quarters_are_estimated_only_where_prices_differ() -> None:
    hour = [slot(NOON, NOON + HOUR, drawn=1.0)]
    one_price = Biller(tariffs=always(flat(0.3))).bill(NOON, NOON + HOUR, hour)
    assert one_price.import_cost == Sum(pytest.approx(0.3), NO_TIME, NO_TIME)
    series = {NOON + n * QUARTER: float(n) for n in range(4)}
    several = Biller(tariffs=always(DYNAMIC), market={"list": series})
    assert several.bill(NOON, NOON + HOUR, hour).import_cost == Sum(1.5, NO_TIME, HOUR)


def test_interpolated_energy_makes_an_estimate_at_any_price() -> None:
    guessed = [slot(NOON, NOON + QUARTER, drawn=1.0, estimated=True)]
    bill = Biller(tariffs=always(flat(0.3))).bill(NOON, NOON + QUARTER, guessed)
    assert bill.import_cost == Sum(0.3, NO_TIME, QUARTER)


def test_a_price_that_comes_late_heals_the_bill() -> None:
    energy = [slot(NOON, NOON + QUARTER, drawn=2.0, fed=1.0, used=3.0)]
    series: dict[datetime, float] = {}
    biller = Biller(tariffs=always(DYNAMIC), market={"list": series})
    before = biller.bill(NOON, NOON + QUARTER, energy)
    assert before.import_cost == before.export_revenue == Sum(0.0, QUARTER)
    assert before.energy_saving == Sum(0.0, QUARTER)
    hold(series, NOON, NOON + HOUR, 0.25)
    after = biller.bill(NOON, NOON + QUARTER, energy)
    assert after.import_cost == Sum(0.5)
    assert after.export_revenue == Sum(0.25)
    assert after.saving == Sum(0.5)


def test_an_unknown_export_price_leaves_import_known_and_saving_unknown() -> None:
    energy = [slot(NOON, NOON + QUARTER, drawn=2.0, fed=1.0, used=3.0)]
    bill = Biller(tariffs=always(flat(0.3))).bill(NOON, NOON + QUARTER, energy)
    assert bill.import_cost == Sum(0.6)
    assert bill.export_revenue.unknown == bill.saving.unknown == bill.net_cost.unknown == QUARTER


def test_a_flow_that_is_missing_is_missing_in_its_own_sums_only() -> None:
    energy = [slot(NOON, NOON + QUARTER, drawn=2.0, used=None)]
    bill = Biller(tariffs=always(flat(0.3, FlatPrice(0.1)))).bill(NOON, NOON + QUARTER, energy)
    assert bill.import_cost == Sum(0.6)
    assert bill.export_revenue == Sum(0.0)
    assert bill.energy_saving == Sum(0.0, QUARTER)


def test_time_without_energy_and_time_without_a_tariff_are_unknown() -> None:
    tariffs = Tariffs((Version(NOON + HOUR, flat(0.3)),), BRUSSELS)
    energy = [slot(NOON + n * HOUR, NOON + (n + 1) * HOUR, drawn=1.0) for n in (0, 2)]
    bill = Biller(tariffs=tariffs).bill(NOON, NOON + 3 * HOUR, energy)
    assert bill.import_cost == Sum(pytest.approx(0.3), 2 * HOUR)
    assert bill.fees.unknown == bill.capacity.unknown == bill.capacity_saving.unknown == HOUR


def test_a_span_does_not_end_before_it_begins() -> None:
    biller = Biller(tariffs=always(flat(0.3)))
    assert biller.bill(NOON, NOON, []) == Bill()
    with pytest.raises(ValueError, match="span"):
        biller.bill(NOON, NOON - HOUR, [])


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-06-14", 24), ("2026-10-25", 25)]
)
def test_a_day_of_any_length_costs_a_day(day: str, hours: int) -> None:
    start = local(f"{day} 00:00")
    tariff = Tariff(import_price=FlatPrice(0.3), fees=Fees(day=1.2))
    energy = [slot(start + n * HOUR, start + (n + 1) * HOUR, drawn=1.0) for n in range(hours)]
    bill = Biller(tariffs=always(tariff)).bill(start, start + hours * HOUR, energy)
    assert bill.import_cost.amount == pytest.approx(0.3 * hours)
    assert bill.fees == Sum(1.2)


# --- pricing again --------------------------------------------------------------------


def test_a_corrected_tariff_shows_before_and_after_by_month() -> None:
    start, end = local("2026-01-01 00:00"), local("2026-03-16 00:00")
    energy = [slot(start, end, drawn=740.0, used=740.0)]
    hours = (end - start) / HOUR
    old = always(flat(0.30))
    new = old.changed(local("2026-02-01 00:00"), flat(0.25))
    months = reprice(Biller(tariffs=old), Biller(tariffs=new), start, end, energy)
    kwh = [740 * days * 24 / hours for days in (31, 28, 15)]
    assert [change.month for change in months] == [date(2026, n, 1) for n in (1, 2, 3)]
    assert [change.before.import_cost.amount for change in months] == pytest.approx(
        [each * 0.30 for each in kwh]
    )
    assert [change.after.import_cost.amount for change in months] == pytest.approx(
        [kwh[0] * 0.30, kwh[1] * 0.25, kwh[2] * 0.25]
    )


def test_a_slot_over_the_end_of_a_month_belongs_to_both() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")  # its midnight is no full hour of UTC
    start = datetime(2026, 1, 31, 18, tzinfo=UTC)
    energy = [slot(start, start + HOUR, drawn=2.0)]
    bills = Biller(tariffs=always(flat(0.5), kolkata)).by_month(start, start + HOUR, energy)
    assert [bill.import_cost.amount for bill in bills.values()] == [0.5, 0.5]
    assert list(bills) == [date(2026, 1, 1), date(2026, 2, 1)]
