"""The only writer and reader of long-term statistics: external series of ours, by the hour.

An entity's own statistics belong to the recorder; ours may be corrected at any time.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, NamedTuple

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    get_last_statistics,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .periods import UNITS, Mean, Period, changes_of, is_long, means_of

type Fine = Literal["5minute", "hour"]
type Means = Mapping[datetime, tuple[float, float, float]]
"""Mean, least and greatest value of an hour, by its start."""

HOUR: Final = timedelta(hours=1)
_LOCK: HassKey[asyncio.Lock] = HassKey(f"{DOMAIN}_statistics_lock")
# The recorder takes the whole period in which a span ends, also when it ends where one begins.
_MOMENT: Final = timedelta(microseconds=1)
# A rest of adding floats; no unit of ours has a meaning that small.
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Series:
    """One external series: a counter, or a measurement with its mean."""

    key: str
    """Its id is `energy_hub:<key>`."""
    name: str
    unit: str
    unit_class: str | None = None
    counts: bool = True
    """Whether it is a counter with a sum; else it has mean, least and greatest."""

    @property
    def id(self) -> str:
        """The statistic id."""
        return f"{DOMAIN}:{self.key}"


class Known(NamedTuple):
    """What the recorder kept of an entity in a period: mean of a measurement, last of a counter."""

    mean: float | None
    state: float | None


@dataclass(frozen=True, slots=True)
class _Sums:
    """What stands in the database from an hour on."""

    base: float
    """The sum before that hour."""
    changes: Mapping[datetime, float]


async def async_write_changes(
    hass: HomeAssistant, series: Series, changes: Mapping[datetime, float]
) -> None:
    """Set by how much a counter rose in these hours; all later sums shift with them.

    Keys are full hours. What is there already is not written again. Returns when the
    recorder has it.
    """
    if not changes:
        return
    async with series_lock(hass):
        first, last = min(changes), max(changes)
        recorder = get_instance(hass)
        known = await recorder.async_add_executor_job(_sums, hass, series.id, first)
        rows = _rows(known, changes, last)
        if not rows:
            return
        shift = sum(changes[hour] - known.changes.get(hour, 0.0) for hour in changes)
        async_add_external_statistics(hass, metadata_of(series), rows)
        if abs(shift) > _NOTHING and any(hour > last for hour in known.changes):
            recorder.async_adjust_statistics(series.id, last + HOUR, shift, series.unit)
        await _async_done(hass)


def series_lock(hass: HomeAssistant) -> asyncio.Lock:
    """Return what is held from reading sums until what follows from them is written."""
    return hass.data.setdefault(_LOCK, asyncio.Lock())


async def async_write_means(hass: HomeAssistant, series: Series, hours: Means) -> None:
    """Set mean, least and greatest value of hours; returns when the recorder has it."""
    if not hours:
        return
    rows = [
        StatisticData(start=start, mean=mean, min=least, max=greatest)
        for start, (mean, least, greatest) in sorted(hours.items())
    ]
    async_add_external_statistics(hass, metadata_of(series), rows)
    await _async_done(hass)


async def async_read_changes(
    hass: HomeAssistant, ids: Iterable[str], start: datetime, end: datetime, period: Period
) -> dict[str, dict[datetime, float]]:
    """Return by how much counters rose in each period of a span, by id and its start (UTC).

    Periods are those of Home Assistant's time zone: a day can have 23 or 25 hours. They are
    whole, also where the span begins or ends inside one.
    """

    def read() -> dict[str, dict[datetime, float]]:
        if is_long(period):
            return changes_of(hass, set(ids), start, end, period)
        last = end - _MOMENT
        found = statistics_during_period(hass, start, last, set(ids), period, None, {"change"})
        return {
            name: {
                datetime.fromtimestamp(row["start"], UTC): change
                for row in rows
                if (change := row.get("change")) is not None
            }
            for name, rows in found.items()
        }

    return await get_instance(hass).async_add_executor_job(read)


async def async_read_means(
    hass: HomeAssistant, ids: Iterable[str], start: datetime, end: datetime, period: Period
) -> dict[str, dict[datetime, Mean]]:
    """Return mean, least and greatest value of each period, by id and its start (UTC).

    In W, kWh, V, A, Hz and degrees Celsius, whatever units the user sees.
    """

    def read() -> dict[str, dict[datetime, Mean]]:
        if is_long(period):
            return means_of(hass, set(ids), start, end, period)
        found = statistics_during_period(
            hass, start, end - _MOMENT, set(ids), period, dict(UNITS), {"mean", "min", "max"}
        )
        return {
            name: {
                datetime.fromtimestamp(row["start"], UTC): (mean, least, greatest)
                for row in rows
                if (mean := row.get("mean")) is not None
                and (least := row.get("min")) is not None
                and (greatest := row.get("max")) is not None
            }
            for name, rows in found.items()
        }

    return await get_instance(hass).async_add_executor_job(read)


async def async_read_known(
    hass: HomeAssistant, ids: Iterable[str], start: datetime, end: datetime, period: Fine
) -> dict[str, dict[datetime, Known]]:
    """Return what was kept of entities, by id and start of the period (UTC).

    In W, kWh, V, A, Hz and degrees Celsius, whatever units the user sees.
    """

    def read() -> dict[str, dict[datetime, Known]]:
        found = statistics_during_period(
            hass, start, end, set(ids), period, dict(UNITS), {"mean", "state"}
        )
        return {
            name: {
                datetime.fromtimestamp(row["start"], UTC): Known(row.get("mean"), row.get("state"))
                for row in rows
            }
            for name, rows in found.items()
        }

    return await get_instance(hass).async_add_executor_job(read)


async def async_clear(hass: HomeAssistant, ids: Iterable[str]) -> None:
    """Delete whole series; returns when they are gone."""
    get_instance(hass).async_clear_statistics(list(ids))
    await _async_done(hass)


async def _async_done(hass: HomeAssistant) -> None:
    """Wait until the recorder has done what it was given so far.

    Its own `async_block_till_done` returns while the last task still runs.
    """
    done: asyncio.Future[None] = hass.loop.create_future()
    get_instance(hass).queue_task(SynchronizeTask(done))
    await done


def _sums(hass: HomeAssistant, statistic_id: str, first: datetime) -> _Sums:
    """Read what stands there from `first` on; runs in the recorder's executor."""
    rows = statistics_during_period(
        hass, first, None, {statistic_id}, "hour", None, {"change", "sum"}
    ).get(statistic_id, [])
    changes = {datetime.fromtimestamp(row["start"], UTC): row.get("change") or 0.0 for row in rows}
    if rows:
        return _Sums((rows[0].get("sum") or 0.0) - (rows[0].get("change") or 0.0), changes)
    before = get_last_statistics(hass, 1, statistic_id, False, {"sum"}).get(statistic_id, [])
    return _Sums((before[0].get("sum") or 0.0) if before else 0.0, changes)


def _rows(known: _Sums, changes: Mapping[datetime, float], last: datetime) -> list[StatisticData]:
    """Return the rows to write up to the last changed hour: from the first that differs."""
    rows: list[StatisticData] = []
    total = known.base
    for hour in sorted(known.changes.keys() | changes.keys()):
        if hour > last:
            break
        before = known.changes.get(hour)
        change = changes.get(hour, before or 0.0)
        total += change
        if rows or before is None or abs(change - before) > _NOTHING:
            rows.append(StatisticData(start=hour, state=total, sum=total))
    return rows


def metadata_of(series: Series) -> StatisticMetaData:
    """Return how Home Assistant describes a series."""
    return StatisticMetaData(
        mean_type=StatisticMeanType.NONE if series.counts else StatisticMeanType.ARITHMETIC,
        has_sum=series.counts,
        name=series.name,
        source=DOMAIN,
        statistic_id=series.id,
        unit_class=series.unit_class,
        unit_of_measurement=series.unit,
    )
