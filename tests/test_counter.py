"""The guard of counters: what is believed, what is held back, what a restart remembers."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.counter import CounterGuard

NOON = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
MAX_PER_HOUR = 100.0
STEP = 0.001


def guard() -> CounterGuard:
    return CounterGuard(MAX_PER_HOUR, STEP)


def feed(
    counter: CounterGuard, raw: float | None, seconds: float, arrived: float | None = None
) -> float | None:
    """Let the counter see a value after so many seconds of the device's time and ours."""
    seen = seconds if arrived is None else arrived
    return counter.update(
        raw, at=NOON + timedelta(seconds=seconds), seen=NOON + timedelta(seconds=seen)
    )


def test_the_first_value_is_believed() -> None:
    assert feed(guard(), 12345.678, 0) == 12345.678


def test_zero_is_a_value() -> None:
    assert feed(guard(), 0.0, 0) == 0.0


def test_unknown_stays_unknown_and_forgets_nothing() -> None:
    counter = guard()
    feed(counter, 10, 0)
    assert feed(counter, None, 1) is None
    assert counter.value == 10


def test_a_fall_is_held_back_until_the_counter_is_back() -> None:
    counter = guard()
    feed(counter, 10, 0)
    assert feed(counter, 9.999, 1) == 10
    assert (counter.pending, counter.pending_since) == (9.999, NOON + timedelta(seconds=1))
    assert feed(counter, 9.5, 86_400) == 10
    assert counter.pending_since == NOON + timedelta(seconds=1)
    assert feed(counter, 10, 86_401) == 10
    assert counter.pending is None


def test_a_jump_is_believed_once_time_makes_it_possible() -> None:
    counter = guard()
    feed(counter, 10, 0)
    assert feed(counter, 60, 1) == 10
    assert feed(counter, 60, 1799) == 10
    assert feed(counter, 60, 1800) == 60
    assert counter.pending is None


def test_a_backlog_is_as_old_as_it_says() -> None:
    counter = guard()
    feed(counter, 10, 0)
    assert feed(counter, 12, 200, arrived=0.1) == 12


def test_a_clock_set_back_stops_nothing() -> None:
    counter = guard()
    feed(counter, 10, 0)
    assert feed(counter, 10.002, -3600, arrived=1) == 10.002


def test_the_user_decides_that_a_fall_is_true() -> None:
    counter = guard()
    feed(counter, 10, 0)
    feed(counter, 2, 1)
    counter.accept_pending()
    assert counter.value == 2
    assert feed(counter, 2.001, 2) == 2.001


def test_nothing_held_is_nothing_to_accept() -> None:
    counter = guard()
    feed(counter, 10, 0)
    counter.accept_pending()
    assert counter.value == 10


def test_a_restart_remembers() -> None:
    counter = guard()
    assert counter.as_state() is None
    feed(counter, 10, 0)
    state = counter.as_state()
    assert state is not None
    restored = CounterGuard.from_state(state, max_per_hour=MAX_PER_HOUR, step=STEP)
    assert feed(restored, 9, 3600) == 10
    assert feed(restored, 110, 3600) == 110


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(0, 1_000_000)),
            st.floats(-7200, 7200),
            st.floats(0, 7200),
            st.booleans(),
        )
    )
)
def test_what_is_believed_never_falls_and_never_outruns_the_device(
    readings: list[tuple[float | None, float, float, bool]],
) -> None:
    counter = guard()
    last: float | None = None
    at = seen = believed_at = believed_seen = NOON
    for raw, device_step, our_step, restart in readings:
        at += timedelta(seconds=device_step)
        seen += timedelta(seconds=our_step)
        if restart and (state := counter.as_state()):
            counter = CounterGuard.from_state(state, max_per_hour=MAX_PER_HOUR, step=STEP)
        believed = counter.update(raw, at=at, seen=seen)
        if believed is None:
            assert raw is None
            continue
        if last is not None:
            hours = max((at - believed_at).total_seconds(), (seen - believed_seen).total_seconds())
            assert last <= believed <= last + MAX_PER_HOUR * max(hours, 0) / 3600 + 3 * STEP
        if counter.pending is None:
            last, believed_at, believed_seen = believed, at, seen


@given(st.lists(st.floats(0, 0.02), min_size=1, max_size=50))
def test_a_healthy_counter_passes_unchanged(rises: list[float]) -> None:
    counter = guard()
    total = 1000.0
    for second, rise in enumerate(rises):
        total += rise
        assert feed(counter, total, second) == total


@pytest.mark.parametrize("step", [0.001, 0.1, 1.0])
def test_rounding_of_a_coarse_counter_is_no_jump(step: float) -> None:
    counter = CounterGuard(max_per_hour=1.0, step=step)
    feed(counter, 10, 0)
    assert feed(counter, 10 + step, 1) == 10 + step
