"""Which hours teach something of the roof, and which only of the day. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .forecast import Expected
from .learn import Lesson

_QUARTERS: Final = 4
# Less than this share of the peak power says nothing: sensors and models are coarse there.
_LEAST: Final = 0.03
# Snow: it froze lately, and much less comes than a dirty or shaded roof gives.
_SNOW_C: Final = 2.0
_SNOW_SHARE: Final = 0.35


@dataclass(frozen=True, slots=True)
class Hour:
    """What was expected of an hour, quarter by quarter, and what came."""

    expected: tuple[Expected, ...]
    truth_wh: float
    held_back: bool
    """Whether something other than the weather held the inverters back for a while."""
    cold_c: float | None
    """The lowest temperature of the last day; None is unknown."""

    @property
    def start(self) -> datetime:
        """When it began (UTC)."""
        return self.expected[0].sky.start


def lesson(hour: Hour, peak_w: float) -> Lesson | None:
    """Return what an hour teaches of the planes of this peak power; None for nothing.

    Nothing is learnt from an hour in which inverters were held back or at their limit, from
    one of snow, and from one of too little light.
    """
    quarters = hour.expected
    beam = sum(one.beam_w for one in quarters) / _QUARTERS / peak_w
    spread = sum(one.spread_w for one in quarters) / _QUARTERS / peak_w
    truth = hour.truth_wh / peak_w
    if len(quarters) != _QUARTERS or beam + spread < _LEAST or hour.held_back:
        return None
    if any(one.limited for one in quarters):
        return None
    snowy = hour.cold_c is not None and hour.cold_c < _SNOW_C
    if snowy and truth < _SNOW_SHARE * (beam + spread):
        return None
    middle = quarters[_QUARTERS // 2].sun
    return Lesson(start=hour.start, sun=middle, beam=beam, spread=spread, truth=truth)
