"""Energies up to this moment: whole slots and the running one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .book import Book
from .doubt import doubt
from .source import SIGNS, Grade, Register, Total, worst
from .timegrid import SLOT_MS, to_instant
from .track import KWH, Cell, Track


@dataclass(frozen=True, slots=True)
class Tally:
    """An energy up to the moment that its counters have reached."""

    kwh: float | None
    """None while nothing of the span is known."""
    at: datetime | None
    """Up to when it counts (UTC); None before the first reading."""
    grade: Grade
    """The worst of the span, or of this moment; missing: a part of it is not in the number."""


class Span(NamedTuple):
    """What to add up."""

    start: int | None
    """The first slot; None for everything since the ledger began."""
    late: int
    """A counter that is not known up to here (ms) is missing."""

    def begun(self, at: int) -> bool:
        """Return whether anything of it lies before an instant (ms)."""
        return self.start is None or at > self.start * SLOT_MS

    def slots(self, total: Total, book: Book) -> Cell:
        """Return what a sum holds in its slots, as far as it is known, and the worst grade."""
        if self.start is None:
            return Cell(book.known.get(total, 0), Grade.MEASURED)
        return book.span(self.start)[total]

    def grade(self, track: Track) -> Grade:
        """Return how far a counter can be trusted at the moment."""
        if track.at is None or track.at < self.late:
            return Grade.MISSING
        return Grade.MEASURED if track.whole else Grade.ESTIMATED


def flow_tally(total: Total, book: Book, tracks: Mapping[Register, Track], span: Span) -> Tally:
    """Return the energy of one flow and direction; each of its counters as far as it goes."""
    own = [track for register, track in tracks.items() if register.total is total]
    at = min((track.at for track in own if track.at is not None), default=None)
    if own and (at is None or not span.begun(at)):
        return Tally(None, None if at is None else to_instant(at), Grade.MISSING)
    slots = span.slots(total, book)
    parts = sum(track.part(track.at) for track in own if track.at is not None)
    return Tally(
        ((slots.mwh or 0) + parts) / KWH,
        None if at is None else to_instant(at),
        worst([slots.grade, *map(span.grade, own)]),
    )


def house_tally(
    book: Book, tracks: Mapping[Register, Track], span: Span, highest: int
) -> tuple[Tally, int]:
    """Return the energy of the house, up to the moment that every counter has reached.

    `highest` is the most that was returned since the ledger began (mWh): the total does
    not fall below it, and what may have flowed later in a gap is not in it yet. The new
    one is returned too.
    """
    needed = {register: track for register, track in tracks.items() if register.total}
    at, part = _house_part(book, needed)
    whole = book.known.get(Total.HOUSE, 0)
    unsure = doubt(book, needed)
    highest = max(highest, whole + part - unsure)
    if not span.begun(at):
        return Tally(None, to_instant(at), Grade.MISSING), highest
    slots = span.slots(Total.HOUSE, book)
    grades = [slots.grade, *map(span.grade, needed.values())]
    grade = worst([*grades, Grade.MISSING] if unsure else grades)
    mwh = max(0, highest - whole + (slots.mwh or 0))
    return Tally(mwh / KWH, to_instant(at), grade), highest


def _house_part(book: Book, tracks: Mapping[Register, Track]) -> tuple[int, int]:
    """Return how far the house is known (ms), and its energy since its last whole slot (mWh).

    A counter that is ahead counts with its share of the slot, as if it had risen evenly.
    """
    slot = book.frontier
    start = slot * SLOT_MS
    cells = book.cells.get(slot, {})
    reached = [track.at for track in tracks.values()]
    known = [at for at in reached if at is not None]
    at = min(known, default=start)
    if len(known) < len(reached) or at <= start:
        return start, 0
    net = -book.owed
    for register, track in tracks.items():
        if register in cells:
            mwh = (cells[register].mwh or 0) * (at - start) // SLOT_MS
        else:
            mwh = track.part(at)
        net += SIGNS[register.total] * mwh if register.total else 0
    return at, max(0, net)
