"""Clock quarters, and local days and months as spans of time: 23 to 25 hours. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

QUARTER: Final = timedelta(minutes=15)
_DAY: Final = timedelta(days=1)


def quarter_of(at: datetime) -> datetime:
    """Return the instant (UTC) at which the clock quarter of `at` began."""
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def midnight(day: date, zone: tzinfo) -> datetime:
    """Return the instant (UTC) at which `day` begins in `zone`."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_of(at: datetime, zone: tzinfo) -> date:
    """Return the local day that the instant `at` lies in."""
    return at.astimezone(zone).date()


def length_of(day: date, zone: tzinfo) -> timedelta:
    """Return how long `day` lasts in `zone`."""
    return midnight(day + _DAY, zone) - midnight(day, zone)


def month_of(at: datetime, zone: tzinfo) -> date:
    """Return the first day of the local month that the instant `at` lies in."""
    return day_of(at, zone).replace(day=1)


def months_later(month: date, count: int) -> date:
    """Return the first day of the month `count` months after `month`; before it if negative."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def days_in_month(day: date) -> int:
    """Return how many days the month of `day` has."""
    first = day.replace(day=1)
    return (months_later(first, 1) - first).days


def days_in_year(day: date) -> int:
    """Return how many days the year of `day` has."""
    return (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days


def midnights(start: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the local midnights after `start` and before `end` (UTC)."""
    day = day_of(start, zone) + _DAY
    while (at := midnight(day, zone)) < end:
        yield at
        day += _DAY
