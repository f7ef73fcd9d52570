"""The capacity tariff: which peaks count, the floor, the maximum tariff."""

from datetime import date

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.ledger.capacity import (
    Capacity,
    FloorOf,
    MonthUse,
    Uses,
    billed_months,
)

NOVEMBER = date(2026, 11, 1)
RATE = Capacity(rate=60)
PEAKS = st.none() | st.floats(0, 100)


def seen(**peaks: float | None) -> Uses:
    """Return month peaks by names like m2026_11."""
    return {
        date(int(name[1:5]), int(name[6:]), 1): MonthUse(peak_kw=peak)
        for name, peak in peaks.items()
    }


def test_a_month_is_billed_with_the_eleven_before_it() -> None:
    months = billed_months(NOVEMBER)
    assert (months[0], months[-1], len(months)) == (NOVEMBER, date(2025, 12, 1), 12)
    assert billed_months(date(2026, 1, 1))[1] == date(2025, 12, 1)


def test_older_and_later_months_do_not_count() -> None:
    uses = seen(m2025_11=20, m2026_11=4, m2026_12=20)
    assert RATE.billed_kw(NOVEMBER, uses) == 4


def test_a_young_meter_has_fewer_months() -> None:
    assert RATE.billed_kw(NOVEMBER, seen(m2026_10=6, m2026_11=4)) == 5
    assert RATE.billed_kw(NOVEMBER, seen(m2026_09=None, m2026_10=6, m2026_11=4)) == 5


def test_a_measured_zero_counts_as_the_floor_an_unknown_peak_is_left_out() -> None:
    assert RATE.billed_kw(NOVEMBER, seen(m2026_10=0, m2026_11=4.5)) == 3.5
    assert RATE.billed_kw(NOVEMBER, seen(m2026_10=None, m2026_11=4.5)) == 4.5


def test_without_its_own_peak_a_month_has_no_price() -> None:
    assert RATE.billed_kw(NOVEMBER, seen(m2026_10=6)) is None
    assert RATE.billed_kw(NOVEMBER, seen(m2026_10=6, m2026_11=None)) is None
    assert RATE.month_cost(NOVEMBER, {}) is None


def test_the_floor_of_month_and_mean() -> None:
    uses = seen(m2026_10=1, m2026_11=5)
    assert RATE.billed_kw(NOVEMBER, uses) == 3.75
    assert Capacity(rate=60, floor_of=FloorOf.MEAN).billed_kw(NOVEMBER, uses) == 3
    low = seen(m2026_10=1, m2026_11=2)
    assert Capacity(rate=60, floor_of=FloorOf.MEAN).billed_kw(NOVEMBER, low) == 2.5


def test_another_floor() -> None:
    assert Capacity(rate=60, floor_kw=0).billed_kw(NOVEMBER, seen(m2026_11=1)) == 1
    assert Capacity(rate=60, floor_kw=4).billed_kw(NOVEMBER, seen(m2026_11=1)) == 4


def test_the_rate_is_per_year() -> None:
    assert RATE.month_cost(NOVEMBER, seen(m2026_11=5)) == 25


@pytest.mark.parametrize(
    ("drawn", "covered", "cost"),
    [(40, 1.0, 12.0), (400, 1.0, 25.0), (0, 1.0, 0.0), (4, 0.1, 12.0), (40, 0.1, 25.0)],
)
def test_the_maximum_tariff(drawn: float, covered: float, cost: float) -> None:
    use = MonthUse(peak_kw=5, import_kwh=drawn, covered=covered)
    capped = Capacity(rate=60, max_per_kwh=0.3)
    assert capped.month_cost(NOVEMBER, {NOVEMBER: use}) == pytest.approx(cost)


@pytest.mark.parametrize(
    "use",
    [MonthUse(peak_kw=5), MonthUse(peak_kw=5, import_kwh=0, covered=0)],
)
def test_a_maximum_tariff_needs_the_energy_of_the_month(use: MonthUse) -> None:
    assert Capacity(rate=60, max_per_kwh=0.3).month_cost(NOVEMBER, {NOVEMBER: use}) is None


@given(
    st.floats(0, 100),
    st.lists(PEAKS, min_size=11, max_size=11),
    st.sampled_from(FloorOf),
    st.floats(0, 10),
)
def test_billed_is_between_the_floor_and_the_highest_peak(
    own: float, others: list[float | None], floor_of: FloorOf, floor_kw: float
) -> None:
    uses = {
        month: MonthUse(peak_kw=peak)
        for month, peak in zip(billed_months(NOVEMBER), [own, *others], strict=True)
    }
    billed = Capacity(rate=1, floor_kw=floor_kw, floor_of=floor_of).billed_kw(NOVEMBER, uses)
    highest = max([own, *(peak for peak in others if peak is not None)])
    assert billed is not None
    assert floor_kw <= billed <= max(highest, floor_kw) * (1 + 1e-12)
