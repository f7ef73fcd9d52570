"""What the house may not have used yet, where its last known moment lies in a gap. Pure."""

from collections.abc import Mapping
from typing import Final

from .book import Book
from .source import SIGNS, Register
from .track import Track

# A quarter of an hour from a reading, the line between two readings is still good enough.
_NEAR_SLOTS: Final = 3


def doubt(book: Book, tracks: Mapping[Register, Track]) -> int:
    """Return the most (mWh) that the house can have used less than its known slots say.

    In a gap a counter is told as a straight line, but all of it may have come at its end:
    a solar counter of which nothing was gained so far, an export that is all over. Once
    the house has got past the gap there is no doubt left.
    """
    edge = book.house_end
    return sum(_doubt(book, register, track, edge) for register, track in tracks.items())


def _doubt(book: Book, register: Register, track: Track, edge: int) -> int:
    opened = _opened(book, register, track, edge)
    if opened is None or edge - opened <= _NEAR_SLOTS:
        return 0
    end = edge
    while _opened(book, register, track, end + 1) == opened:
        end += 1
    if end - edge <= _NEAR_SLOTS or register.total is None:
        return 0
    span = range(opened, edge) if SIGNS[register.total] > 0 else range(edge, end + 1)
    return sum(_mwh(book, register, track, slot) for slot in span)


def _opened(book: Book, register: Register, track: Track, slot: int) -> int | None:
    """Return the slot of the reading that the start of a slot was told from."""
    if slot == track.running:
        return track.opened
    cell = book.cells.get(slot, {}).get(register)
    return None if cell is None else slot - cell.back


def _mwh(book: Book, register: Register, track: Track, slot: int) -> int:
    if slot == track.running:
        return track.mwh - track.edge_mwh
    cell = book.cells.get(slot, {}).get(register)
    return 0 if cell is None else cell.mwh or 0
