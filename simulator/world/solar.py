"""PV arrays: what falls on a tilted plane, and what its panels make of it."""

from dataclasses import dataclass
from math import cos, degrees, radians, sin
from typing import NamedTuple

from .noise import stream, unit
from .sun import Sun
from .weather import Sky

_ALBEDO = 0.2
_SYSTEM_LOSS = 0.14
_LOSS_PER_DEGREE = 0.0035
_HEATING = 0.03
"""Degrees that a cell is warmer than the air, per W/m2 on it."""


class Shadow(NamedTuple):
    """Something in the way, in degrees: between two azimuths, as high as this."""

    first: float
    last: float
    height: float

    def hides(self, sun: Sun) -> bool:
        """Return whether the sun is behind it."""
        between = self.first <= degrees(sun.azimuth) <= self.last
        return between and degrees(sun.elevation) < self.height


@dataclass(frozen=True, slots=True)
class PvArray:
    """Panels of one orientation on one inverter (or one set of micro-inverters).

    Azimuth in degrees from north over east, 180 = south; `limit_w` is what the electronics pass
    on; `phases` are the grid phases (1..3) it feeds.
    """

    id: str
    kwp: float
    panels: int
    tilt_deg: float
    azimuth_deg: float
    limit_w: int
    phases: tuple[int, ...] = (1, 2, 3)
    soiling: float = 0.0
    """The part of the light that dirt keeps off."""
    shadows: tuple[Shadow, ...] = ()

    def power_w(self, sky: Sky) -> int:
        """Return the AC power under this sky, in whole W, never negative."""
        plane = plane_irradiance(sky, self.tilt_deg, self.azimuth_deg, self.shadows)
        plane *= 1 - self.soiling
        warmer = sky.temperature_c + _HEATING * plane - 25
        power = self.kwp * plane * (1 - _LOSS_PER_DEGREE * warmer) * (1 - _SYSTEM_LOSS)
        return max(0, min(self.limit_w, round(power)))

    def shares(self, seed: int) -> tuple[float, ...]:
        """Return the part of each panel in power and energy of the array; the sum is 1."""
        key = stream(seed, f"panels {self.id}")
        raw = [0.96 + 0.08 * unit(key, index) for index in range(self.panels)]
        return tuple(one / sum(raw) for one in raw)


def plane_irradiance(
    sky: Sky, tilt_deg: float, azimuth_deg: float, shadows: tuple[Shadow, ...] = ()
) -> float:
    """Return W/m2 on a tilted plane: beam, sky and light from the ground.

    The sky is that of T. M. Klucher, Evaluation of models to predict insolation on tilted
    surfaces, Solar Energy 23 (1979): brighter near the sun and at the horizon the clearer it is.
    What stands in the way takes the beam only.
    """
    tilt, azimuth = radians(tilt_deg), radians(azimuth_deg)
    sun, light = sky.sun, sky.irradiance
    facing = sin(sun.elevation) * cos(tilt)
    facing += cos(sun.elevation) * sin(tilt) * cos(sun.azimuth - azimuth)
    facing = max(0.0, facing)
    clear = 1 - (light.diffuse / light.level) ** 2 if light.level > 0 else 0.0
    horizon = 1 + clear * sin(tilt / 2) ** 3
    around_sun = 1 + clear * facing**2 * cos(sun.elevation) ** 3
    dome = light.diffuse * (1 + cos(tilt)) / 2 * horizon * around_sun
    ground = light.level * _ALBEDO * (1 - cos(tilt)) / 2
    hidden = any(one.hides(sun) for one in shadows)
    return dome + ground + (0.0 if hidden else light.direct * facing)
