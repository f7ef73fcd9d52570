"""The energy of the house: counters in, slots and totals out. Pure.

Feed it every reading. Every five minutes ask for the `changes`, write them, `confirm`
them and save `as_state`: a row carries the whole energy of its slot, so writing it twice
changes nothing, and what was not confirmed comes again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from ..reading import Flow, Reading
from .book import Book
from .energy_state import EnergyState, book_state, restore_book
from .source import SIGNS, Direction, Grade, Register, Source, Total, registers
from .tally import Span, Tally, flow_tally, house_tally
from .timegrid import HOUR_SLOTS, SLOT_MS, slot_of, slot_start, to_instant, to_ms
from .track import KWH, Cell, Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long the ledger waits and remembers."""

    patience: timedelta = timedelta(hours=1)
    """How long a slot waits for a counter; then its sums are missing until it comes."""
    keep: timedelta = timedelta(hours=26)
    """How long a slot is kept that is over and done; the longest local day fits in."""
    longest: timedelta = timedelta(days=7)
    """How long a slot is kept that lacks a counter: a longer gap is not filled before it."""


DEFAULTS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Amount:
    """The energy of a slot in kWh, None where it is not known, and its grade."""

    kwh: float | None
    grade: Grade


@dataclass(frozen=True, slots=True)
class Row:
    """One slot of five minutes, as far as it is known."""

    start: datetime
    registers: Mapping[Register, Amount]
    """What each counter gave; those that have not reached the slot are not in it."""
    sums: Mapping[Total, Amount]
    """The sums; those that wait for a counter are not in it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new or changed since the last confirmation, in the order of time.

    It holds every known slot of each hour (UTC) in which anything changed, so that hours
    and quarters can be made of it without a memory. After a long gap there is more than
    a day of it: then it holds the rest when this is confirmed.
    """

    revision: int
    rows: tuple[Row, ...]
    settled: datetime
    """Slots before it cannot change any more."""
    more: bool = False
    """Whether there is a rest."""


