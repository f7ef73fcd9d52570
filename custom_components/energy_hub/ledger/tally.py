"""Energies up to this moment: whole slots and the running one. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .book import Book
from .source import SIGNS, Grade, Register, Total, worst
from .timegrid import SLOT_MS, to_instant
from .track import KWH, Track


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
    """The slots to add up."""

    start: int | None
    """The first one; None for everything since the ledger began."""
    late: int
    """A counter that is not known up to here (ms) is missing."""

    def slots(self, book: Book) -> range:
        """Return them; none when it has no start."""
        return range(book.end if self.start is None else self.start, book.end)

    def begun(self, at: int) -> bool:
        """Return whether anything of it lies before an instant (ms)."""
        return self.start is None or at > self.start * SLOT_MS


def flow_tally(total: Total, book: Book, tracks: Mapping[Register, Track], span: Span) -> Tally:
    """Return the energy of one flow and direction; each of its counters as far as it goes."""
    own = [track for register, track in tracks.items() if register.total is total]
    at = min((track.at for track in own if track.at is not None), default=None)
    if own and (at is None or not span.begun(at)):
        return Tally(None, None if at is None else to_instant(at), Grade.MISSING)
    mwh = _entered(total, book, span)
    mwh += sum(track.part(track.at) for track in own if track.at is not None)
    grades = [*_grades(total, book, span), *(_grade(track, span) for track in own)]
    return Tally(mwh / KWH, None if at is None else to_instant(at), worst(grades))


def house_tally(
    book: Book, tracks: Mapping[Register, Track], span: Span, highest: int
) -> tuple[Tally, int]:
    """Return the energy of the house, up to the moment that every counter has reached.

    `highest` is the most that was returned since the ledger began (mWh): the total does
    not fall below it. The new one is returned too.
    """
    needed = {register: track for register, track in tracks.items() if register.total}
    at, part = _house_part(book, needed)
    whole = book.known.get(Total.HOUSE, 0)
    highest = max(highest, whole + part)
    if not span.begun(at):
        return Tally(None, to_instant(at), Grade.MISSING), highest
    inside = _entered(Total.HOUSE, book, span) - whole
    grades = [
        *_grades(Total.HOUSE, book, span),
        *(_grade(track, span) for track in needed.values()),
    ]
    return Tally((highest + inside) / KWH, to_instant(at), worst(grades)), highest


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


def _entered(total: Total, book: Book, span: Span) -> int:
    """Return the energy (mWh) of the slots of a span, as far as it is known."""
    if span.start is None:
        return book.known.get(total, 0)
    if total is Total.HOUSE:
        cells = [book.sums(slot).get(total) for slot in span.slots(book)]
    else:
        cells = [
            cell
            for slot in span.slots(book)
            for register, cell in book.cells.get(slot, {}).items()
            if register.total is total
        ]
    return sum(cell.mwh or 0 for cell in cells if cell)


def _grades(total: Total, book: Book, span: Span) -> Iterator[Grade]:
    for slot in span.slots(book):
        if cell := book.sums(slot).get(total):
            yield cell.grade


def _grade(track: Track, span: Span) -> Grade:
    """Return how far the running slot of a counter can be trusted."""
    if track.at is None or track.at < span.late:
        return Grade.MISSING
    return Grade.MEASURED if track.whole else Grade.ESTIMATED
