"""The month peaks of a flow, from its quarters. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from .capacity import MonthUse
from .days import QUARTER, midnight, month_of, months_later, quarter_of
from .slot import Slot

_QUARTERS_IN_HOUR = 4


@dataclass(slots=True)
class _Tally:
    """What was seen of a quarter or of a month."""

    kwh: float = 0.0
    seen: timedelta = field(default_factory=timedelta)
    estimated: bool = False

    def add(self, kwh: float, seen: timedelta, *, estimated: bool) -> None:
        """Add a part of it."""
        self.kwh += kwh
        self.seen += seen
        self.estimated |= estimated


def month_uses(
    slots: Iterable[Slot], until: datetime, zone: tzinfo, kwh: Callable[[Slot], float | None]
) -> dict[date, MonthUse]:
    """Return the peaks and sums of a flow by local month, as seen at the instant `until`.

    `kwh` picks the flow: the import where the meter keeps no peaks, the use of the house
    for what its peaks would be without solar and battery. Only whole quarters make a peak.
    """
    quarters: dict[datetime, _Tally] = defaultdict(_Tally)
    for slot in slots:
        for part in slot.quarters():
            if (drawn := kwh(part)) is not None:
                tally = quarters[quarter_of(part.start)]
                tally.add(drawn, part.length, estimated=part.estimated)
    months: dict[date, list[_Tally]] = defaultdict(list)
    for start, tally in quarters.items():
        months[month_of(start, zone)].append(tally)
    return {month: _use(month, tallies, until, zone) for month, tallies in months.items()}


def _use(month: date, quarters: list[_Tally], until: datetime, zone: tzinfo) -> MonthUse:
    """Return what a month drew in these quarters."""
    start, end = midnight(month, zone), midnight(months_later(month, 1), zone)
    whole = [quarter.kwh for quarter in quarters if quarter.seen == QUARTER]
    seen = sum((quarter.seen for quarter in quarters), timedelta())
    return MonthUse(
        peak_kw=max(whole) * _QUARTERS_IN_HOUR if whole else None,
        import_kwh=sum(quarter.kwh for quarter in quarters),
        covered=seen / (end - start),
        estimated=seen < min(end, until) - start or any(q.estimated for q in quarters),
    )
