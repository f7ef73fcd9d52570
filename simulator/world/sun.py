"""Where the sun stands, and what it gives through a clear or cloudy sky."""

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, exp, pi, radians, sin
from typing import NamedTuple

_J2000_S = 946_728_000
_DAY_S = 86_400
_SOLAR_CONSTANT = 1353.0
"""W/m2 outside the atmosphere, of the Meinel clear-sky formula."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the house stands; the zone is an IANA name, used for the rhythm of the people."""

    latitude: float
    longitude: float
    zone: str


class Sun(NamedTuple):
    """Elevation above the horizon and azimuth from north over east, both in radians."""

    elevation: float
    azimuth: float


class Irradiance(NamedTuple):
    """W/m2: direct on a plane facing the sun, diffuse and global on a level plane."""

    direct: float
    diffuse: float
    level: float


def sun_position(place: Place, at_s: float) -> Sun:
    """Return where the sun stands at this epoch second, good to about 0.02 degrees.

    Low-precision formulas of the Astronomical Almanac, without refraction.
    """
    days = (at_s - _J2000_S) / _DAY_S
    anomaly = radians(357.528 + 0.9856003 * days)
    longitude = radians(280.460 + 0.9856474 * days) + radians(
        1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly)
    )
    obliquity = radians(23.439 - 0.0000004 * days)
    ascension = atan2(cos(obliquity) * sin(longitude), cos(longitude))
    declination = asin(sin(obliquity) * sin(longitude))
    sidereal = radians((280.46062 + 360.98564737 * days) % 360 + place.longitude)
    return _horizontal(radians(place.latitude), declination, sidereal - ascension)


def _horizontal(latitude: float, declination: float, hour_angle: float) -> Sun:
    height = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour_angle)
    east = -cos(declination) * sin(hour_angle)
    north = sin(declination) * cos(latitude) - cos(declination) * sin(latitude) * cos(hour_angle)
    return Sun(asin(max(-1.0, min(1.0, height))), atan2(east, north) % (2 * pi))


def clear_sky(elevation: float) -> Irradiance:
    """Return the irradiance of a cloudless sky; all 0 while the sun is below the horizon.

    Meinel's direct beam over the air mass of Kasten and Young; the diffuse part is a tenth of
    the beam outside, fading at the horizon.
    """
    if elevation <= 0:
        return Irradiance(0.0, 0.0, 0.0)
    air_mass = 1 / (sin(elevation) + 0.50572 * (degrees(elevation) + 6.07995) ** -1.6364)
    direct: float = _SOLAR_CONSTANT * 0.7 ** (air_mass**0.678)
    diffuse = 0.1 * _SOLAR_CONSTANT * sin(elevation) * (1 - exp(-8 * elevation))
    return Irradiance(direct, diffuse, direct * sin(elevation) + diffuse)


def through_clouds(clear: Irradiance, elevation: float, cover: float) -> Irradiance:
    """Return what a cover of 0..1 leaves: less beam, a duller level, the rest diffuse.

    The level follows Kasten and Czeplak (1 - 0.75 * cover ** 3.4).
    """
    level = clear.level * (1 - 0.75 * cover**3.4)
    direct = clear.direct * (1 - cover)
    return Irradiance(direct, max(0.0, level - direct * max(0.0, sin(elevation))), level)
