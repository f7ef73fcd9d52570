"""Slots of time as the clock at the plant shows them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo


def floor(at: datetime, interval: timedelta, zone: tzinfo) -> datetime:
    """Return the begin (UTC) of the slot that a moment lies in.

    An interval is a part of an hour; hours are those of the zone.
    """
    local = at.astimezone(zone)
    minutes = interval // timedelta(minutes=1)
    minute = local.minute - local.minute % minutes
    return local.replace(minute=minute, second=0, microsecond=0).astimezone(UTC)


def slots(
    start: datetime, end: datetime, interval: timedelta, zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield begin and end (UTC) of the slots that begin at `start` or later, before `end`."""
    begin = floor(start, interval, zone)
    while begin < end:
        following = floor(begin + interval, interval, zone)
        if following <= begin:  # the clock was set by less than a slot
            following = begin + interval
        if begin >= start:
            yield begin, following
        begin = following


def clock_text(at: datetime, zone: tzinfo) -> str:
    """Return a moment as the platform writes it: the time at the plant, without a zone."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
