"""The energy of the house over a restart, small and fit for JSON. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypedDict

from .book import Book
from .source import Grade, Register, Total
from .timegrid import HOUR_SLOTS
from .track import Cell, Track, TrackState

# One letter a slot.
_LETTERS: Final = {Grade.MEASURED: "m", Grade.ESTIMATED: "e", Grade.MISSING: "x"}
_GRADES: Final = {letter: grade for grade, letter in _LETTERS.items()}
_NOTHING: Final = "-"


class RowState(TypedDict):
    """The slots of one counter in one hour: grades, and of those known energy (mWh) and `back`."""

    grades: str
    mwh: list[int]
    back: list[int]


class HourState(TypedDict):
    """One hour, by register."""

    revision: int
    rows: dict[str, RowState]


class BookState(TypedDict):
    """The slots; hours by their number since 1970."""

    begin: int
    floor: int
    debt: int
    known: dict[str, int]
    revision: int
    hours: dict[str, HourState]


class EnergyState(TypedDict):
    """Everything that a ledger of energy remembers."""

    confirmed: int
    given_up: int
    highest: int
    tracks: dict[str, TrackState]
    book: BookState


def book_state(book: Book) -> BookState:
    """Return what `restore_book` makes the same book of."""
    return {
        "begin": book.begin,
        "floor": book.floor,
        "debt": book.debt,
        "known": {total.value: mwh for total, mwh in book.known.items()},
        "revision": book.revision,
        "hours": {
            str(hour): {"revision": revision, "rows": _rows(book.cells, hour)}
            for hour, revision in book.revisions.items()
        },
    }


def restore_book(state: BookState, tracks: Mapping[Register, Track], given_up: int) -> Book:
    """Return the book with its sums as they stood; nothing of it counts as changed again."""
    book = Book(state["begin"])
    book.floor = state["floor"]
    book.debt = state["debt"]
    for hour, kept in state["hours"].items():
        for name, row in kept["rows"].items():
            for slot, cell in _cells(int(hour), row):
                book.put(Register.parse(name), slot, cell)
    book.redo(book.floor)
    book.sum_up(tracks, given_up)
    book.known = {Total(total): mwh for total, mwh in state["known"].items()}
    book.revision = state["revision"]
    book.revisions = {int(hour): kept["revision"] for hour, kept in state["hours"].items()}
    return book


def _rows(cells: Mapping[int, Mapping[Register, Cell]], hour: int) -> dict[str, RowState]:
    slots = [cells.get(hour * HOUR_SLOTS + index, {}) for index in range(HOUR_SLOTS)]
    registers = {register for slot in slots for register in slot}
    return {str(one): _row([slot.get(one) for slot in slots]) for one in sorted(registers)}


def _row(cells: Iterable[Cell | None]) -> RowState:
    slots = [*cells]
    known = [cell for cell in slots if cell and cell.mwh is not None]
    return {
        "grades": "".join(_LETTERS[cell.grade] if cell else _NOTHING for cell in slots),
        "mwh": [cell.mwh for cell in known if cell.mwh is not None],
        "back": [cell.back for cell in known],
    }


def _cells(hour: int, row: RowState) -> Iterator[tuple[int, Cell]]:
    known = zip(row["mwh"], row["back"], strict=True)
    for index, letter in enumerate(row["grades"]):
        if letter != _NOTHING:
            grade = _GRADES[letter]
            mwh, back = (None, 0) if grade is Grade.MISSING else next(known)
            yield hour * HOUR_SLOTS + index, Cell(mwh, grade, back)
