"""The energy of a span of time, and how it is cut. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter

from .days import QUARTER, quarter_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What flowed between two instants (UTC), in kWh; None is unknown.

    Raises ValueError if it does not end after it begins.
    """

    start: datetime
    end: datetime
    import_kwh: float | None
    export_kwh: float | None
    house_kwh: float | None
    """What the house used: solar + grid + battery."""
    estimated: bool = False
    """The energy was interpolated."""

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a slot ends after it begins")

    @property
    def length(self) -> timedelta:
        """Return how long it lasts."""
        return self.end - self.start

    def within(self, start: datetime, end: datetime) -> Slot:
        """Return the part of the slot between two instants, which it has to touch.

        The energy is taken as evenly spread, so a true part is an estimate.
        """
        first, last = max(start, self.start), min(end, self.end)
        if (first, last) == (self.start, self.end):
            return self
        share = (last - first) / self.length

        def part(kwh: float | None) -> float | None:
            return None if kwh is None else kwh * share

        return replace(
            self,
            start=first,
            end=last,
            import_kwh=part(self.import_kwh),
            export_kwh=part(self.export_kwh),
            house_kwh=part(self.house_kwh),
            estimated=True,
        )

    def quarters(self) -> Iterator[Slot]:
        """Yield the slot cut at the full quarters of the clock."""
        at = quarter_of(self.start)
        while at < self.end:
            yield self.within(at, at + QUARTER)
            at += QUARTER


def between(slots: Sequence[Slot], start: datetime, end: datetime) -> list[Slot]:
    """Return the slots, or their parts, between two instants.

    The slots stand in the order of time. Raises ValueError where two of them overlap, so
    that no energy is counted twice.
    """
    first = bisect_right(slots, start, key=attrgetter("end"))
    last = bisect_left(slots, end, key=attrgetter("start"))
    inside = slots[first:last]
    for one, other in pairwise(inside):
        if other.start < one.end:
            raise ValueError(f"slots overlap at {other.start.isoformat()}")
    return [slot.within(start, end) for slot in inside]
