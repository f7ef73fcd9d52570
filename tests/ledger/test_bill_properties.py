"""Whatever happens in a home: bills add up, and only what is known costs anything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.ledger.bill import Bill, Biller, reprice
from custom_components.energy_hub.ledger.capacity import Capacity, MonthUse
from custom_components.energy_hub.ledger.money import NO_TIME, Sum
from custom_components.energy_hub.ledger.price import DayNightPrice, FlatPrice, SeriesPrice, hold
from custom_components.energy_hub.ledger.slot import Slot
from custom_components.energy_hub.ledger.tariff import Fees, Tariff, Tariffs

from .tools import EARLIEST, HOUR, LATEST, always, local, slot

DAY = timedelta(days=1)


def sums(bill: Bill) -> list[Sum]:
    return [
        bill.import_cost,
        bill.export_revenue,
        bill.fees,
        bill.capacity,
        bill.energy_saving,
        bill.capacity_saving,
    ]


def alike(one: Bill, other: Bill) -> bool:
    """Return whether two bills agree: amounts to a millionth, times exactly."""
    return all(
        a.amount == pytest.approx(b.amount, abs=1e-6) and a.unknown == b.unknown
        for a, b in zip(sums(one), sums(other), strict=True)
    )


ENERGY = st.none() | st.sampled_from([0.0, 0.25]) | st.floats(0, 20)
ZONES = st.sampled_from(
    ["Europe/Brussels", "America/Bogota", "Australia/Lord_Howe", "America/Santiago"]
).map(ZoneInfo)
PRICE = st.floats(-2, 5)
CONTRACTS = st.builds(
    Tariff,
    import_price=st.one_of(
        st.builds(FlatPrice, PRICE),
        st.builds(DayNightPrice, PRICE, PRICE),
        st.builds(SeriesPrice, st.just("list"), PRICE, PRICE, st.floats(0, 30)),
    ),
    export_price=st.none() | st.builds(FlatPrice, PRICE) | st.just(SeriesPrice("list")),
    fees=st.builds(Fees, day=PRICE, month=PRICE, year=PRICE),
    capacity=st.none() | st.builds(Capacity, rate=st.floats(0, 100)),
)


@st.composite
def homes(draw: st.DrawFn) -> tuple[Biller, datetime, list[Slot]]:
    """Return a home with up to three tariffs, gaps in its prices, and two days of slots."""
    around = draw(
        st.sampled_from(["2026-03-28", "2026-10-24", "2026-04-04", "2026-09-05", "2026-06-30"])
        | st.dates(EARLIEST.date(), LATEST.date()).map(str)
    )
    start = datetime.fromisoformat(f"{around}T05:00:00+00:00")
    tariffs = always(draw(CONTRACTS), draw(ZONES))
    for hour, tariff in draw(st.dictionaries(st.integers(0, 48), CONTRACTS, max_size=2)).items():
        tariffs = tariffs.changed(start + hour * HOUR, tariff)
    series: dict[datetime, float] = {}
    for hour, price in draw(st.dictionaries(st.integers(0, 48), PRICE, max_size=30)).items():
        hold(series, start + hour * HOUR, start + (hour + 1) * HOUR, price)
    slots = []
    at = start
    for minutes, gap in draw(
        st.lists(st.tuples(st.sampled_from([5, 10, 15, 60]), st.booleans()), max_size=12)
    ):
        at += HOUR * gap
        end = at + timedelta(minutes=minutes)
        drawn, fed, used = draw(ENERGY), draw(ENERGY), draw(ENERGY)
        slots.append(slot(at, end, drawn=drawn, fed=fed, used=used))
        at = end
    months = st.dates(EARLIEST.date(), LATEST.date()).map(lambda day: day.replace(day=1))
    uses = st.dictionaries(
        months | st.just(start.date().replace(day=1)),
        st.builds(MonthUse, peak_kw=st.none() | st.floats(0, 50)),
        max_size=4,
    )
    biller = Biller(
        tariffs=tariffs, market={"list": series}, uses=draw(uses), house_uses=draw(uses)
    )
    return biller, start, slots


@given(homes(), st.lists(st.integers(0, 48 * 12), max_size=4))
def test_the_parts_of_a_span_add_up_to_it(
    home: tuple[Biller, datetime, list[Slot]], cuts: list[int]
) -> None:
    biller, start, slots = home
    edges = sorted({0, *cuts, 48 * 12})
    total = Bill()
    for first, last in pairwise(edges):
        five = timedelta(minutes=5)
        total += biller.bill(start + first * five, start + last * five, slots)
    assert alike(total, biller.bill(start, start + 2 * DAY, slots))


@given(homes())
def test_the_same_energy_in_quarters_costs_the_same(
    home: tuple[Biller, datetime, list[Slot]],
) -> None:
    biller, start, slots = home
    parts = [part for whole in slots for part in whole.quarters()]
    one = biller.bill(start, start + 2 * DAY, slots)
    assert alike(one, biller.bill(start, start + 2 * DAY, parts))


@given(homes())
def test_an_amount_comes_from_what_is_known_and_the_rest_is_counted(
    home: tuple[Biller, datetime, list[Slot]],
) -> None:
    biller, start, slots = home
    end = start + 2 * DAY
    cost = revenue = 0.0
    known = known_export = NO_TIME
    for part in (part for whole in slots for part in whole.quarters()):
        price = biller.tariffs.import_price(part.start, biller.market)
        if part.import_kwh == 0 or (price is not None and part.import_kwh is not None):
            cost += part.import_kwh * (price or 0)
            known += part.length
        price = biller.tariffs.export_price(part.start, biller.market)
        if part.export_kwh == 0 or (price is not None and part.export_kwh is not None):
            revenue += part.export_kwh * (price or 0)
            known_export += part.length
    bill = biller.bill(start, end, slots)
    assert bill.import_cost.amount == pytest.approx(cost, abs=1e-6)
    assert bill.import_cost.unknown == end - start - known
    assert bill.export_revenue.amount == pytest.approx(revenue, abs=1e-6)
    assert bill.export_revenue.unknown == end - start - known_export
    assert bill.energy_saving.unknown >= max(bill.import_cost.unknown, bill.export_revenue.unknown)


@given(homes())
def test_without_any_price_nothing_costs_anything(
    home: tuple[Biller, datetime, list[Slot]],
) -> None:
    biller, start, slots = home
    blind = Biller(tariffs=Tariffs((), biller.tariffs.zone), market=biller.market)
    bill = blind.bill(start, start + 2 * DAY, slots)
    assert [total.amount for total in sums(bill)] == [0.0] * 6
    assert bill.fees.unknown == bill.capacity.unknown == 2 * DAY


@given(homes())
def test_pricing_again_with_the_same_tariff_changes_nothing(
    home: tuple[Biller, datetime, list[Slot]],
) -> None:
    biller, start, slots = home
    stored = Tariffs.from_dict(biller.tariffs.as_dict(), biller.tariffs.zone)
    again = replace(biller, tariffs=stored)
    for month in reprice(biller, again, start, start + 2 * DAY, slots):
        assert month.before == month.after


@given(homes())
def test_the_months_are_the_span(home: tuple[Biller, datetime, list[Slot]]) -> None:
    biller, start, slots = home
    months = biller.by_month(start, start + 40 * DAY, slots)
    assert alike(sum(months.values(), Bill()), biller.bill(start, start + 40 * DAY, slots))
    assert list(months) == sorted(months)
    assert all(month.day == 1 for month in months)


@given(
    ZONES,
    st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    st.floats(-100, 100),
    st.floats(-1000, 1000),
)
def test_fees_of_the_bills_of_a_year_are_exact(
    zone: ZoneInfo, at: datetime, month_fee: float, year_fee: float
) -> None:
    year = at.astimezone(zone).year
    start = local(f"{year}-01-01 00:00", zone)
    end = local(f"{year + 1}-01-01 00:00", zone)
    tariff = Tariff(import_price=FlatPrice(0), fees=Fees(month=month_fee, year=year_fee))
    bills = Biller(tariffs=always(tariff, zone)).by_month(start, end, [])
    assert len(bills) == 12
    total = sum(bill.fees.amount for bill in bills.values())
    assert total == pytest.approx(12 * month_fee + year_fee, abs=1e-9)
