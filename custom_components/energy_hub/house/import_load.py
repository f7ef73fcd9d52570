"""Where imported history comes from: a file, the weather archive, what devices remember."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Final, override

from homeassistant.core import HomeAssistant

from ..control import refusal
from ..ledger.days import midnight
from ..plan.sky import Sky
from ..reading import Flow, Reading
from ..rewrite import hours_between
from ..site import async_get_site
from ..statistics import HOUR
from .import_csv import Hours, NoTableError, Table, read_table
from .weather_service import async_archive

type Columns = Mapping[str, Hours]
"""What is known, by the name of the column; solar sources by `solar:<id>`."""

_DAY: Final = timedelta(days=1)
_LARGEST: Final = 300_000_000
# Two readings further apart do not say which hour the energy between them belongs to.
_LONGEST_STEP: Final = timedelta(minutes=40)


class Loader(ABC):
    """Gives local days of history."""

    days_at_once: int
    """How many days are asked for together."""

    @abstractmethod
    async def async_days(self, days: Sequence[date]) -> Columns:
        """Return what is known of consecutive days; raises DeviceError."""


class TableLoader(Loader):
    """The days of a file that was read; each day once.

    What was given is forgotten: to free ten years at the end would hold the event loop.
    """

    # Short enough for the recorder to do something else in between.
    days_at_once = 10

    def __init__(self, table: Table, zone: tzinfo) -> None:
        """Give the days of this table."""
        self._table = table
        self._zone = zone

    @override
    async def async_days(self, days: Sequence[date]) -> Columns:
        wanted = hours_between(*span_of_days(days, self._zone))
        return {
            name: {hour: column.pop(hour) for hour in wanted if hour in column}
            for name, column in self._table.columns.items()
        }


class ArchiveLoader(Loader):
    """Irradiance and temperature of past days from the archive of the weather service."""

    days_at_once = 90

    def __init__(self, hass: HomeAssistant, url: str | None, zone: tzinfo) -> None:
        """Ask this server; None for the public one."""
        self._hass = hass
        self._url = url
        self._zone = zone

    @override
    async def async_days(self, days: Sequence[date]) -> Columns:
        start, end = span_of_days(days, self._zone)
        skies: Iterable[Sky] = await async_archive(self._hass, self._url, start.date(), end.date())
        inside = [sky for sky in skies if start <= sky.start < end]
        return {
            "irradiance": {sky.start: sky.light.level for sky in inside if sky.light is not None},
            "temperature": {
                sky.start: sky.temperature_c for sky in inside if sky.temperature_c is not None
            },
        }


class DeviceLoader(Loader):
    """What the makers of the solar sources remember; one day at a time, as slowly as they like."""

    days_at_once = 1

    def __init__(self, hass: HomeAssistant, sources: Sequence[str], zone: tzinfo) -> None:
        """Ask for these sources, which are all solar sources of the house."""
        self._hass = hass
        self._sources = sources
        self._zone = zone

    @override
    async def async_days(self, days: Sequence[date]) -> Columns:
        start, end = span_of_days(days, self._zone)
        found: dict[str, Hours] = {}
        for device in async_get_site(self._hass).sources.values():
            for source in device.histories:
                if source not in self._sources:
                    continue
                history = await device.async_past(source, start, end)
                if history is not None:
                    hours = energies(history.readings)
                    inside = {at: kwh for at, kwh in hours.items() if start <= at < end}
                    found[f"solar:{source}"] = inside
        if len(found) == len(self._sources):
            found["solar"] = _sum(list(found.values()))
        return found


def span_of_days(days: Sequence[date], zone: tzinfo) -> tuple[datetime, datetime]:
    """Return where consecutive local days begin and end (UTC)."""
    return midnight(days[0], zone), midnight(days[-1] + _DAY, zone)


def energies(readings: Sequence[Reading]) -> Hours:
    """Return the solar kWh of each hour that counters on both sides of it tell. Pure.

    The counter at the edge of an hour lies in proportion between the readings around it. A
    counter that stands over a night stands at every edge in it.
    """
    known = [
        (one.at, one.to_house_kwh)
        for one in readings
        if one.flow is Flow.SOLAR and one.to_house_kwh is not None
    ]
    edges: dict[datetime, float] = {}
    for (first, low), (last, high) in pairwise(sorted(known)):
        edge = first.replace(minute=0, second=0, microsecond=0)
        edge += HOUR if edge < first else HOUR * 0
        while edge <= last and high >= low:
            if last - first <= _LONGEST_STEP or high == low:
                share = (edge - first) / (last - first) if last > first else 0.0
                edges[edge] = low + (high - low) * share
            edge += HOUR
    return {edge: edges[edge + HOUR] - kwh for edge, kwh in edges.items() if edge + HOUR in edges}


def _sum(every: Sequence[Hours]) -> Hours:
    """Return the sum of the hours that all know."""
    shared = set.intersection(*(set(one) for one in every)) if every else set()
    return {hour: sum(one[hour] for one in every) for hour in sorted(shared)}


def read_file(folder: Path, name: str, zone: tzinfo) -> tuple[Table, str]:
    """Return table and digest of a file in the configuration folder; for the executor.

    Raises ServiceValidationError for a file that is elsewhere, missing, or no table.
    """
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or path.suffix.lower() != ".csv":
        raise refusal("file_not_allowed", file=name)
    if not path.is_file() or path.stat().st_size > _LARGEST:
        raise refusal("file_missing", file=name)
    try:
        text = path.read_text(encoding="utf-8")
        table = read_table(text.splitlines(), zone)
    except UnicodeDecodeError as err:
        raise refusal("csv_no_header", file=name) from err
    except NoTableError as err:
        raise refusal(f"csv_{err}", file=name) from err
    return table, sha256(text.encode()).hexdigest()