class Energy:
    """The counters of one house on one time grid."""

    def __init__(self, sources: Iterable[Source], now: datetime, limits: Limits = DEFAULTS) -> None:
        """Begin a ledger; its house is summed from the next slot on."""
        self._limits: Final = limits
        self._book = Book(-(-to_ms(now) // SLOT_MS))
        self._confirmed = 0
        self._given_up = 0
        self._highest = 0
        self._tracks: dict[Register, Track] = {}
        self._rows: dict[int, tuple[int, tuple[Row, ...]]] = {}
        self._follow(sources, now)

    @property
    def unplaced_kwh(self) -> Mapping[Register, float]:
        """The energy that is in no slot: of a time before the first one that was kept."""
        return {register: track.unplaced / KWH for register, track in self._tracks.items()}

    @property
    def reached(self) -> Mapping[Register, datetime | None]:
        """Up to when (UTC) each counter is known; None before its first reading."""
        return {
            register: None if track.at is None else to_instant(track.at)
            for register, track in self._tracks.items()
        }

    def late(self, now: datetime) -> frozenset[tuple[Flow, str]]:
        """Return the flows and ids of sources of which a counter is given up for now."""
        edge = to_ms(now - self._limits.patience)
        return frozenset(
            (register.flow, register.source)
            for register, track in self._tracks.items()
            if (track.since if track.at is None else track.at) < edge
        )

    def feed(self, reading: Reading, now: datetime) -> None:
        """Take in the counters of a reading, which `CounterGuard` has let through.

        `reading.at` is when the counters stood so; one from the future counts as now.
        """
        at = min(to_ms(reading.at), to_ms(now))
        counters = {
            Direction.TO_HOUSE: reading.to_house_kwh,
            Direction.FROM_HOUSE: reading.from_house_kwh,
        }
        for direction, kwh in counters.items():
            register = Register(reading.flow, direction, reading.source)
            track = self._tracks.get(register)
            if track is None or kwh is None:
                continue
            if track.at is None:
                # What lies before its first reading stops waiting for it.
                self._book.redo(track.since // SLOT_MS)
            self._enter(register, track.read(at, kwh, self._floor(now)))

    def rest(self, now: datetime) -> None:
        """Let the solar counters that are silent stand still until now: the sun is down.

        Many inverters sleep at night, and the house should not wait for them. To be
        called when it is dark and the last readings of the day have come, not before.
        """
        for register, track in self._tracks.items():
            if register.flow is Flow.SOLAR and to_ms(now) - track.read_at >= 2 * SLOT_MS:
                self._enter(register, track.rest(to_ms(now), self._floor(now)))

    def changes(self, now: datetime) -> Changes:
        """Return the slots that are new or changed since the last `confirm`."""
        self._sum_up(now)
        settled = self._book.settled(self._tracks)
        keep, longest = slot_of(now - self._limits.keep), slot_of(now - self._limits.longest)
        self._book.forget(min(keep, settled), longest, self._confirmed)
        slots, revision = self._book.changed(self._confirmed)
        rows = tuple(_row(self._book, slot) for slot in slots)
        rest, _ = self._book.changed(revision)
        return Changes(revision, rows, slot_start(settled), bool(rest))

    def rows(self) -> tuple[Row, ...]:
        """Return all slots that are kept, in the order of time, as `changes` has summed them."""
        hours = {slot // HOUR_SLOTS for slot in self._book.kept()}
        self._rows = {hour: self._hour(hour) for hour in sorted(hours)}
        return tuple(row for _revision, rows in self._rows.values() for row in rows)

    def confirm(self, revision: int) -> None:
        """Note that the changes up to a revision are written and need not come again."""
        self._confirmed = max(self._confirmed, revision)

    def totals(self, now: datetime, since: datetime | None = None) -> dict[Total, Tally]:
        """Return the energies since an instant, or since the ledger began, up to now.

        Each flow goes as far as its counters have come, the house as far as all have;
        since the ledger began it never falls. `since` is the start of a quarter, hour or
        day within `keep`: raises ValueError if it is forgotten or no edge of a slot.
        """
        self._sum_up(now)
        span = Span(
            None if since is None else self._first_slot(since),
            to_ms(now - self._limits.patience),
        )
        tallies = {total: flow_tally(total, self._book, self._tracks, span) for total in SIGNS}
        house, self._highest = house_tally(self._book, self._tracks, span, self._highest)
        return {**tallies, Total.HOUSE: house}

    def as_state(self) -> EnergyState:
        """Return all of it for JSON."""
        self._book.sum_up(self._tracks, self._given_up)
        return {
            "confirmed": self._confirmed,
            "given_up": self._given_up,
            "highest": self._highest,
            "tracks": {str(name): track.as_state() for name, track in self._tracks.items()},
            "book": book_state(self._book),
        }

    @classmethod
    def from_state(
        cls,
        state: EnergyState,
        sources: Iterable[Source],
        now: datetime,
        limits: Limits = DEFAULTS,
    ) -> Self:
        """Return the ledger that `as_state` wrote, with the sources of today.

        A new source counts from now on; what one that is gone has given stays.
        """
        energy = cls((), now, limits)
        energy._confirmed = state["confirmed"]
        energy._given_up = state["given_up"]
        energy._highest = state["highest"]
        energy._tracks = {
            Register.parse(name): Track.from_state(track) for name, track in state["tracks"].items()
        }
        energy._book = restore_book(state["book"], energy._tracks, energy._given_up)
        energy._follow(sources, now)
        return energy

    def _follow(self, sources: Iterable[Source], now: datetime) -> None:
        """Have one track for each counter that is wanted."""
        old = self._tracks
        self._tracks = {one: old.get(one) or Track(to_ms(now)) for one in registers(sources)}
        if old.keys() - self._tracks.keys():
            # Nothing waits for a counter that is gone.
            self._book.redo(self._book.floor)

    def _hour(self, hour: int) -> tuple[int, tuple[Row, ...]]:
        """Return the rows of an hour and its revision; an old one is not made again."""
        revision = self._book.revisions.get(hour, 0)
        if (known := self._rows.get(hour)) and known[0] == revision:
            return known
        slots = range(hour * HOUR_SLOTS, (hour + 1) * HOUR_SLOTS)
        cells = self._book.cells
        return revision, tuple(_row(self._book, slot) for slot in slots if slot in cells)

    def _enter(self, register: Register, cells: Iterable[tuple[int, Cell]]) -> None:
        for slot, cell in cells:
            self._book.put(register, slot, cell)

    def _sum_up(self, now: datetime) -> None:
        self._given_up = max(self._given_up, slot_of(now - self._limits.patience))
        self._book.sum_up(self._tracks, self._given_up)

    def _floor(self, now: datetime) -> int:
        return max(self._book.floor, slot_of(now - self._limits.longest))

    def _first_slot(self, since: datetime) -> int:
        if to_ms(since) % SLOT_MS:
            raise ValueError(f"{since} is not the edge of a slot")
        if slot_of(since) < self._book.floor and self._book.forgetful:
            raise ValueError(f"{since} is forgotten")
        return max(slot_of(since), self._book.floor)


def _row(book: Book, slot: int) -> Row:
    cells = book.cells.get(slot, {})
    return Row(
        slot_start(slot),
        {register: _amount(cell) for register, cell in cells.items()},
        {total: _amount(cell) for total, cell in book.sums(slot).items()},
    )


def _amount(cell: Cell) -> Amount:
    return Amount(None if cell.mwh is None else cell.mwh / KWH, cell.grade)
