"""Reads exports of other programs: a table of hours, or of shorter times, as CSV. Pure."""

from collections.abc import Iterable, Mapping
import csv
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import isfinite
from typing import Final

type Hours = dict[datetime, float]
"""A value by the hour (its start, UTC)."""

ENERGIES: Final = ("solar", "import", "export", "house", "battery_in", "battery_out", "forecast")
"""kWh of the time from a row's start on; those of an hour are added."""
MEASURES: Final = ("irradiance", "temperature")
"""W/m2 on a level plane and degrees Celsius; those of an hour are averaged."""
_NAMES: Final = {name: name for name in (*ENERGIES, *MEASURES)} | {
    "pv": "solar",
    "returned": "export",
}
_TIMES: Final = ("start", "time", "timestamp", "datetime")
_NOTHING: Final = frozenset({"", "null", "none", "nan", r"\n", "unknown", "unavailable"})
_RANGES: Final = dict.fromkeys(ENERGIES, (0.0, 1000.0)) | {
    "irradiance": (-5.0, 1600.0),
    "temperature": (-95.0, 65.0),
}
_MOST_REASONS: Final = 20


class NoTableError(ValueError):
    """The file is no table that can be imported; the text is a word for the reason."""


@dataclass(slots=True)
class Table:
    """What a file says."""

    columns: dict[str, Hours] = field(default_factory=dict)
    faulty: dict[date, str] = field(default_factory=dict)
    """Local days with a row that cannot be true, and what is wrong with it."""
    ignored: list[str] = field(default_factory=list)
    """Columns that nobody knows."""
    rows: int = 0
    span: tuple[datetime, datetime] | None = None
    """The first hour that anything is known of, and the end of the last; None: of none."""


def read_table(lines: Iterable[str], zone: tzinfo) -> Table:
    """Return the table in these lines; times without an offset are those of `zone`.

    Raises NoTableError: `no_header`, `no_time`, `no_values`.
    """
    rows = iter(lines)
    header = next(rows, "").lstrip("﻿")
    if not header.strip():
        raise NoTableError("no_header")
    mark = ";" if header.count(";") > header.count(",") else ","
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=mark))]
    times = [place for place, name in enumerate(names) if name in _TIMES]
    values = {place: _NAMES[name] for place, name in enumerate(names) if name in _NAMES}
    if not times:
        raise NoTableError("no_time")
    if not values:
        raise NoTableError("no_values")
    table = Table(ignored=[n for n in names if n and n not in _NAMES and n not in _TIMES])
    reader = _Reader(table, zone, decimal_comma=mark == ";")
    try:
        for cells in csv.reader(rows, delimiter=mark):
            if any(cell.strip() for cell in cells):
                reader.row(cells, times[0], values)
    except csv.Error as err:
        raise NoTableError("no_header") from err
    reader.finish()
    return table


class _Reader:
    """Takes row after row; the same time again replaces what was said of it before."""

    def __init__(self, table: Table, zone: tzinfo, *, decimal_comma: bool) -> None:
        self._table = table
        self._zone = zone
        self._comma = decimal_comma
        self._last: datetime | None = None
        self._seen: dict[str, dict[datetime, float]] = {}

    def row(self, cells: list[str], time_at: int, values: Mapping[int, str]) -> None:
        """Take in a row."""
        self._table.rows += 1
        try:
            at = self._time(cells[time_at].strip())
        except ValueError, IndexError, OverflowError, OSError:
            # Nobody knows which day it is of: that of the row before.
            self._fault(self._last, f"row {self._table.rows}: no time")
            return
        self._last = at
        for place, name in values.items():
            cell = cells[place].strip() if place < len(cells) else ""
            if cell.lower() in _NOTHING:
                continue
            try:
                value = self._number(cell)
            except ValueError:
                self._fault(at, f"row {self._table.rows}: {name} is {cell[:20]!r}")
                continue
            least, most = _RANGES[name]
            if not least <= value <= most:
                self._fault(at, f"row {self._table.rows}: {name} is {value:g}")
                continue
            self._seen.setdefault(name, {})[at] = value

    def finish(self) -> None:
        """Make hours of the rows."""
        for name, rows in self._seen.items():
            hours: dict[datetime, list[float]] = {}
            for at, value in rows.items():
                hours.setdefault(at.replace(minute=0, second=0, microsecond=0), []).append(value)
            self._table.columns[name] = {
                hour: sum(every) if name in ENERGIES else sum(every) / len(every)
                for hour, every in hours.items()
            }
        # Of ten years that is work too long for the event loop.
        hours_known = {hour for column in self._table.columns.values() for hour in column}
        if hours_known:
            self._table.span = min(hours_known), max(hours_known) + timedelta(hours=1)

    def _fault(self, at: datetime | None, why: str) -> None:
        if at is not None:
            self._table.faulty.setdefault(at.astimezone(self._zone).date(), why)

    def _number(self, cell: str) -> float:
        value = float(cell.replace(",", ".") if self._comma else cell)
        if not isfinite(value):
            raise ValueError(cell)
        return value

    def _time(self, text: str) -> datetime:
        """Return the instant of a cell; raises ValueError."""
        if text.isdigit():
            number = int(text)
            return datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
        # In autumn an hour comes twice: a clock that goes back tells the second one.
        first = at.replace(tzinfo=self._zone, fold=0).astimezone(UTC)
        second = at.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        if second > first and self._last is not None and self._last >= first:
            return second
        return first


def reasons(table: Table) -> dict[str, str]:
    """Return the first faulty days, and why."""
    days = sorted(table.faulty)[:_MOST_REASONS]
    return {day.isoformat(): table.faulty[day] for day in days}
