"""Where the sun stands. Pure.

The low-accuracy series of J. Meeus, Astronomical Algorithms (2nd ed., 1998), chapters 12,
13, 22 and 25, as the solar calculator of NOAA uses them: better than 0.01 degrees between
1950 and 2050. No refraction: irradiance models want the geometric sun.
"""

from datetime import datetime
from math import asin, atan2, cos, pi, radians, sin
from typing import Final, NamedTuple

_J2000_S: Final = 946_728_000
_DAY_S: Final = 86_400
_CENTURY_DAYS: Final = 36_525
_SOLAR_CONSTANT: Final = 1366.1
"""W/m2 at the mean distance (ASTM E490, 2000)."""


class Place(NamedTuple):
    """Degrees north and degrees east."""

    latitude: float
    longitude: float


class Sun(NamedTuple):
    """Elevation above the horizon and azimuth from north over east, in radians."""

    elevation: float
    azimuth: float
    outside_w_m2: float
    """What falls on a plane that faces it outside the atmosphere."""


def sun_at(place: Place, at: datetime) -> Sun:
    """Return where the sun stands over a place at an aware instant."""
    days = (at.timestamp() - _J2000_S) / _DAY_S
    century = days / _CENTURY_DAYS
    anomaly = radians(357.52911 + century * (35999.05029 - 0.0001537 * century))
    centre = radians(
        (1.914602 - century * (0.004817 + 0.000014 * century)) * sin(anomaly)
        + (0.019993 - 0.000101 * century) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    node = radians(125.04 - 1934.136 * century)
    mean = radians(280.46646 + century * (36000.76983 + 0.0003032 * century))
    apparent = mean + centre - radians(0.00569 + 0.00478 * sin(node))
    obliquity = radians(23.4392911 - 0.0130042 * century + 0.00256 * cos(node))
    declination = asin(sin(obliquity) * sin(apparent))
    ascension = atan2(cos(obliquity) * sin(apparent), cos(apparent))
    sidereal = radians((280.46061837 + 360.98564736629 * days + place.longitude) % 360)
    elevation, azimuth = _horizontal(radians(place.latitude), declination, sidereal - ascension)
    eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    nearness = (1 + eccentricity * cos(anomaly + centre)) / (1.000001018 * (1 - eccentricity**2))
    return Sun(elevation, azimuth, _SOLAR_CONSTANT * nearness**2)


def _horizontal(latitude: float, declination: float, hour_angle: float) -> tuple[float, float]:
    height = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour_angle)
    east = -cos(declination) * sin(hour_angle)
    north = sin(declination) * cos(latitude) - cos(declination) * sin(latitude) * cos(hour_angle)
    return asin(max(-1.0, min(1.0, height))), atan2(east, north) % (2 * pi)
