"""PV arrays: what falls on a tilted plane, and what its panels make of it."""

from dataclasses import dataclass
from math import cos, radians, sin

from .noise import stream, unit
from .weather import Sky

_ALBEDO = 0.2
_SYSTEM_LOSS = 0.14
_LOSS_PER_DEGREE = 0.0035
_HEATING = 0.03
"""Degrees that a cell is warmer than the air, per W/m2 on it."""


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

    def power_w(self, sky: Sky) -> int:
        """Return the AC power under this sky, in whole W, never negative."""
        plane = plane_irradiance(sky, self.tilt_deg, self.azimuth_deg)
        warmer = sky.temperature_c + _HEATING * plane - 25
        power = self.kwp * plane * (1 - _LOSS_PER_DEGREE * warmer) * (1 - _SYSTEM_LOSS)
        return max(0, min(self.limit_w, round(power)))

    def shares(self, seed: int) -> tuple[float, ...]:
        """Return the part of each panel in power and energy of the array; the sum is 1."""
        key = stream(seed, f"panels {self.id}")
        raw = [0.96 + 0.08 * unit(key, index) for index in range(self.panels)]
        return tuple(one / sum(raw) for one in raw)


def plane_irradiance(sky: Sky, tilt_deg: float, azimuth_deg: float) -> float:
    """Return W/m2 on a tilted plane: beam, isotropic sky and light from the ground."""
    tilt, azimuth = radians(tilt_deg), radians(azimuth_deg)
    sun, light = sky.sun, sky.irradiance
    facing = sin(sun.elevation) * cos(tilt)
    facing += cos(sun.elevation) * sin(tilt) * cos(sun.azimuth - azimuth)
    beam = light.direct * max(0.0, facing)
    dome = light.diffuse * (1 + cos(tilt)) / 2
    ground = light.level * _ALBEDO * (1 - cos(tilt)) / 2
    return beam + dome + ground
