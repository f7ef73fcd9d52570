"""What a counter counted today, this month and in seven days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.days import Days

BRUSSELS = ZoneInfo("Europe/Brussels")
NEW_YORK = ZoneInfo("America/New_York")
SPRING = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
"""Midnight in Brussels of the day of 23 hours."""
AUTUMN = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
"""Midnight in Brussels of the day of 25 hours."""


def at(moment: datetime, zone: ZoneInfo = BRUSSELS) -> datetime:
    return moment.astimezone(zone)


def test_nothing_is_known_before_the_first_reading() -> None:
    days, now = Days(), at(SPRING)
    days.update(None, now)
    days.begin_today(1, now)
    assert days.as_state() is None
    assert (days.today(now), days.month(now), days.seven_days(now)) == (None, None, None)


def test_a_day_that_began_unseen_is_not_known() -> None:
    days, now = Days(), at(SPRING + timedelta(hours=10))
    days.update(100, now)
    assert days.today(now) is None
    days.update(103, now + timedelta(hours=1))
    assert days.today(now) is None


def test_somebody_else_may_know_how_the_day_began() -> None:
    days, now = Days(), at(SPRING + timedelta(hours=10))
    days.update(100, now)
    days.begin_today(4.5, now)
    days.begin_today(99, now)
    days.update(101, now)
    assert days.today(now) == 5.5


@pytest.mark.parametrize(("midnight", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_is_as_long_as_the_calendar_says(midnight: datetime, hours: int) -> None:
    days, end = Days(), midnight + timedelta(hours=hours)
    days.update(0, at(midnight - timedelta(minutes=1)))
    for minute in range(hours * 60):
        days.update(minute, at(midnight + timedelta(minutes=minute)))
    assert days.today(at(end - timedelta(minutes=1))) == hours * 60 - 1
    days.update(hours * 60, at(end))
    assert days.today(at(end)) == 0
    days.update(hours * 60 + 1, at(end + timedelta(minutes=1)))
    assert days.today(at(end + timedelta(minutes=1))) == 1


def test_midnight_between_two_readings() -> None:
    days = Days()
    days.update(10, at(SPRING - timedelta(seconds=45)))
    days.update(12, at(SPRING + timedelta(seconds=15)))
    assert days.today(at(SPRING + timedelta(seconds=15))) == pytest.approx(0.5)


def test_a_new_day_without_a_reading_is_not_known() -> None:
    days = Days()
    days.update(10, at(SPRING - timedelta(hours=30)))
    days.update(12, at(SPRING - timedelta(hours=1)))
    assert days.today(at(SPRING - timedelta(hours=1))) is not None
    assert days.today(at(SPRING)) is None


def test_seven_days_are_today_and_the_six_before() -> None:
    days, noon = Days(), datetime(2026, 6, 10, 10, tzinfo=UTC)
    for day in range(9):
        now = at(noon + timedelta(days=day))
        days.update(24 * day, now)
        assert (days.seven_days(now) is None) == (day < 7)
    # Since midnight of the sixth day before: 6.5 days.
    assert days.seven_days(now) == pytest.approx(24 * 6.5)


def test_a_month() -> None:
    days, now = Days(), at(datetime(2026, 1, 31, 12, tzinfo=UTC))
    days.update(100, now)
    assert days.month(now) is None
    now = at(datetime(2026, 2, 1, 12, tzinfo=UTC))
    days.update(124, now)
    february = days.month(now)
    assert february == pytest.approx(13, abs=0.1)
    for hours in range(1, 24 * 27):
        days.update(124 + hours, now + timedelta(hours=hours))
    assert days.month(now + timedelta(hours=24 * 27 - 1)) == pytest.approx(february + 24 * 27 - 1)


def test_a_counter_that_is_set_back_has_counted_what_it_had() -> None:
    days, now = Days(), at(SPRING)
    days.update(100, now - timedelta(minutes=1))
    days.update(100, now)
    days.update(105, now + timedelta(hours=1))
    days.update(3, now + timedelta(hours=2))
    assert days.today(now) == 5
    days.update(4, now + timedelta(hours=3))
    assert days.today(now) == 6


def test_a_clock_that_is_set_back_forgets_tomorrow() -> None:
    days, now = Days(), at(SPRING)
    days.update(100, now - timedelta(days=3))
    days.update(110, now + timedelta(minutes=1))
    days.update(110, now - timedelta(minutes=5))
    days.update(111, now + timedelta(minutes=5))
    assert days.today(now + timedelta(minutes=5)) == pytest.approx(0.5)


def test_little_is_remembered() -> None:
    days = Days()
    for day in range(400):
        days.update(day, at(SPRING + timedelta(days=day)))
    state = days.as_state()
    assert state is not None
    assert len(state["marks"]) <= 9


readings = st.lists(
    st.tuples(st.integers(1, 3 * 86_400), st.floats(0, 20), st.booleans()),
    min_size=1,
    max_size=40,
)


@given(readings, st.sampled_from([BRUSSELS, NEW_YORK, ZoneInfo("UTC")]))
def test_days_add_up(steps: list[tuple[int, float, bool]], zone: ZoneInfo) -> None:
    """No figure is negative or more than was counted; days of a span add up to its growth."""
    days, now, value = Days(), SPRING - timedelta(days=2), 500.0
    days.update(value, at(now, zone))
    first, first_day = value, at(now, zone).date()
    figures: dict[date, float] = {}
    for seconds, energy, restart in steps:
        now += timedelta(seconds=seconds)
        value += energy
        if restart and (state := days.as_state()):
            days = Days.from_state(state)
        local = at(now, zone)
        days.update(value, local)
        for figure in (days.today(local), days.month(local), days.seven_days(local)):
            assert figure is None or -1e-6 <= figure <= value - first + 1e-6
        if local.date() > first_day:
            today = days.today(local)
            assert today is not None
            figures[local.date()] = today
            week = days.seven_days(local)
            if week is not None:
                known = [one for day, one in figures.items() if (local.date() - day).days < 7]
                assert sum(known) <= week + 1e-6
