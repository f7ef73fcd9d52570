"""From the rows of the ledger of energy to slots that can be priced. Pure."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import is_

from .days import quarter_of
from .energy import Row
from .slot import Slot
from .source import Grade, Total
from .timegrid import QUARTER_SLOTS, SLOT

_NEEDED = (Total.IMPORT, Total.EXPORT, Total.HOUSE)


def slots_of(rows: Iterable[Row]) -> list[Slot]:
    """Return the energy of rows, which stand in the order of time.

    Whole quarters are one slot, for prices change no more often; what is known of others
    stays in slots of five minutes.
    """
    return Slots().of(rows)


class Slots:
    """Makes slots of rows, and of those that have not changed only once."""

    def __init__(self) -> None:
        """Know none."""
        self._known: dict[datetime, tuple[tuple[Row, ...], list[Slot]]] = {}

    def of(self, rows: Iterable[Row]) -> list[Slot]:
        """Return what `slots_of` returns."""
        before, self._known = self._known, {}
        found: list[Slot] = []
        for quarter, group in groupby(rows, lambda row: quarter_of(row.start)):
            inside = tuple(group)
            known = before.get(quarter)
            # Rows do not change: an hour in which something does has new ones.
            if known is None or not _same(known[0], inside):
                known = inside, _slots(inside)
            self._known[quarter] = known
            found += known[1]
        return found


def _same(rows: tuple[Row, ...], others: tuple[Row, ...]) -> bool:
    return len(rows) == len(others) and all(map(is_, rows, others, strict=True))


def _slots(rows: tuple[Row, ...]) -> list[Slot]:
    """Return the slots of a quarter."""
    slots = [_slot(row) for row in rows if any(_kwh(row, one) is not None for one in _NEEDED)]
    return [_joined(slots)] if len(slots) == QUARTER_SLOTS and _whole(slots) else slots


def _slot(row: Row) -> Slot:
    return Slot(
        start=row.start,
        end=row.start + SLOT,
        import_kwh=_kwh(row, Total.IMPORT),
        export_kwh=_kwh(row, Total.EXPORT),
        house_kwh=_kwh(row, Total.HOUSE),
        estimated=any(row.sums[one].grade is Grade.ESTIMATED for one in _NEEDED if one in row.sums),
    )


def _kwh(row: Row, total: Total) -> float | None:
    amount = row.sums.get(total)
    return None if amount is None else amount.kwh


def _whole(slots: list[Slot]) -> bool:
    return all(None not in (one.import_kwh, one.export_kwh, one.house_kwh) for one in slots)


def _joined(slots: list[Slot]) -> Slot:
    return Slot(
        start=slots[0].start,
        end=slots[-1].end,
        import_kwh=sum(one.import_kwh or 0.0 for one in slots),
        export_kwh=sum(one.export_kwh or 0.0 for one in slots),
        house_kwh=sum(one.house_kwh or 0.0 for one in slots),
        estimated=any(one.estimated for one in slots),
    )
