"""The weather over the house: clouds, temperature and irradiance at any moment, also tomorrow."""

from dataclasses import dataclass
from math import cos, pi

from .noise import smooth, stream
from .sun import Irradiance, Place, Sun, clear_sky, sun_position, through_clouds

_DAY_S = 86_400
_YEAR_S = 365.2425 * _DAY_S
_MIDWINTER_S = 19 * _DAY_S
_WARMEST_S = 15 * 3600
_KEPT_SKIES = 4
"""A minute ends under the sky that the next one begins with."""


@dataclass(frozen=True, slots=True)
class Sky:
    """The sky at one moment: cover 0..1, degrees Celsius, W/m2, sun in radians."""

    cover: float
    temperature_c: float
    irradiance: Irradiance
    sun: Sun


class Weather:
    """Weather as a pure function of place, seed and time."""

    def __init__(self, place: Place, seed: int) -> None:
        """Make the weather of a place; another seed is another year."""
        self._place = place
        self._front = stream(seed, "front")
        self._cloud = stream(seed, "cloud")
        self._puff = stream(seed, "puff")
        self._mild = stream(seed, "mild")
        self._recent: dict[float, Sky] = {}

    def sky(self, at_s: float) -> Sky:
        """Return the sky at this epoch second."""
        known = self._recent.get(at_s)
        if known is None:
            if len(self._recent) >= _KEPT_SKIES:
                del self._recent[next(iter(self._recent))]
            known = self._recent[at_s] = self._make(at_s)
        return known

    def _make(self, at_s: float) -> Sky:
        sun = sun_position(self._place, at_s)
        cover = self.cover(at_s)
        light = through_clouds(clear_sky(sun.elevation), sun.elevation, cover)
        return Sky(cover, self._temperature(at_s, cover), light, sun)

    def cover(self, at_s: float) -> float:
        """Return the cloud cover 0..1: fronts of a day, clouds of hours, puffs of minutes."""
        mixed = (
            0.55 * smooth(at_s, 17 * 3600, self._front)
            + 0.30 * smooth(at_s, 5400, self._cloud)
            + 0.15 * smooth(at_s, 480, self._puff)
        )
        return max(0.0, min(1.0, (mixed - 0.31) / 0.34))

    def _temperature(self, at_s: float, cover: float) -> float:
        latitude = self._place.latitude
        season = -cos(2 * pi * (at_s - _MIDWINTER_S) / _YEAR_S) * (1 if latitude >= 0 else -1)
        solar_s = at_s + self._place.longitude * 240
        daily = cos(2 * pi * (solar_s - _WARMEST_S) / _DAY_S) * (5 - 3 * cover)
        mild = 10 * smooth(at_s, 3 * _DAY_S, self._mild) - 5
        return 27 - 0.33 * abs(latitude) + 0.15 * abs(latitude) * season + daily + mild
