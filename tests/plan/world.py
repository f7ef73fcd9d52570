"""The simulated world as a perfect weather service, and what its panels really give."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from custom_components.energy_hub.plan.forecast import Expected, expect
from custom_components.energy_hub.plan.plane import Plane
from custom_components.energy_hub.plan.sky import QUARTER, Light, Sky
from custom_components.energy_hub.plan.sun import Place
from simulator.world import BRUSSELS_PLACE, PvArray, Weather

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
PLACE: Final = Place(BRUSSELS_PLACE.latitude, BRUSSELS_PLACE.longitude)
STEP_S: Final = 300
NO_SHADE: Final = PvArray("roof", 5.0, 12, 35, 185, 5000)


def day(text: str) -> datetime:
    """Return midnight (UTC) of a date."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def skies(weather: Weather, start: datetime, end: datetime) -> Iterator[Sky]:
    """Yield the weather of each quarter as a perfect service tells it: means."""
    while start < end:
        seen = [weather.sky(start.timestamp() + at) for at in range(0, 900, STEP_S)]
        count = len(seen)
        yield Sky(
            start,
            Light(
                sum(one.irradiance.level for one in seen) / count,
                sum(one.irradiance.direct for one in seen) / count,
                sum(one.irradiance.diffuse for one in seen) / count,
            ),
            sum(one.temperature_c for one in seen) / count,
        )
        start += QUARTER


def truth_wh(weather: Weather, array: PvArray, start: datetime, end: datetime) -> float:
    """Return what the panels give between two moments, in Wh."""
    first, last = int(start.timestamp()), int(end.timestamp())
    return sum(array.power_w(weather.sky(at)) * STEP_S / 3600 for at in range(first, last, STEP_S))


def plane_of(*arrays: PvArray) -> list[Plane]:
    """Return what a user enters of arrays: nothing of dirt and shade."""
    return [
        Plane(
            tilt=one.tilt_deg,
            azimuth=one.azimuth_deg,
            peak_w=one.kwp * 1000,
            limit_w=one.limit_w,
            losses=14.0,
        )
        for one in arrays
    ]


def hours(
    planes: Sequence[Plane], weather: Weather, start: datetime, end: datetime
) -> Iterator[tuple[Expected, ...]]:
    """Yield the four quarters of each hour that are expected."""
    quarters = list(expect(planes, PLACE, skies(weather, start, end)))
    for place in range(0, len(quarters), 4):
        yield tuple(quarters[place : place + 4])
