"""The samples of an inverter, made when somebody looks at them. Pure.

All at once they would take twenty times the memory of the columns that they come from.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
import math
from typing import NamedTuple, overload, override

from ...reading import PortSample, Sample
from .series import Column, InverterDay, Series


class _Row(NamedTuple):
    at: datetime
    day: InverterDay
    place: int


class Samples(Sequence[Sample]):
    """The samples of an inverter, oldest first."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        """Take where they are."""
        self._rows = rows

    @override
    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Samples: ...
    @override
    def __getitem__(self, index: int | slice) -> Sample | Samples:
        if isinstance(index, slice):
            return Samples(self._rows[index])
        return _sample(self._rows[index])


type Labels = Mapping[int, datetime]
"""The moments (UTC) of minutes of a local day."""


def labels(zone: tzinfo, day: date, series: Series) -> Labels:
    """Return the moments of the labels of a day, ascending.

    Of an hour that comes twice it is the first; a minute that the clock leaves out is none.
    """
    found = {}
    for minute in sorted({minute for one in series.values() for minute in one.minutes}):
        local = datetime.combine(day, time(*divmod(minute, 60)), zone)
        at = local.astimezone(UTC)
        if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            found[minute] = at
    return found


def samples(serial: str, days: Sequence[tuple[Labels, Series]]) -> Samples:
    """Return the samples of an inverter on some days, which are in order."""
    return Samples([*_rows(serial, days)])


def known(value: float | None) -> float | None:
    """Return a value as exact as it came; None for one that is not known."""
    return None if value is None or math.isnan(value) else round(value, 3)


def _rows(serial: str, days: Sequence[tuple[Labels, Series]]) -> Iterator[_Row]:
    for moments, series in days:
        if (day := series.get(serial)) is not None:
            for place, minute in enumerate(day.minutes):
                if (at := moments.get(minute)) is not None:
                    yield _Row(at, day, place)


def _sample(row: _Row) -> Sample:
    at, day, place = row
    return Sample(
        at,
        _cell(day.power, place),
        _cell(day.frequency, place),
        _cell(day.temperature, place),
        tuple(_cell(phase, place) for phase in day.volts),
        {
            port: PortSample(*(_cell(column, place) for column in columns))
            for port, columns in day.ports.items()
        },
    )


def _cell(column: Column, place: int) -> float | None:
    return known(column[place])
