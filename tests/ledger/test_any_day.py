"""Two hundred days, polled at random, with delays, gaps and restarts: the energy is right."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
import json
from random import Random
from typing import Final

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.energy_hub.ledger.days import length_of
from custom_components.energy_hub.ledger.energy import Energy, Row
from custom_components.energy_hub.ledger.source import Grade, Total, registers
from custom_components.energy_hub.ledger.timegrid import SLOT

from .days import BRUSSELS, SOURCES, Home, simulated

DAYS: Final = {
    date(2026, 3, 29): 23,
    date(2026, 10, 25): 25,
    date(2026, 1, 14): 24,
    date(2026, 7, 21): 24,
}
EXAMPLES: Final = 50


def mwh(kwh: float | None) -> int:
    assert kwh is not None
    return round(kwh * 1_000_000)


class Run:
    """One day of one home: its ledger, and somebody who writes the slots down."""

    def __init__(self, home: Home) -> None:
        self.home, self.random = home, home.random
        self.energy = Energy(SOURCES, home.day.start)
        self.written: dict[datetime, Row] = {}
        self.settled = home.day.start
        self.house_kwh = 0.0
        self.outages = [self._outage() for _ in range(self.random.randrange(4))]

    def _outage(self) -> tuple[datetime, datetime]:
        """Return a time in which nobody listens; it ends with a restart."""
        day = self.home.day
        start = day.start + self.random.random() * (day.end - day.start)
        return start, start + timedelta(seconds=self.random.uniform(0, 7200))

    def live(self) -> None:
        """Take in every reading, ask now and then, go away and come back."""
        day = self.home.day
        last = max(arrival.now for arrival in self.home.arrivals) + SLOT
        events: list[tuple[datetime, Callable[[datetime], None]]] = [
            (arrival.now, lambda now, arrival=arrival: self.energy.feed(arrival.reading, now))
            for arrival in self.home.arrivals
            if arrival.reading.at == day.end or not self.away(arrival.now)
        ]
        at = day.start
        while (at := at + self.random.choice((1, 2, 6, 12)) * SLOT) < last:
            if not self.away(at):
                events.append((at, self.ask))
        events += [(end, self.restart) for _start, end in self.outages]
        for now, act in sorted(events, key=lambda event: event[0]):
            act(now)
        while self.energy.changes(last).rows:
            self.write(last)

    @property
    def rows(self) -> list[Row]:
        """What was written down, in the order of time."""
        return [self.written[start] for start in sorted(self.written)]

    def away(self, now: datetime) -> bool:
        return any(start <= now < end for start, end in self.outages)

    def ask(self, now: datetime) -> None:
        """Look at the house, and most of the time write down what is new."""
        kwh = self.energy.totals(now)[Total.HOUSE].kwh
        assert kwh is not None
        assert kwh >= self.house_kwh
        # It does not run ahead, but by what a straight line of a quarter of an hour is off.
        assert kwh <= self.home.day.used_kwh(now) + self.home.resolution_kwh + 0.25
        self.house_kwh = kwh
        if self.random.random() < 0.8:
            self.write(now)

    def write(self, now: datetime) -> None:
        """Write down what changed; now and then the answer is lost on the way back."""
        changes = self.energy.changes(now)
        for row in changes.rows:
            assert row.start >= self.settled or row == self.written[row.start]
        self.settled = changes.settled
        self.written |= {row.start: row for row in changes.rows}
        if self.random.random() < 0.9:
            self.energy.confirm(changes.revision)

    def restart(self, now: datetime) -> None:
        state = json.loads(json.dumps(self.energy.as_state()))
        self.energy = Energy.from_state(state, SOURCES, now)
        assert self.energy.as_state() == state


@pytest.mark.parametrize("day", DAYS)
@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**32))
def test_any_day_is_right(day: date, seed: int) -> None:
    truth = simulated(day)
    home = Home(truth, Random(seed))
    run = Run(home)
    run.live()
    rows = run.rows

    # Every slot of the day is there, once, and cannot change any more.
    assert len(rows) == DAYS[day] * 12 == length_of(day, BRUSSELS) / SLOT
    assert all(row.sums.keys() == {*Total} for row in rows)

    # The slots of each counter are what it counted, exactly: right to its resolution.
    steps = {source.id: step_kwh for source, step_kwh in home.step_kwh.items()}
    for register in registers(SOURCES):
        step_kwh, counted = steps[register.source], truth.counters[register]
        shown = [truth.shown(register, at, step_kwh) for at in (truth.start, truth.end)]
        total = sum(mwh(row.registers[register].kwh) for row in rows)
        assert total == mwh(shown[1]) - mwh(shown[0])
        assert abs(total / 1e6 - (counted[-1] - counted[0])) <= step_kwh

    # The house never runs backwards, and ends where the counters say.
    house = [mwh(row.sums[Total.HOUSE].kwh) for row in rows]
    assert min(house) >= 0
    resolution = home.resolution_kwh
    assert sum(house) / 1e6 == pytest.approx(truth.load_kwh, abs=resolution)
    assert run.house_kwh <= run.energy.totals(truth.end)[Total.HOUSE].kwh
    assert run.energy.totals(truth.end)[Total.HOUSE].kwh == pytest.approx(
        truth.load_kwh, abs=resolution
    )


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32))
def test_a_measured_slot_is_right_to_what_flows_in_a_minute(seed: int) -> None:
    day = simulated(next(iter(DAYS)))
    home = Home(day, Random(seed))
    run = Run(home)
    run.live()
    for source in SOURCES:
        register = registers((source,))[0]
        counted = day.counters[register][::5]
        minute_kwh = max(later - kwh for kwh, later in pairwise(day.counters[register]))
        doubt_kwh = 2 * minute_kwh + home.step_kwh[source]
        for row, (first, last) in zip(run.rows, pairwise(counted), strict=True):
            amount = row.registers[register]
            if amount.grade is Grade.MEASURED:
                assert amount.kwh == pytest.approx(last - first, abs=doubt_kwh)
