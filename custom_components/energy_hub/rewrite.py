"""Rewrites the past of our series in one transaction: all of it happens, or nothing.

Home Assistant's own calls write rows and shift later sums one after the other; a process
that dies between the two leaves an hour of nonsense at the seam. So this runs as one task
of the recorder's thread, on its own table of long-term statistics.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
import time
from typing import Any, Final, override

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.db_schema import Statistics
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.components.recorder.tasks import RecorderTask
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.recorder import get_instance, session_scope

from .const import DOMAIN, LOGGER
from .statistics import HOUR, Series, metadata_of, series_lock

type Mean = tuple[float, float, float]
"""Mean, least and greatest value."""

_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What hours of a series shall be; an hour that is None has no row."""

    series: Series
    changes: Mapping[datetime, float | None] | None = None
    """By how much a counter rose."""
    means: Mapping[datetime, Mean | None] | None = None
    """What a measurement was."""


class RewriteError(HomeAssistantError):
    """The database did not take it; nothing of it was written."""

    def __init__(self) -> None:
        """Say so in the user's language."""
        super().__init__(translation_domain=DOMAIN, translation_key="not_written")


@dataclass(slots=True)
class _Task(RecorderTask):
    """All of it, on the recorder's thread."""

    rewrites: Sequence[Rewrite]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[None]

    @override
    def run(self, instance: Recorder) -> None:
        """Write, and say how it went."""
        error: RewriteError | None = RewriteError()
        try:
            with session_scope(session=instance.get_session()) as session:
                for one in self.rewrites:
                    _rewrite(instance, session, one)
            error = None
        except SQLAlchemyError as err:
            LOGGER.debug("The database refused rows: %s", err)
        finally:
            # Whoever waits hears of it, whatever happened.
            self.loop.call_soon_threadsafe(self._finish, error)

    def _finish(self, error: RewriteError | None) -> None:
        if self.done.cancelled():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


async def async_rewrite(hass: HomeAssistant, rewrites: Sequence[Rewrite]) -> None:
    """Make hours what they shall be; later sums shift. Returns when it is in the database.

    Raises RewriteError.
    """
    async with series_lock(hass):
        done: asyncio.Future[None] = hass.loop.create_future()
        get_instance(hass).queue_task(_Task(rewrites, hass.loop, done))
        await done


async def async_hours_there(
    hass: HomeAssistant, series: Sequence[Series], start: datetime, end: datetime
) -> dict[Series, set[datetime]]:
    """Return which hours of a span have a row, by series."""

    def read() -> dict[Series, set[datetime]]:
        ids = {one.id for one in series}
        found = statistics_during_period(hass, start, end, ids, "hour", None, {"sum", "mean"})
        return {
            one: {datetime.fromtimestamp(row["start"], UTC) for row in found.get(one.id, ())}
            for one in series
        }

    return await get_instance(hass).async_add_executor_job(read)


def _rewrite(instance: Recorder, session: Session, one: Rewrite) -> None:
    manager = instance.statistics_meta_manager
    metadata = metadata_of(one.series)
    known = manager.get_many(session, statistic_ids={one.series.id})
    _, metadata_id = manager.update_or_add(session, metadata, known)
    if one.changes:
        _counter(session, metadata_id, one.changes)
    if one.means:
        _measurement(session, metadata_id, one.means)


def _counter(session: Session, metadata_id: int, changes: Mapping[datetime, float | None]) -> None:
    """Write the rows from the first hour to the last, and shift what comes after them."""
    wanted = {at.timestamp(): change for at, change in changes.items()}
    first, last = min(wanted), max(wanted)
    of_series = Statistics.metadata_id == metadata_id
    total = previous = (
        session.execute(
            select(Statistics.sum)
            .where(of_series, Statistics.start_ts < first)
            .order_by(Statistics.start_ts.desc())
            .limit(1)
        ).scalar()
        or 0.0
    )
    there = {}
    for row_id, start, row_sum in session.execute(
        select(Statistics.id, Statistics.start_ts, Statistics.sum)
        .where(of_series, Statistics.start_ts >= first, Statistics.start_ts <= last)
        .order_by(Statistics.start_ts)
    ):
        there[start] = row_id, (row_sum or 0.0) - previous
        previous = row_sum or 0.0
    new, other, gone = [], [], []
    for start in sorted(wanted.keys() | there.keys()):
        row_id, was = there.get(start, (None, None))
        change = wanted.get(start, was)
        if change is None:
            gone += [] if row_id is None else [row_id]
            continue
        total += change
        row = {"state": total, "sum": total}
        if row_id is None:
            new.append(_row(metadata_id, start) | row)
        else:
            other.append({"id": row_id, **row})
    _store(session, new, other, gone)
    if abs(total - previous) > _NOTHING:
        session.execute(
            update(Statistics)
            .where(of_series, Statistics.start_ts > last)
            .values(sum=Statistics.sum + (total - previous)),
            execution_options={"synchronize_session": False},
        )


def _measurement(session: Session, metadata_id: int, means: Mapping[datetime, Mean | None]) -> None:
    wanted = {at.timestamp(): mean for at, mean in means.items()}
    rows = session.execute(
        select(Statistics.start_ts, Statistics.id).where(
            Statistics.metadata_id == metadata_id,
            Statistics.start_ts >= min(wanted),
            Statistics.start_ts <= max(wanted),
        )
    )
    there = {start: row_id for start, row_id in rows if start is not None}
    new, other, gone = [], [], []
    for start, mean in wanted.items():
        row_id = there.get(start)
        if mean is None:
            gone += [] if row_id is None else [row_id]
            continue
        row = dict(zip(("mean", "min", "max"), mean, strict=True))
        if row_id is None:
            new.append(_row(metadata_id, start) | row)
        else:
            other.append({"id": row_id, **row})
    _store(session, new, other, gone)


def _row(metadata_id: int, start: float) -> dict[str, Any]:
    return {"metadata_id": metadata_id, "start_ts": start, "created_ts": time.time()}


def _store(session: Session, new: Sequence[Any], other: Sequence[Any], gone: Sequence[int]) -> None:
    if new:
        session.execute(insert(Statistics), new)
    if other:
        session.execute(update(Statistics), other)
    if gone:
        session.execute(
            delete(Statistics).where(Statistics.id.in_(gone)),
            execution_options={"synchronize_session": False},
        )


def hours_between(start: datetime, end: datetime) -> list[datetime]:
    """Return the starts of the full hours of a span."""
    count = (end - start) // HOUR
    return [start + number * HOUR for number in range(count)]
