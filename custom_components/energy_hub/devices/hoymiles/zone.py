"""The time zone of a plant: its offset from UTC is right, its name may be wrong."""

from datetime import datetime, timedelta, timezone, tzinfo

from homeassistant.util import dt as dt_util

from .model import Status


async def async_plant_zone(
    status: Status, now: datetime, home: tzinfo, chosen: str | None
) -> tuple[tzinfo | None, bool]:
    """Return the zone of a plant, and whether summer time is a guess.

    The first of these that has the offset of the plant now: the zone that the user chose,
    the one that the plant names, that of Home Assistant; else the bare offset. None when
    the cloud says nothing that is of any use.
    """
    names = [*([chosen] if chosen else []), *status.zones]
    found = [await _async_named(name) for name in names]
    zones = [zone for zone in found if zone is not None]
    if status.offset is None:
        return (zones[0] if zones else None), False
    for zone in (*zones, home):
        if now.astimezone(zone).utcoffset() == status.offset:
            return zone, False
    return timezone(status.offset), True


def zone_state(zone: tzinfo | None) -> str | None:
    """Return a zone as it is remembered."""
    if isinstance(zone, timezone):
        offset = zone.utcoffset(None) or timedelta()
        return str(round(offset / timedelta(minutes=1)))
    return None if zone is None else str(zone)


async def async_zone_from_state(state: str | None) -> tzinfo | None:
    """Return a zone that was remembered."""
    if state is None:
        return None
    try:
        return timezone(timedelta(minutes=int(state)))
    except ValueError:
        return await _async_named(state)


async def _async_named(name: str) -> tzinfo | None:
    """Return a zone; None for a name that is none, or that no file can have."""
    try:
        return await dt_util.async_get_time_zone(name)
    except OSError, ValueError:
        return None
