"""The quarters ahead, raw and corrected, and what can be read from them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from .forecast import Expected
from .learn import Correction
from .shares import clearness
from .sky import HOUR, QUARTER


class Power(NamedTuple):
    """Mean power of a quarter in W: as the models say, and as the house has taught."""

    raw_w: float
    corrected_w: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of each quarter, by its start (UTC); a missing one is unknown."""

    quarters: Mapping[datetime, Power]

    @classmethod
    def of(cls, expected: Iterable[Expected], correction: Correction) -> Self:
        """Return the outlook that these quarters and what was learnt make."""
        return cls(
            {one.sky.start: Power(one.power_w, _corrected_w(one, correction)) for one in expected}
        )

    def power(self, at: datetime) -> Power | None:
        """Return what is expected at a moment."""
        start = at - (at - datetime.min.replace(tzinfo=at.tzinfo)) % QUARTER
        return self.quarters.get(start)

    def energy(self, start: datetime, end: datetime) -> Power | None:
        """Return Wh (raw and corrected) between two moments; None if a part is unknown.

        A quarter that is cut counts in part.
        """
        raw = corrected = 0.0
        at = start
        while at < end:
            begin = at - (at - datetime.min.replace(tzinfo=at.tzinfo)) % QUARTER
            until = min(begin + QUARTER, end)
            power = self.quarters.get(begin)
            if power is None:
                return None
            hours = (until - at) / HOUR
            raw, corrected = raw + power.raw_w * hours, corrected + power.corrected_w * hours
            at = until
        return Power(raw, corrected)

    def hours(self) -> dict[datetime, Power]:
        """Return Wh of each full hour (UTC) that is known."""
        starts = sorted({start.replace(minute=0) for start in self.quarters})
        found = ((start, self.energy(start, start + HOUR)) for start in starts)
        return {start: energy for start, energy in found if energy is not None}


def _corrected_w(one: Expected, correction: Correction) -> float:
    shares = correction.factors(one.sun)
    return one.corrected_w(shares.beam, shares.spread(clearness(one.beam_w, one.spread_w)))
