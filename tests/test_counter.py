"""The guard of counters: what is believed, what is held back, what a restart remembers."""

from datetime import UTC, datetime, timedelta
from itertools import cycle

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.counter import CounterGuard, Habits

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


WRAP = 2**32 / 3_600_000
ENVOY = Habits(wrap=WRAP, dip=0.0005, late=timedelta(minutes=15), settle=timedelta(minutes=10))
MOST_KW = 5.0


def envoy_guard() -> CounterGuard:
    return CounterGuard(MOST_KW, STEP, ENVOY)


def test_a_turn_of_the_counter_is_added_and_its_repair_taken_back() -> None:
    counter = envoy_guard()
    feed(counter, WRAP - 0.1, 0)
    assert feed(counter, 0.1, 60) == pytest.approx(WRAP + 0.1)
    assert counter.corrections == 1
    assert feed(counter, 0.2, 120) == pytest.approx(WRAP + 0.2)
    assert feed(counter, WRAP + 0.3, 180) == pytest.approx(WRAP + 0.3)
    assert (counter.offset, counter.corrections) == (pytest.approx(0), 2)


def test_several_turns_at_once() -> None:
    counter = envoy_guard()
    feed(counter, 5 * WRAP + 10, 0)
    assert feed(counter, 2 * WRAP + 10.2, 60) == pytest.approx(5 * WRAP + 10.2)


def test_zero_is_never_a_turn_nor_another_series() -> None:
    counter = envoy_guard()
    feed(counter, WRAP - 0.01, 0)
    for minute in range(1, 60):
        assert feed(counter, 0, 60 * minute) == WRAP - 0.01
    assert counter.pending == 0
    assert feed(counter, WRAP, 3600) == WRAP
    assert (counter.pending, counter.corrections) == (None, 0)


def test_another_source_goes_on_from_the_same_value() -> None:
    counter = envoy_guard()
    at = NOON + timedelta(minutes=1)
    counter.update(6139.4, at=NOON, seen=NOON, source="meter")
    assert counter.update(174.1, at=at, seen=at, source="inverters") == 6139.4
    at += timedelta(minutes=1)
    assert counter.update(174.15, at=at, seen=at, source="inverters") == pytest.approx(6139.45)


def test_a_short_disturbance_costs_nothing() -> None:
    counter = envoy_guard()
    feed(counter, 3000, 0)
    for minute in range(1, 9):
        assert feed(counter, 1500 + minute / 100, 60 * minute) == 3000
    assert feed(counter, 3000.2, 540) == 3000.2
    assert counter.corrections == 0


def test_another_series_is_believed_after_a_while_and_loses_one_reading() -> None:
    counter = envoy_guard()
    feed(counter, 3000, 0)
    for minute in range(1, 11):
        assert feed(counter, 20 + minute / 100, 60 * minute) == 3000
    assert feed(counter, 20.11, 660) == pytest.approx(3000.10)
    assert counter.corrections == 1


def test_a_series_that_makes_no_sense_is_never_believed() -> None:
    counter = envoy_guard()
    feed(counter, 3000, 0)
    for minute in range(1, 120):
        assert feed(counter, 20 if minute % 3 else 500, 60 * minute) == 3000


def test_small_dips_are_not_shown_and_no_complaint() -> None:
    counter = envoy_guard()
    feed(counter, 3000, 0)
    assert feed(counter, 2999.9, 60) == 3000
    assert counter.pending is None
    assert feed(counter, 3000.1, 120) == 3000.1


def test_the_user_may_believe_zero_and_nothing_falls() -> None:
    counter = envoy_guard()
    feed(counter, 3000, 0)
    feed(counter, 0, 60)
    counter.accept_pending()
    assert feed(counter, 0.1, 120) == pytest.approx(3000.1)


class Envoy:
    """A device that counts energy, and what it shows of it."""

    def __init__(self) -> None:
        self.energy_kwh = 3000.0
        self.offsets = {"meter": 0.0, "inverters": -2000.0}
        self.source = "meter"
        self.targets = cycle((7.0, 900.0, 40.0, 5000.0))
        self.wrapped = self.zero = False

    @property
    def raw(self) -> float:
        """Return what it shows now."""
        shown = self.energy_kwh + self.offsets[self.source]
        if self.zero:
            return 0.0
        return shown % WRAP if self.wrapped else shown

    def disturb(self, kind: str) -> None:
        """Change what it shows."""
        match kind:
            case "wrap":
                self.wrapped = not self.wrapped
            case "zero":
                self.zero = not self.zero
            case "source":
                self.source = "inverters" if self.source == "meter" else "meter"
            case "series":
                self.offsets[self.source] = next(self.targets) - self.energy_kwh


DISTURBANCES = ("wrap", "zero", "source", "series")
CALM = 12
"""Minutes after which a disturbance is over: longer than another series needs to settle."""


@given(
    st.lists(st.tuples(st.sampled_from(DISTURBANCES), st.integers(0, 60)), max_size=12),
    st.lists(st.floats(0, 1), min_size=1, max_size=30),
    st.sets(st.integers(0, 200)),
)
def test_whatever_happens_nothing_falls_doubles_or_is_lost_for_long(
    disturbances: list[tuple[str, int]], sun: list[float], restarts: set[int]
) -> None:
    device, counter, now = Envoy(), envoy_guard(), NOON
    first = shown = counter.update(device.raw, at=now, seen=now, source=device.source) or 0.0
    made, minute, most = 0.0, 0, MOST_KW / 60

    def read(times: int) -> None:
        nonlocal counter, now, shown, made, minute
        for _ in range(times):
            if minute in restarts and (state := counter.as_state()):
                counter = CounterGuard.from_state(
                    state, max_per_hour=MOST_KW, step=STEP, habits=ENVOY
                )
            now += timedelta(minutes=1)
            minute += 1
            energy = most * sun[minute % len(sun)]
            device.energy_kwh += energy
            made += energy
            believed = counter.update(device.raw, at=now, seen=now, source=device.source)
            assert believed is not None
            assert shown <= believed <= first + made + STEP
            shown = believed

    for kind, minutes in disturbances:
        device.disturb(kind)
        read(minutes)
        device.zero = False
        read(CALM)
    assert first + made - shown <= len(disturbances) * most + STEP
