"""What the weather gives: the words that a weather service and the forecast share. Pure."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

QUARTER: Final = timedelta(minutes=15)
HOUR: Final = timedelta(hours=1)


class Light(NamedTuple):
    """W/m2: global and diffuse on a level plane, direct on a plane that faces the sun."""

    level: float
    direct: float
    diffuse: float


class Sky(NamedTuple):
    """The mean of a quarter of an hour; None is unknown."""

    start: datetime
    """UTC, on a quarter of the clock."""
    light: Light | None
    temperature_c: float | None
    wind_m_s: float | None = None
    cloud_percent: float | None = None
