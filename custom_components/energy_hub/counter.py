"""The guard of energy counters: one for all brands and the house. Pure.

A counter is believed as long as it behaves like one. A value that falls, or rises more
than the device can physically deliver in the time that passed, is held back: the last
believed value stays, and the caller can see what is held and since when. A jump that
time makes possible after all is believed then; a fall is believed only on request
(`accept_pending`), because a device that forgets its total looks just like a glitch.

What is known of a kind of counter (`Habits`) is put right without asking: turns of a
counter that begins again at 0, another source, another series that goes on for long.
What is shown then goes on where it stood; `offset` is how far it is from the device's.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Final, NotRequired, Self, TypedDict

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a kind of counter does besides counting, in its own unit."""

    wrap: float | None = None
    """Where it begins again at 0."""
    dip: float = 0.0
    """The part of its value by which it may fall back: sums whose parts are not of one moment."""
    late: timedelta = timedelta(0)
    """How much older than its time a value may be."""
    settle: timedelta | None = None
    """How long another series must go on until it is the counter; None: never by itself."""


PLAIN: Final = Habits()


class RivalState(TypedDict):
    """Where another series began (JSON)."""

    first: float
    since: str


class CounterState(TypedDict):
    """What a guard remembers over a restart (JSON)."""

    value: float
    at: str
    seen: str
    offset: NotRequired[float]
    source: NotRequired[str]
    corrections: NotRequired[int]
    rival: NotRequired[RivalState]


@dataclass(slots=True)
class CounterGuard:
    """Lets the values of one counter through as far as they can be believed."""

    max_per_hour: float
    """The most that the counter can physically rise in an hour, in its own unit."""
    step: float
    """The resolution of the counter, in its own unit."""
    habits: Habits = PLAIN
    value: float | None = None
    """The last believed value."""
    pending: float | None = None
    """The value that is held back at the moment."""
    pending_since: datetime | None = None
    offset: float = 0.0
    """How much more is shown than the device says."""
    corrections: int = 0
    """How often the offset had to change."""
    _at: datetime | None = None
    _seen: datetime | None = None
    _source: str | None = None
    _rival: _Rival | None = field(default=None, repr=False)

    def update(
        self, raw: float | None, *, at: datetime, seen: datetime, source: str | None = None
    ) -> float | None:
        """Return the value to believe after the device said `raw`.

        `at` is the device's own time and `seen` ours: a backlog is old but arrives at
        once, a device with a wrong clock is seen at the right time, so the longer of
        both spans counts. An unknown value (None) changes nothing and returns None.
        With another `source` the counter is another one: it goes on from the same value.
        """
        if raw is None:
            return None
        if self.value is not None and source != self._source and raw > 0:
            self._go_on(raw, self.value, at, seen)
        elif (offset := self._fitting(raw, at, seen)) is not None:
            self.corrections += offset != self.offset
            self.offset = offset
            self._believe(max(raw + offset, self.value or raw), at, seen)
        else:
            self._doubt(raw, at, seen)
            return self.value
        self._source = source
        return self.value

    def accept_pending(self) -> None:
        """Believe the value that is held back: the user says that the device is right.

        What settles by itself goes on from where it stands, anything else shows the new value.
        """
        if self.pending is None or self.value is None:
            return
        if self.habits.settle is None:
            self.value, self.offset = self.pending, 0.0
        else:
            self.offset = self.value - self.pending
        self.corrections += 1
        self._settled()

    def as_state(self) -> CounterState | None:
        """Return what a restart must remember; None before the first value."""
        if self.value is None or self._at is None or self._seen is None:
            return None
        state = CounterState(value=self.value, at=self._at.isoformat(), seen=self._seen.isoformat())
        if self._source is not None:
            state["source"] = self._source
        if self.corrections:
            state |= {"offset": self.offset, "corrections": self.corrections}
        if self._rival is not None:
            state["rival"] = self._rival.as_state()
        return state

    @classmethod
    def from_state(
        cls, state: CounterState, *, max_per_hour: float, step: float, habits: Habits = PLAIN
    ) -> Self:
        """Return the guard as it stood when `as_state` was called."""
        guard = cls(
            max_per_hour=max_per_hour,
            step=step,
            habits=habits,
            value=state["value"],
            offset=state.get("offset", 0.0),
            corrections=state.get("corrections", 0),
            _at=datetime.fromisoformat(state["at"]),
            _seen=datetime.fromisoformat(state["seen"]),
            _source=state.get("source"),
        )
        if (rival := state.get("rival")) is not None:
            since = datetime.fromisoformat(rival["since"])
            guard._rival = _Rival.begin(guard, rival["first"], since, since)
        return guard

    def _believe(self, value: float, at: datetime, seen: datetime) -> None:
        self.value, self._at, self._seen = value, at, seen
        self._settled()

    def _settled(self) -> None:
        self.pending = self.pending_since = self._rival = None

    def _go_on(self, raw: float, value: float, at: datetime, seen: datetime) -> None:
        """Believe a raw value of another series to be `value`."""
        self.offset = value - raw
        self.corrections += 1
        self._believe(value, at, seen)

    def _doubt(self, raw: float, at: datetime, seen: datetime) -> None:
        self.pending_since = self.pending_since or seen
        self.pending = raw
        settle = self.habits.settle
        # Zero is what a device says that does not know; it is never a new series.
        if settle is None or self.value is None or raw <= 0:
            return
        if self._rival is None or not self._rival.goes_on(raw, at, seen):
            self._rival = _Rival.begin(self, raw, at, seen)
        elif seen - self._rival.since >= settle:
            self._go_on(raw, self.value + raw - self._rival.first, at, seen)

    def _fitting(self, raw: float, at: datetime, seen: datetime) -> float | None:
        """Return the offset with which a raw value can be believed, None if there is none."""
        if self.value is None or self._at is None or self._seen is None:
            return 0.0
        if raw + self.offset == self.value:
            return self.offset
        hours = (max(at - self._at, seen - self._seen, timedelta(0)) + self.habits.late) / _HOUR
        # Two steps: the value before and the value now are both rounded.
        most = self.value + self.max_per_hour * hours + 2 * self.step
        least = self.value * (1 - self.habits.dip)
        if least <= raw + self.offset <= most:
            return self.offset
        wrap = self.habits.wrap
        if wrap is None or raw <= 0:
            return None
        offset = self.offset + wrap * ceil((least - raw - self.offset) / wrap)
        return offset if raw + offset <= most else None


@dataclass(slots=True)
class _Rival:
    """Another series than the one that is believed, watched until it has proved itself."""

    first: float
    since: datetime
    guard: CounterGuard

    @classmethod
    def begin(cls, main: CounterGuard, raw: float, at: datetime, seen: datetime) -> _Rival:
        """Return the series that begins with this value."""
        habits = Habits(dip=main.habits.dip, late=main.habits.late)
        guard = CounterGuard(main.max_per_hour, main.step, habits)
        guard.update(raw, at=at, seen=seen)
        return cls(raw, seen, guard)

    def as_state(self) -> RivalState:
        """Return what a restart must remember."""
        return {"first": self.first, "since": self.since.isoformat()}

    def goes_on(self, raw: float, at: datetime, seen: datetime) -> bool:
        """Return whether this value can be the next one of the series."""
        self.guard.update(raw, at=at, seen=seen)
        return self.guard.pending is None
