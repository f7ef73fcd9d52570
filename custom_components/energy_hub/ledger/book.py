"""The slots that may still change or be asked for, and their sums. Pure."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Final

from ..reading import Flow
from .source import SIGNS, Grade, Register, Total, worst
from .sums import House, add_up, balance, share_out
from .timegrid import HOUR_SLOTS, SLOT_MS
from .track import UNKNOWN, Cell, Track

# A day: to write more of them down at once takes longer than anybody may wait.
_MOST_HOURS: Final = 24

type Sums = dict[Total, Cell]


class Book:
    """Holds what every counter gave in each slot, and sums it up in the order of time.

    A sum is known when all its counters are, it waits for those that may still come, and
    is missing when one is given up; it is made again when that one comes after all. What
    changed carries a revision, by the hour.
    """

    def __init__(self, begin: int) -> None:
        """Start empty: the house is summed from the slot `begin` on, its hour is kept."""
        self.begin: Final = begin
        self.floor = begin - begin % HOUR_SLOTS
        """The first slot that is kept."""
        self.debt = 0
        """What the house owed at its start (mWh)."""
        self.cells: dict[int, dict[Register, Cell]] = {}
        self.known: dict[Total, int] = {}
        """What each sum holds since the ledger began (mWh), as far as it is known."""
        self.revision = 0
        self.revisions: dict[int, int] = {}
        """When each hour changed last."""
        self._sums: dict[int, Sums] = {}
        self._balances: dict[int, Cell] = {}
        self._house = House([], [])
        self._from = self.floor
        self._spans: dict[int, dict[Total, Cell]] = {}
        self._spans_at = 0
        self._shared_out = 0

    @property
    def forgetful(self) -> bool:
        """Whether slots before the floor were known once."""
        return self.floor > self.begin - self.begin % HOUR_SLOTS

    @property
    def end(self) -> int:
        """The slot after the last one in which anything is known."""
        return max(self.cells, default=self.floor - 1) + 1

    @property
    def frontier(self) -> int:
        """The first slot in which the house waits for a counter."""
        return self._first + len(self._house.slots)

    @property
    def house_end(self) -> int:
        """The slot after the last one of which the energy of the house is known."""
        slots = self._house.slots
        known = (index for index in reversed(range(len(slots))) if slots[index].mwh is not None)
        return self._first + next(known, -1) + 1

    @property
    def owed(self) -> int:
        """What the house owes at the frontier (mWh)."""
        return self._house.debts[-1] if self._house.debts else self.debt

    @property
    def _first(self) -> int:
        return max(self.begin, self.floor)

    def sums(self, slot: int) -> Mapping[Total, Cell]:
        """Return the sums of a slot; those that wait are not in it."""
        sums = self._sums.get(slot, {})
        if self._first <= slot < self.frontier:
            return {**sums, Total.HOUSE: self._house.slots[slot - self._first]}
        return sums

    def span(self, start: int) -> Mapping[Total, Cell]:
        """Return what each sum holds from a slot on: the energy known of it, its worst grade."""
        if self._spans_at != self.revision:
            self._spans, self._spans_at = {}, self.revision
        if start not in self._spans:
            self._spans[start] = self._span(start)
        return self._spans[start]

    def put(self, register: Register, slot: int, cell: Cell) -> None:
        """Enter what a counter gave in a slot; each is entered once."""
        self.cells.setdefault(slot, {})[register] = cell
        self._add(register.total, cell.mwh or 0)
        self._touch(slot)
        self.redo(slot)

    def redo(self, slot: int) -> None:
        """Have the sums made again from a slot on."""
        self._from = max(self.floor, min(self._from, slot))

    def sum_up(self, tracks: Mapping[Register, Track], given_up: int) -> None:
        """Bring the sums up to date.

        In slots before `given_up` a counter that has not come counts as missing, in
        later ones the sums that need it wait.
        """
        end, waiting = self.end, None
        for slot in range(self._from, end):
            sums = self._sum(slot, tracks, given_up=slot < given_up)
            known = len(sums) == len(SIGNS)
            if sums != self._sums.get(slot):
                self._sums[slot] = sums
                self._balances[slot] = self._balance(slot) if known else UNKNOWN
                self._touch(slot)
            if waiting is None and slot >= self.begin and not known:
                waiting = slot
        self._from = max(self._from, end) if waiting is None else waiting
        if self.revision != self._shared_out:
            self._share_out()
            self._shared_out = self.revision

    def settled(self, tracks: Mapping[Register, Track]) -> int:
        """Return the slot before which nothing can change any more.

        The house can give back energy to a slot that follows, as far back as the reading
        that the start of that slot was told from.
        """
        starts = [
            track.since // SLOT_MS if track.running is None else track.running
            for track in tracks.values()
        ]
        open_slot = min([self.frontier, *starts])
        cells = self.cells.get(open_slot, {})
        backs = [open_slot - cell.back for cell in cells.values()]
        opened = [track.opened for track in tracks.values() if track.running == open_slot]
        return min([open_slot, *backs, *opened])

    def kept(self) -> list[int]:
        """Return every slot of which anything is known, in the order of time."""
        return [slot for slot in range(self.floor, self.end) if slot in self.cells]

    def changed(self, since: int) -> tuple[list[int], int]:
        """Return the slots of the hours that changed first after a revision, and up to which."""
        hours = sorted(
            (revision, hour) for hour, revision in self.revisions.items() if revision > since
        )[:_MOST_HOURS]
        slots = [
            slot
            for _revision, hour in sorted(hours, key=itemgetter(1))
            for slot in range(hour * HOUR_SLOTS, (hour + 1) * HOUR_SLOTS)
            if slot in self.cells or slot in self._sums
        ]
        return slots, hours[-1][0] if hours else since

    def forget(self, before: int, longest: int, confirmed: int) -> None:
        """Drop whole hours: before `before` those whose reader has them, before `longest` all."""
        while (end := self.floor + HOUR_SLOTS) <= max(before, longest):
            hour = self.floor // HOUR_SLOTS
            if end > longest and self.revisions.get(hour, 0) > confirmed:
                return
            dropped = max(0, end - self._first)
            if debts := self._house.debts[:dropped]:
                self.debt = debts[-1]
            self._house = House(self._house.slots[dropped:], self._house.debts[dropped:])
            for slot in range(self.floor, end):
                self.cells.pop(slot, None)
                self._sums.pop(slot, None)
                self._balances.pop(slot, None)
            self.revisions.pop(hour, None)
            self.floor = end
            self._from = max(self._from, end)

    def _sum(self, slot: int, tracks: Mapping[Register, Track], *, given_up: bool) -> Sums:
        """Return the sums of a slot without the house; none before the ledger began."""
        if slot < self.begin:
            return {}
        cells = dict(self.cells.get(slot, {}))
        coming = set()
        for register, track in tracks.items():
            if register in cells or track.since > slot * SLOT_MS:
                continue
            cells[register] = UNKNOWN
            if track.running is None or track.running <= slot:
                coming.add(register.total)
        return add_up(cells, () if given_up else coming)

    def _share_out(self) -> None:
        """Make the house of all slots whose sums are known."""
        first, old = self._first, self._house.slots
        self._house = share_out(
            (self._balances[slot] for slot in range(first, self._from)), self.debt
        )
        for index, cell in enumerate(self._house.slots):
            before = old[index] if index < len(old) else UNKNOWN
            if cell != before:
                self._touch(first + index)
                self._add(Total.HOUSE, (cell.mwh or 0) - (before.mwh or 0))

    def _balance(self, slot: int) -> Cell:
        """Return the balance of a slot; there is none without a grid meter."""
        metered = any(register.flow is Flow.GRID for register in self.cells.get(slot, {}))
        return balance(self._sums[slot]) if metered else UNKNOWN

    def _span(self, start: int) -> dict[Total, Cell]:
        mwh = dict.fromkeys(Total, 0)
        grades: dict[Total, set[Grade]] = {total: set() for total in Total}
        for slot in range(start, self.end):
            for total, cell in self.sums(slot).items():
                grades[total].add(cell.grade)
            for register, cell in self.cells.get(slot, {}).items():
                if register.total:
                    mwh[register.total] += cell.mwh or 0
        house = self._house.slots[max(0, start - self._first) :]
        mwh[Total.HOUSE] = sum(cell.mwh or 0 for cell in house)
        return {total: Cell(mwh[total], worst(grades[total])) for total in Total}

    def _add(self, total: Total | None, mwh: int) -> None:
        if total is not None:
            self.known[total] = self.known.get(total, 0) + mwh

    def _touch(self, slot: int) -> None:
        self.revision += 1
        self.revisions[slot // HOUR_SLOTS] = self.revision
