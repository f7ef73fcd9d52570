"""How many quarters of each hour are not as measured. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from .days import quarter_of
from .energy import Row
from .source import Grade

_HOUR: Final = timedelta(hours=1)
_QUARTERS_IN_HOUR: Final = 4


@dataclass(frozen=True, slots=True)
class Graded:
    """Counts of quarters by the hour (its start, UTC); one can be in both."""

    estimated: dict[datetime, float] = field(default_factory=dict)
    """Quarters in which a sum was interpolated."""
    missing: dict[datetime, float] = field(default_factory=dict)
    """Quarters in which a sum is not known, and so not in any amount."""


def graded(rows: Iterable[Row], since: datetime | None) -> Graded:
    """Return the counts of the hours that the rows speak of.

    Each hour comes with all its rows. `since` is the last hour that was counted before,
    None if there is none: hours after it that the ledger has no row of are lost, wholly
    missing. Should one come after all, it is counted anew.
    """
    found: dict[Grade, dict[datetime, set[datetime]]] = {Grade.ESTIMATED: {}, Grade.MISSING: {}}
    hours = set()
    for row in rows:
        hours.add(hour := row.start.replace(minute=0))
        for grade in {amount.grade for amount in row.sums.values()} & found.keys():
            found[grade].setdefault(hour, set()).add(quarter_of(row.start))
    counts = Graded(
        *({hour: float(len(of.get(hour, ()))) for hour in sorted(hours)} for of in found.values())
    )
    if since and hours:
        lost = since + _HOUR
        while lost < max(hours):
            counts.estimated.setdefault(lost, 0.0)
            counts.missing.setdefault(lost, float(_QUARTERS_IN_HOUR))
            lost += _HOUR
    return counts
