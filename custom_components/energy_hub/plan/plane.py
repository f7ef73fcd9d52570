"""One plane of panels, and how much light falls on it. Pure.

Transposition: D. T. Reindl, W. A. Beckman and J. A. Duffie, Evaluation of hourly tilted
surface radiation models, Solar Energy 45 (1990) 9-17. The diffuse light around the sun is
treated like the beam, in the share that the atmosphere lets through; the rest comes from the
whole sky, which is brighter towards the horizon the clearer it is. The ground gives back a
share of the global light (albedo) evenly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, degrees, radians, sin, sqrt
from typing import Any, Final, NamedTuple, Self

from .sky import Light
from .sun import Sun

_ALBEDO: Final = 0.2
# The cosine below which the share of the sun's surroundings grows no further (89 degrees).
_LOWEST: Final = 0.01745


class Shine(NamedTuple):
    """W/m2 on a plane: what the sun casts shadows with, and what comes from all over."""

    beam: float
    spread: float

    @property
    def whole(self) -> float:
        """Return all of it."""
        return self.beam + self.spread


class Edge(NamedTuple):
    """How high the horizon is in one direction, in degrees."""

    azimuth: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Panels of one orientation on one inverter.

    Azimuth in degrees from north over east (180 is south), tilt in degrees from level.
    """

    tilt: float
    azimuth: float
    peak_w: float
    """Under standard conditions: 1000 W/m2 on cells of 25 degrees Celsius."""
    limit_w: float | None = None
    """What the inverter gives at most; None: it never limits."""
    losses: float = 14.0
    """What wiring, dirt, ageing and the inverter take, in %."""
    horizon: Sequence[Edge] = ()
    """In the order of azimuth; a straight line between them. Empty: nothing is in the way."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return the plane that a mapping of these fields describes."""
        return cls(
            tilt=data["tilt"],
            azimuth=data["azimuth"],
            peak_w=data["peak_w"],
            limit_w=data.get("limit_w"),
            losses=data.get("losses", 14.0),
            horizon=tuple(Edge(*edge) for edge in data.get("horizon", ())),
        )

    def shine(self, light: Light, sun: Sun) -> Shine:
        """Return what falls on the plane under this light."""
        tilt = radians(self.tilt)
        height = max(sin(sun.elevation), _LOWEST)
        facing = self.facing(sun)
        around = max(0.0, min(1.0, light.direct / sun.outside_w_m2))
        beam = facing * (light.direct + light.diffuse * around / height)
        rim = 1 + _clear(light, sun) * sin(tilt / 2) ** 3
        dome = light.diffuse * (1 - around) * (1 + cos(tilt)) / 2 * rim
        ground = light.level * _ALBEDO * (1 - cos(tilt)) / 2
        return Shine(0.0 if self.hidden(sun) else beam, dome + ground)

    def facing(self, sun: Sun) -> float:
        """Return the cosine between the plane and the sun, 0 for a sun behind it."""
        tilt, azimuth = radians(self.tilt), radians(self.azimuth)
        across = cos(sun.elevation) * sin(tilt) * cos(sun.azimuth - azimuth)
        return max(0.0, sin(sun.elevation) * cos(tilt) + across)

    def hidden(self, sun: Sun) -> bool:
        """Return whether the sun is behind the horizon, the level one or that of the place."""
        return sun.elevation <= 0 or degrees(sun.elevation) < self._edge(degrees(sun.azimuth))

    def _edge(self, azimuth: float) -> float:
        """Return the height of the horizon in a direction, both in degrees."""
        edges = self.horizon
        if not edges:
            return 0.0
        # The last one also stands before the first: the horizon is a circle.
        left = edges[-1]._replace(azimuth=edges[-1].azimuth - 360)
        right = edges[0]._replace(azimuth=edges[0].azimuth + 360)
        round_trip = (left, *edges, right)
        after = next(place for place, edge in enumerate(round_trip) if edge.azimuth >= azimuth)
        if after == 0:
            return left.height
        first, last = round_trip[after - 1], round_trip[after]
        width = last.azimuth - first.azimuth
        if width <= 0:
            return last.height
        share = (azimuth - first.azimuth) / width
        return first.height + (last.height - first.height) * share


def _clear(light: Light, sun: Sun) -> float:
    """Return how clear the sky is, 0..1: the root of the share of the beam in the global light."""
    if light.level <= 0:
        return 0.0
    return sqrt(max(0.0, min(1.0, light.direct * sin(sun.elevation) / light.level)))
