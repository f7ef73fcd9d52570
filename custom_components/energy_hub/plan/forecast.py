"""From weather to power: what the planes of a house will give, quarter by quarter. Pure.

Sun, transposition, cell temperature and clipping are those of `sun`, `plane` and `panel`.
The sun of the middle of a quarter stands for all of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .panel import cell_c, clipped_w, panel_w
from .plane import Plane
from .sky import QUARTER, Sky
from .sun import Place, Sun, sun_at


class Given(NamedTuple):
    """What one plane gives before its inverter limits it, in W."""

    beam_w: float
    """From the light that a thing in the way would keep off."""
    spread_w: float
    limit_w: float | None

    def passed_w(self, beam: float = 1.0, spread: float = 1.0) -> float:
        """Return what the inverter passes on of these shares of it."""
        return clipped_w(self.beam_w * beam + self.spread_w * spread, self.limit_w)


@dataclass(frozen=True, slots=True)
class Expected:
    """A quarter of an hour of all planes."""

    sky: Sky
    sun: Sun
    """In the middle of the quarter."""
    planes: Sequence[Given]

    @property
    def power_w(self) -> float:
        """Return the mean power behind the inverters, in W."""
        return sum(one.passed_w() for one in self.planes)

    @property
    def beam_w(self) -> float:
        """Return the part of the beam before inverters limit it, in W."""
        return sum(one.beam_w for one in self.planes)

    @property
    def spread_w(self) -> float:
        """Return the rest before inverters limit it, in W."""
        return sum(one.spread_w for one in self.planes)

    @property
    def limited(self) -> bool:
        """Return whether an inverter gives less than it could."""
        return any(one.passed_w() < one.beam_w + one.spread_w for one in self.planes)

    def corrected_w(self, beam: float, spread: float) -> float:
        """Return the power when only these shares of the light arrive, in W."""
        return sum(one.passed_w(beam, spread) for one in self.planes)


def expect(planes: Sequence[Plane], place: Place, skies: Iterable[Sky]) -> Iterator[Expected]:
    """Yield what the planes give in each quarter whose light and temperature are known."""
    for sky in skies:
        sun = sun_at(place, sky.start + QUARTER / 2)
        given = [_given(plane, sky, sun) for plane in planes]
        known = [one for one in given if one is not None]
        if len(known) == len(given):
            yield Expected(sky, sun, known)


def _given(plane: Plane, sky: Sky, sun: Sun) -> Given | None:
    if sky.light is None or sky.temperature_c is None:
        return None
    shine = plane.shine(sky.light, sun)
    if shine.whole <= 0:
        return Given(0.0, 0.0, plane.limit_w)
    cells = cell_c(shine.whole, sky.temperature_c, sky.wind_m_s)
    power = panel_w(shine.whole, cells, plane.peak_w, plane.losses)
    beam = power * shine.beam / shine.whole
    return Given(beam, power - beam, plane.limit_w)
