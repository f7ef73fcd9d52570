"""Where the sun stands over a plant: whether it can give anything, whether it is worth asking."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

from astral import Observer
from astral.sun import elevation

# How long before sunrise and after sunset a plant is still worth asking.
_MARGIN: Final = timedelta(hours=1)
# With a place that is only guessed from the time zone.
_MARGIN_GUESSED: Final = timedelta(hours=3)
_STEP: Final = timedelta(minutes=30)
DEGREES_AN_HOUR: Final = 15.0
# So far clocks are from the sun, with summer time and in countries that are very wide.
_MOST_HOURS: Final = 4.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plant stands; `exact` or only so that day and night are about right."""

    latitude: float
    longitude: float
    exact: bool = True

    def has_clock(self, offset: timedelta) -> bool:
        """Return whether a clock there can have this offset from UTC.

        An installer's home, or the middle of a far country, is where many plants seem to be.
        """
        hours = offset / timedelta(hours=1) - self.longitude / DEGREES_AN_HOUR
        return abs((hours + 12) % 24 - 12) <= _MOST_HOURS

    def dark(self, at: datetime) -> bool:
        """Return whether the sun is below the horizon for sure."""
        return self.exact and self._elevation(at) < 0

    def resting(self, at: datetime) -> bool:
        """Return whether the sun set a while ago, and will not rise for a while."""
        margin = _MARGIN if self.exact else _MARGIN_GUESSED
        return all(self._elevation(one) < 0 for one in (at, at - margin, at + margin))

    def waking_minutes(self, at: datetime) -> float:
        """Return for how many minutes of a day a plant is worth asking."""
        return _waking_minutes(self, at.date())

    def _elevation(self, at: datetime) -> float:
        return elevation(Observer(self.latitude, self.longitude), at, with_refraction=False)


@lru_cache(maxsize=64)
def _waking_minutes(place: Place, day: date) -> float:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    steps = [midnight + number * _STEP for number in range(48)]
    return sum(not place.resting(one) for one in steps) * _STEP / timedelta(minutes=1)
