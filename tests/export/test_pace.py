"""How fast the queue may empty."""

from datetime import datetime, timedelta

from hypothesis import given, strategies as st

from custom_components.energy_hub.export.pace import LONGEST, Pace, back_off, jitter

from .tools import NOON


def at(seconds: float) -> datetime:
    """Return a moment so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def test_requests_are_a_second_apart_and_those_of_the_backlog_two() -> None:
    pace = Pace()
    assert pace.ready(NOON) == pace.backlog_ready(NOON) == NOON
    pace.sent(NOON, backlog=True)
    assert (pace.ready(NOON), pace.backlog_ready(NOON)) == (at(1), at(2))
    pace.sent(at(1), backlog=False)
    assert (pace.ready(at(1.5)), pace.backlog_ready(at(1.5))) == (at(2), at(2))
    assert pace.ready(at(9)) <= at(9)


def test_a_restart_does_not_hurry() -> None:
    pace = Pace(at(-0.5), at(-0.5))
    assert (pace.ready(NOON), pace.backlog_ready(NOON)) == (at(0.5), at(1.5))


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    pace = Pace(at(86_400 * 400), at(86_400 * 400))
    assert pace.ready(NOON) == pace.backlog_ready(NOON) == NOON
    pace.hold(at(86_400 * 400))
    assert pace.ready(NOON) == NOON


def test_after_five_failures_only_probes_leave() -> None:
    pace = Pace(factor=lambda: 1.0)
    for number in range(4):
        pace.failed(at(number))
        assert not pace.tripped
        assert pace.ready(at(9)) <= at(9)
    waits = []
    for _ in range(9):
        pace.failed(NOON)
        assert pace.tripped
        waits.append((pace.ready(NOON) - NOON).total_seconds())
    assert waits == [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]
    pace.answered()
    assert not pace.tripped
    assert pace.ready(NOON) == NOON


def test_the_wish_of_the_server_wins() -> None:
    pace = Pace()
    pace.failed(NOON, timedelta(seconds=90))
    assert pace.ready(NOON) == at(90)
    pace.failed(NOON, timedelta(days=900))
    assert pace.ready(NOON) == at(86_400)


def test_a_hold_is_half_an_hour() -> None:
    pace = Pace()
    pace.hold(NOON)
    assert pace.ready(NOON) == NOON + LONGEST


@given(st.integers(1, 10_000))
def test_waiting_grows_and_spreads_within_limits(failures: int) -> None:
    factor = jitter()
    assert 0.8 <= factor <= 1.2
    wait = back_off(failures, factor)
    assert timedelta(seconds=24) <= wait <= LONGEST
    assert back_off(failures + 1, factor) >= wait
