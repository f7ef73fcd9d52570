"""Reads what series were in weeks, months and years, without reading all of their hours.

Ten years are a million rows. The sum of a counter is needed at the ends of periods only,
and a database adds up a mean faster than Home Assistant does. Periods are local and whole,
as in Home Assistant's own calls. All of it runs in the recorder's executor.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final, Literal, TypeIs

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from homeassistant.components.recorder.db_schema import Statistics
from homeassistant.components.recorder.models import StatisticMetaData
from homeassistant.components.recorder.statistics import UNIT_CLASS_TO_UNIT_CONVERTER
from homeassistant.const import (
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance, session_scope
from homeassistant.util import dt as dt_util

type Period = Literal["hour", "day", "week", "month", "year"]
type Long = Literal["week", "month", "year"]
type Mean = tuple[float, float, float]
"""Mean, least and greatest value."""

UNITS: Final = {
    "electric_current": UnitOfElectricCurrent.AMPERE,
    "energy": UnitOfEnergy.KILO_WATT_HOUR,
    "frequency": UnitOfFrequency.HERTZ,
    "power": UnitOfPower.WATT,
    "temperature": UnitOfTemperature.CELSIUS,
    "voltage": UnitOfElectricPotential.VOLT,
}
"""What is read is in these, whatever units the user sees."""
_LONGEST: Final = {
    "week": timedelta(days=7),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
_LAST: Final = (
    select(Statistics.start_ts, Statistics.sum)
    .where(
        Statistics.metadata_id == bindparam("metadata_id"),
        Statistics.start_ts < bindparam("end"),
    )
    .order_by(Statistics.start_ts.desc())
    .limit(1)
)
"""The last row before an instant: one look into the index."""
_OF_SERIES: Final = Statistics.metadata_id == bindparam("metadata_id")
_ENDS: Final = select(
    select(func.min(Statistics.start_ts)).where(_OF_SERIES).scalar_subquery(),
    select(func.max(Statistics.start_ts)).where(_OF_SERIES).scalar_subquery(),
)
"""When the first and the last row of a series begin; two looks into the index."""
_SECOND: Final = timedelta(seconds=1)


def is_long(period: Period) -> TypeIs[Long]:
    """Return whether a period is one of those that are read here."""
    return period in _LONGEST


def changes_of(
    hass: HomeAssistant, ids: Collection[str], start: datetime, end: datetime, period: Long
) -> dict[str, dict[datetime, float]]:
    """Return by how much counters rose in each period that has rows, by its start (UTC)."""
    with session_scope(hass=hass, read_only=True) as session:
        known = get_instance(hass).statistics_meta_manager.get_many(session, statistic_ids=set(ids))
        return {
            name: found
            for name, (metadata_id, _) in known.items()
            if (found := _changes(session, metadata_id, start, end, period))
        }


def means_of(
    hass: HomeAssistant, ids: Collection[str], start: datetime, end: datetime, period: Long
) -> dict[str, dict[datetime, Mean]]:
    """Return mean, least and greatest value of each period that has rows, in our units."""
    found: dict[str, dict[datetime, Mean]] = {}
    with session_scope(hass=hass, read_only=True) as session:
        known = get_instance(hass).statistics_meta_manager.get_many(session, statistic_ids=set(ids))
        names = {metadata_id: name for name, (metadata_id, _) in known.items()}
        begin, until = _within(session, names, start, end)
        for first, last in pairwise(_edges(begin, until, period)):
            for metadata_id, *row in session.execute(
                select(
                    Statistics.metadata_id,
                    func.avg(Statistics.mean),
                    func.min(Statistics.min),
                    func.max(Statistics.max),
                )
                .where(
                    Statistics.metadata_id.in_(names),
                    Statistics.start_ts >= first.timestamp(),
                    Statistics.start_ts < last.timestamp(),
                )
                .group_by(Statistics.metadata_id)
            ):
                if None not in row:
                    name = names[metadata_id]
                    mean, least, greatest = row
                    found.setdefault(name, {})[first] = mean, least, greatest
    return {name: _in_our_unit(known[name][1], rows) for name, rows in found.items()}


def _changes(
    session: Session, metadata_id: int, start: datetime, end: datetime, period: Long
) -> dict[datetime, float]:
    """Return by how much a counter rose in each period in which it has a row."""
    found = {}
    total = 0.0
    edges = list(_edges(*_within(session, [metadata_id], start, end), period))
    for number, edge in enumerate(edges):
        values = {"metadata_id": metadata_id, "end": edge.timestamp()}
        row = session.execute(_LAST, values).first()
        if row is None or row.sum is None:
            continue
        if number and row.start_ts >= edges[number - 1].timestamp():
            found[edges[number - 1]] = row.sum - total
        total = row.sum
    return found


def _within(
    session: Session, metadata_ids: Iterable[int], start: datetime, end: datetime
) -> tuple[datetime, datetime]:
    """Return the span without the time before the first row of these series and after the last.

    Somebody may ask for everything until the year 9999.
    """
    rows = [session.execute(_ENDS, {"metadata_id": one}).one() for one in metadata_ids]
    known = [datetime.fromtimestamp(at, UTC) for row in rows for at in row if at is not None]
    if not known:
        return start, start
    return max(start, min(known)), min(end, max(known) + _SECOND)


def _in_our_unit(meta: StatisticMetaData, rows: dict[datetime, Mean]) -> dict[datetime, Mean]:
    """Return the values in the unit that we use for their kind."""
    kind, unit = meta["unit_class"], meta["unit_of_measurement"]
    if kind not in UNITS or unit == UNITS[kind]:
        return rows
    convert = UNIT_CLASS_TO_UNIT_CONVERTER[kind].converter_factory(unit, UNITS[kind])
    return {
        at: (convert(mean), convert(least), convert(greatest))
        for at, (mean, least, greatest) in rows.items()
    }


def _edges(start: datetime, end: datetime, period: Long) -> Iterator[datetime]:
    """Yield where the periods of a span begin (UTC), and where the last one ends."""
    zone = dt_util.get_default_time_zone()
    day = start.astimezone(zone).date()
    if period == "week":
        day -= timedelta(days=day.weekday())
    else:
        day = day.replace(day=1) if period == "month" else day.replace(month=1, day=1)
    edge = _midnight(day, zone)
    yield edge
    while edge < end:
        day += _LONGEST[period]
        if period != "week":
            # A month ends within its 31 days, a year within its 366.
            day = day.replace(day=1)
        edge = _midnight(day, zone)
        yield edge


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
