"""One counter on the time grid: its energy in each slot. Pure.

Between two readings the counter is a straight line, so it has a value at every edge of
the grid, and a slot holds the difference of the values at its edges. Energies are whole
mWh (a millionth of a kWh): the slots add up to the counter exactly, whatever was read
and when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Final, NamedTuple, Self, TypedDict

from .source import Grade
from .timegrid import SLOT_MS

KWH: Final = 1_000_000
"""mWh in a kWh."""
# An edge with a reading this near is as good as measured; a fifth of a slot.
_NEAR_MS: Final = 60_000


class Cell(NamedTuple):
    """The energy of one counter in one slot (mWh); None where it can never be known."""

    mwh: int | None
    grade: Grade
    back: int = 0
    """How many slots before this one the reading lies that its start was told from."""


class TrackState(TypedDict):
    """A track as it is remembered over a restart (JSON)."""

    since: int
    at: int | None
    mwh: int
    read_at: int
    edge_mwh: int
    whole: bool
    opened: int
    unplaced: int


UNKNOWN: Final = Cell(None, Grade.MISSING)


@dataclass(slots=True)
class Track:
    """Follows one counter that a guard has already let through."""

    since: int
    """From when (ms) the house needs it."""
    at: int | None = None
    """Up to when (ms) it is known; None before the first reading."""
    mwh: int = 0
    """The counter at `at`."""
    read_at: int = 0
    """When (ms) it was read last."""
    edge_mwh: int = 0
    """The counter at the start of the running slot, or where its part that is known begins."""
    whole: bool = False
    """Whether a reading was near that start and nothing of the slot is unknown since."""
    opened: int = 0
    """The slot of the last reading before that start."""
    unplaced: int = 0
    """Energy (mWh) of a time that is kept no more: it is in no slot."""

    @property
    def running(self) -> int | None:
        """The slot that is not complete yet."""
        return None if self.at is None else self.at // SLOT_MS

    def read(self, at: int, kwh: float, floor: int) -> Iterator[tuple[int, Cell]]:
        """Take in what the counter showed (ms, kWh); yield the slots that this completes.

        Nothing is placed in slots before `floor`. What is no counter (negative, not
        finite) or not newer than what is known changes nothing.
        """
        if not isfinite(kwh) or kwh < 0 or (self.at is not None and at <= self.at):
            return
        mwh = round(kwh * KWH)
        if self.at is None:
            self.at, self.mwh, self.edge_mwh = at, mwh, mwh
            self.whole, self.opened = at % SLOT_MS == 0, at // SLOT_MS
        elif mwh < self.mwh:
            yield from self._restart(self.at, at, mwh, floor)
        else:
            yield from self._rise(self.at, at, mwh, floor, read=True)
        self.read_at = at

    def rest(self, at: int, floor: int) -> Iterator[tuple[int, Cell]]:
        """Let the counter stand still until `at` (ms) without a reading; yield as `read`."""
        if self.at is not None and at > self.at:
            yield from self._rise(self.at, at, self.mwh, floor, read=False)

    def part(self, at: int) -> int:
        """Return the energy (mWh) of the running slot up to `at` (ms), which it has reached."""
        if self.at is None or self.at % SLOT_MS == 0:
            return 0
        known = self.mwh - self.edge_mwh
        return known * (at % SLOT_MS) // (self.at % SLOT_MS)

    def _rise(
        self, begin: int, at: int, mwh: int, floor: int, *, read: bool
    ) -> Iterator[tuple[int, Cell]]:
        """Go in a straight line to the new value; yield the slots it completes."""
        begin_mwh, last_read = self.mwh, self.read_at

        def value(ms: int) -> int:
            return begin_mwh + (mwh - begin_mwh) * (ms - begin) // (at - begin)

        if begin < floor * SLOT_MS:
            self._skip(value(min(floor * SLOT_MS, at)), floor)
        for slot in range(max(begin // SLOT_MS, floor), at // SLOT_MS):
            end = (slot + 1) * SLOT_MS
            near = end - last_read <= _NEAR_MS or (read and at - end <= _NEAR_MS)
            grade = Grade.MEASURED if self.whole and near else Grade.ESTIMATED
            yield slot, Cell(value(end) - self.edge_mwh, grade, slot - self.opened)
            self.edge_mwh, self.whole = value(end), near
            self.opened = max(begin // SLOT_MS, floor)
        if at % SLOT_MS == 0:
            self.opened = at // SLOT_MS
        self.at, self.mwh = at, mwh

    def _skip(self, mwh: int, floor: int) -> None:
        """Give up placing what was counted before this value."""
        self.unplaced += mwh - self.edge_mwh
        self.edge_mwh, self.whole, self.opened = mwh, False, floor

    def _restart(self, begin: int, at: int, mwh: int, floor: int) -> Iterator[tuple[int, Cell]]:
        """Go on from a lower value that was accepted: what came in between is unknown."""
        if begin < floor * SLOT_MS:
            self._skip(self.mwh, floor)
        running, known = begin // SLOT_MS, self.mwh - self.edge_mwh
        for slot in range(max(running, floor), at // SLOT_MS):
            cell = Cell(known, Grade.ESTIMATED, slot - self.opened)
            yield slot, cell if slot == running else UNKNOWN
        # What is known of a slot that still runs stays in it.
        self.edge_mwh = mwh - (known if running == at // SLOT_MS else 0)
        self.at, self.mwh, self.whole, self.opened = at, mwh, False, at // SLOT_MS

    def as_state(self) -> TrackState:
        """Return all of it for JSON."""
        return {
            "since": self.since,
            "at": self.at,
            "mwh": self.mwh,
            "read_at": self.read_at,
            "edge_mwh": self.edge_mwh,
            "whole": self.whole,
            "opened": self.opened,
            "unplaced": self.unplaced,
        }

    @classmethod
    def from_state(cls, state: TrackState) -> Self:
        """Return the track that `as_state` wrote."""
        return cls(**state)
