"""The guard of energy counters: one for all brands and the house. Pure.

A counter is believed as long as it behaves like one. A value that falls, or rises more
than the device can physically deliver in the time that passed, is held back: the last
believed value stays, and the caller can see what is held and since when. A jump that
time makes possible after all is believed then; a fall is believed only on request
(`accept_pending`), because a device that forgets its total looks just like a glitch.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, TypedDict

_HOUR = timedelta(hours=1)


class CounterState(TypedDict):
    """What a guard remembers over a restart (JSON)."""

    value: float
    at: str
    seen: str


@dataclass(slots=True)
class CounterGuard:
    """Lets the values of one counter through as far as they can be believed."""

    max_per_hour: float
    """The most that the counter can physically rise in an hour, in its own unit."""
    step: float
    """The resolution of the counter, in its own unit."""
    value: float | None = None
    """The last believed value."""
    pending: float | None = None
    """The value that is held back at the moment."""
    pending_since: datetime | None = None
    _at: datetime | None = None
    _seen: datetime | None = None

    def update(self, raw: float | None, *, at: datetime, seen: datetime) -> float | None:
        """Return the value to believe after the device said `raw`.

        `at` is the device's own time and `seen` ours: a backlog is old but arrives at
        once, a device with a wrong clock is seen at the right time, so the longer of
        both spans counts. An unknown value (None) changes nothing and returns None.
        """
        if raw is None:
            return None
        if self._believable(raw, at, seen):
            self._believe(raw, at, seen)
        else:
            self.pending_since = self.pending_since or seen
            self.pending = raw
        return self.value

    def accept_pending(self) -> None:
        """Believe the value that is held back: the user says that the device is right."""
        if self.pending is not None:
            self.value = self.pending
            self.pending = self.pending_since = None

    def as_state(self) -> CounterState | None:
        """Return what a restart must remember; None before the first value."""
        if self.value is None or self._at is None or self._seen is None:
            return None
        return {"value": self.value, "at": self._at.isoformat(), "seen": self._seen.isoformat()}

    @classmethod
    def from_state(cls, state: CounterState, *, max_per_hour: float, step: float) -> Self:
        """Return the guard as it stood when `as_state` was called."""
        return cls(
            max_per_hour=max_per_hour,
            step=step,
            value=state["value"],
            _at=datetime.fromisoformat(state["at"]),
            _seen=datetime.fromisoformat(state["seen"]),
        )

    def _believe(self, raw: float, at: datetime, seen: datetime) -> None:
        self.value, self._at, self._seen = raw, at, seen
        self.pending = self.pending_since = None

    def _believable(self, raw: float, at: datetime, seen: datetime) -> bool:
        if self.value is None or self._at is None or self._seen is None:
            return True
        if raw == self.value:
            return True
        if raw < self.value:
            return False
        hours = max(at - self._at, seen - self._seen, timedelta(0)) / _HOUR
        # Two steps: the value before and the value now are both rounded.
        return raw - self.value <= self.max_per_hour * hours + 2 * self.step
