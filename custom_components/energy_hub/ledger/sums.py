"""From the counters of the slots to the sums of the house. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .source import SIGNS, Grade, Register, Total, worst
from .track import UNKNOWN, Cell


def add_up(cells: Mapping[Register, Cell], coming: Collection[Total | None]) -> dict[Total, Cell]:
    """Return the sum of each flow and direction in a slot, but not of those still `coming`.

    A sum is missing when one of its counters is: a part would look like the whole.
    """
    found: dict[Total, list[Cell]] = {total: [] for total in SIGNS if total not in coming}
    for register, cell in cells.items():
        if (total := register.total) in found:
            found[total].append(cell)
    return {total: _sum(known) for total, known in found.items()}


def balance(sums: Mapping[Total, Cell]) -> Cell:
    """Return solar + import - export + battery out - battery in of a slot; it may be negative."""
    if any(cell.mwh is None for cell in sums.values()):
        return UNKNOWN
    return Cell(
        sum(sign * (sums[total].mwh or 0) for total, sign in SIGNS.items()),
        worst(cell.grade for cell in sums.values()),
        max(cell.back for cell in sums.values()),
    )


@dataclass(slots=True)
class House:
    """What the house used, slot by slot, never negative.

    Counters that were read at different moments can take more from the house than it
    used. What a slot is short of is taken from the slots before it, back to the reading
    that its own counters start from: between those readings nobody knows when the
    energy flowed. What is still short then is a debt that the slots after it pay.
    """

    slots: list[Cell]
    debts: list[int]
    """What is owed after each slot (mWh)."""


def share_out(balances: Iterable[Cell], debt: int) -> House:
    """Return the house of slots that follow each other, after a debt (mWh)."""
    house = House([], [])
    for cell in balances:
        if cell.mwh is None:
            house.slots.append(UNKNOWN)
        else:
            net = cell.mwh - debt
            grade = cell.grade if net == cell.mwh >= 0 else Grade.ESTIMATED
            debt = _take_back(house.slots, -net, cell.back) if net < 0 else 0
            house.slots.append(Cell(max(0, net), grade))
        house.debts.append(debt)
    return house


def _take_back(slots: list[Cell], short: int, back: int) -> int:
    """Take what is short from at most `back` slots, the newest first; return the rest."""
    for index in range(len(slots) - 1, max(-1, len(slots) - 1 - back), -1):
        if given := min(short, slots[index].mwh or 0):
            slots[index] = Cell((slots[index].mwh or 0) - given, Grade.ESTIMATED)
            short -= given
    return short


def _sum(cells: Sequence[Cell]) -> Cell:
    mwh = back = 0
    for cell in cells:
        if cell.mwh is None:
            return UNKNOWN
        mwh += cell.mwh
        back = max(back, cell.back)
    return Cell(mwh, worst(cell.grade for cell in cells), back)
