"""The price of a kWh at a moment: weekly windows, series, what is not known."""

from datetime import UTC, datetime, time, timedelta
from math import inf, nan
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.ledger.price import (
    BELGIAN_DAY,
    DayNightPrice,
    FlatPrice,
    SeriesPrice,
    Window,
    hold,
)

from .tools import BRUSSELS, EARLIEST, LATEST, QUARTER, local

WEEK = DayNightPrice(day=0.3, night=0.2)
MOMENTS = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        ("2026-06-15 06:59:59", 0.2),
        ("2026-06-15 07:00:00", 0.3),
        ("2026-06-15 21:59:59", 0.3),
        ("2026-06-15 22:00:00", 0.2),
        ("2026-06-20 12:00:00", 0.2),  # Saturday
        ("2026-06-21 12:00:00", 0.2),
        ("2026-03-29 12:00:00", 0.2),  # the Sunday of 23 hours
        ("2026-03-30 07:00:00", 0.3),  # the first morning of summer time
        ("2026-10-26 06:45:00", 0.2),  # the first morning of winter time
        ("2026-10-26 07:00:00", 0.3),
    ],
)
def test_the_belgian_day(moment: str, price: float) -> None:
    assert WEEK.at(local(moment), BRUSSELS, {}) == price


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2026-06-15 22:59", False),
        ("2026-06-15 23:00", True),
        ("2026-06-16 06:59", True),
        ("2026-06-16 07:00", False),
        ("2026-06-16 23:30", False),
        ("2026-06-15 03:00", False),
    ],
)
def test_a_window_past_midnight_belongs_to_the_day_it_begins_on(moment: str, covered: bool) -> None:
    monday_night = Window(frozenset({0}), time(23), time(7))
    assert monday_night.covers(datetime.fromisoformat(moment)) is covered


def test_a_window_until_midnight() -> None:
    evening = Window(frozenset({6}), time(18), time())
    assert evening.covers(datetime.fromisoformat("2026-06-21 23:59"))
    assert not evening.covers(datetime.fromisoformat("2026-06-22 00:00"))


@given(st.integers(0, 6), st.datetimes(EARLIEST, LATEST))
def test_from_and_to_the_same_time_is_that_whole_day(weekday: int, at: datetime) -> None:
    assert Window(frozenset({weekday}), time(), time()).covers(at) is (at.weekday() == weekday)


@given(MOMENTS)
def test_both_hours_that_autumn_gives_twice_have_the_price_of_the_clock(at: datetime) -> None:
    clock = at.astimezone(BRUSSELS)
    day = clock.weekday() < 5 and 7 <= clock.hour < 22
    assert WEEK.at(at, BRUSSELS, {}) == (0.3 if day else 0.2)


def test_the_clock_is_that_of_the_home() -> None:
    noon = datetime(2026, 6, 15, 11, tzinfo=UTC)
    assert WEEK.at(noon, ZoneInfo("America/Bogota"), {}) == 0.2
    assert WEEK.at(noon, BRUSSELS, {}) == 0.3


def test_one_price_is_one_price() -> None:
    assert FlatPrice(0.31).at(local("2026-06-15 03:00"), BRUSSELS, {}) == 0.31


def test_a_wholesale_price_becomes_all_in() -> None:
    price = SeriesPrice("list", factor=0.001, surcharge=0.1, tax_percent=25)
    at = local("2026-06-15 12:00")
    assert price.at(at, BRUSSELS, {"list": {at: 100.0}}) == pytest.approx(0.25)
    assert price.at(at, BRUSSELS, {"list": {at: -300.0}}) == pytest.approx(-0.25)
    assert price.at(at, BRUSSELS, {"list": {at: 0.0}}) == pytest.approx(0.125)


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_what_is_no_price_is_unknown(value: float) -> None:
    at = local("2026-06-15 12:00")
    assert SeriesPrice("list").at(at, BRUSSELS, {"list": {at: value}}) is None


def test_a_series_or_a_quarter_that_is_not_there_is_unknown() -> None:
    at = local("2026-06-15 12:00")
    assert SeriesPrice("list").at(at, BRUSSELS, {}) is None
    assert SeriesPrice("list").at(at, BRUSSELS, {"other": {at: 1.0}}) is None
    assert SeriesPrice("list").at(at + QUARTER, BRUSSELS, {"list": {at: 1.0}}) is None


def test_an_hour_price_holds_for_its_four_quarters() -> None:
    series: dict[datetime, float] = {}
    at = local("2026-06-15 12:00")
    hold(series, at, at + 4 * QUARTER, 80)
    hold(series, at + 4 * QUARTER, at + 8 * QUARTER, -10)
    market = {"list": series}
    prices = [SeriesPrice("list").at(at + n * QUARTER, BRUSSELS, market) for n in range(9)]
    assert prices == [80, 80, 80, 80, -10, -10, -10, -10, None]


def test_a_price_that_comes_seconds_late_still_holds_for_its_quarter() -> None:
    series: dict[datetime, float] = {}
    at = local("2026-06-15 12:00")
    hold(series, at + timedelta(seconds=3), at + QUARTER, 80)
    assert series == {at: 80}


def test_a_corrected_price_replaces_the_old_one() -> None:
    series: dict[datetime, float] = {}
    at = local("2026-06-15 12:00")
    hold(series, at, at + 4 * QUARTER, 80)
    hold(series, at + QUARTER, at + 2 * QUARTER, 70)
    assert [*series.values()] == [80, 70, 80, 80]


@given(MOMENTS, st.floats(-500, 5000))
def test_every_moment_of_a_quarter_has_its_price(at: datetime, value: float) -> None:
    start = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
    assert SeriesPrice("list").at(at, BRUSSELS, {"list": {start: value}}) == value


def test_the_preset_is_the_belgian_day() -> None:
    assert BELGIAN_DAY[0].as_dict() == {
        "days": [0, 1, 2, 3, 4],
        "from": "07:00",
        "to": "22:00",
    }
