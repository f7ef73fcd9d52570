"""What a sensor of global light says of beam and diffuse light. Pure.

D. G. Erbs, S. A. Klein and J. A. Duffie, Estimation of the diffuse radiation fraction for
hourly, daily and monthly-average global radiation, Solar Energy 28 (1982) 293-302.
"""

from math import cos, degrees, pi, sin
from typing import Final

from .sky import Light
from .sun import Sun

# Nearer to the horizon a sensor says nothing of the beam (87 degrees from the zenith).
_LOWEST_DEGREES: Final = 3.0
_LEAST_HEIGHT: Final = 0.065


def split(level_w_m2: float, sun: Sun) -> Light:
    """Return the light whose global part on a level plane was measured."""
    level = max(0.0, level_w_m2)
    height = sin(sun.elevation)
    if degrees(sun.elevation) < _LOWEST_DEGREES:
        return Light(level, 0.0, level)
    clear = min(1.0, level / (sun.outside_w_m2 * max(height, _LEAST_HEIGHT)))
    if clear <= 0.22:
        share = 1 - 0.09 * clear
    elif clear <= 0.8:
        share = 0.9511 + clear * (-0.1604 + clear * (4.388 + clear * (-16.638 + clear * 12.336)))
    else:
        share = 0.165
    diffuse = share * level
    return Light(level, (level - diffuse) / cos(pi / 2 - sun.elevation), diffuse)
