"""Where the demo's house stands, so that the sun shines on it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LATITUDE: Final = 50.85
"""Belgium's, wherever the house stands: the devices are dimensioned for its sun."""

# One zone for each whole hour from UTC-11 to UTC+12, without summer time.
_ZONES: Final = (
    "Pacific/Pago_Pago",
    "Pacific/Honolulu",
    "Pacific/Gambier",
    "Pacific/Pitcairn",
    "America/Phoenix",
    "America/Costa_Rica",
    "America/Panama",
    "America/Puerto_Rico",
    "America/Sao_Paulo",
    "Atlantic/South_Georgia",
    "Atlantic/Cape_Verde",
    "Africa/Abidjan",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Tashkent",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Pacific/Guadalcanal",
    "Pacific/Tarawa",
)
_WESTERNMOST: Final = -11


@dataclass(frozen=True, slots=True)
class Place:
    """A place in degrees and its time zone."""

    latitude: float
    longitude: float
    zone: str


def noon_place(now: datetime) -> Place:
    """Return a place whose clocks show between 11:30 and 12:30 at this moment."""
    utc = now.astimezone(UTC)
    hours = round(12 - utc.hour - utc.minute / 60 - utc.second / 3600)
    if hours < _WESTERNMOST:
        hours += 24
    return _on_meridian(_ZONES[hours - _WESTERNMOST], now)


def machine_place(now: datetime) -> Place:
    """Return a place in the time zone of this machine."""
    return _on_meridian(machine_zone(), now)


def machine_zone(localtime: Path = Path("/etc/localtime")) -> str:
    """Return the name of this machine's time zone, UTC when it has none."""
    linked = localtime.resolve().as_posix().partition("zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").removeprefix(":"), linked):
        try:
            return ZoneInfo(name).key
        except ZoneInfoNotFoundError, ValueError, OSError:
            continue
    return "UTC"


def _on_meridian(zone: str, now: datetime) -> Place:
    """Return the place in this zone where the sun is highest at noon of its clocks."""
    offset = now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    degrees = offset / timedelta(hours=1) * 15
    return Place(LATITUDE, (degrees + 180) % 360 - 180, zone)
