"""The samples of a plant's day: columns beside the minutes of the local clock. Pure.

Not a number is unknown. An inverter that does not answer shows zeros; they are taken for
what they are: unknown, while its energies stay.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
import math
from typing import Final, NamedTuple

_NAN: Final = math.nan
_DAY_MINUTES: Final = 24 * 60
_MOST_PORTS: Final = 24
# What a port of the largest micro-inverter can give, with room; in a minute, in Wh.
_MOST_WH: Final = 25.0
_LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "port_w": (0.0, 1_500.0),
    "port_v": (1.0, 200.0),
    "port_a": (0.0, 40.0),
    "inverter_w": (0.0, 12_000.0),
    "grid_v": (1.0, 600.0),
    "grid_hz": (40.0, 70.0),
    "temperature_c": (-60.0, 150.0),
}

type Column = array[float]


class PortDay(NamedTuple):
    """One port: V, A, W and the Wh since midnight."""

    voltage: Column
    current: Column
    power: Column
    energy: Column


@dataclass(slots=True)
class InverterDay:
    """One inverter: its labels in ascending order, and what it said at each."""

    minutes: array[int]
    power: Column
    frequency: Column
    temperature: Column
    volts: tuple[Column, ...]
    """One for each phase that it has."""
    ports: dict[int, PortDay] = field(default_factory=dict)

    def columns(self) -> Iterator[Column]:
        """Yield all columns, in an order that depends on phases and ports only."""
        yield from (self.power, self.frequency, self.temperature, *self.volts)
        for port in sorted(self.ports):
            yield from self.ports[port]

    def shape(self) -> tuple[int, tuple[int, ...]]:
        """Return the number of phases and the ports."""
        return len(self.volts), tuple(sorted(self.ports))


type Series = dict[str, InverterDay]
"""The day of a plant, by serial number."""


@dataclass(frozen=True, slots=True)
class Raw:
    """The columns of an inverter as they came, in any order, possibly too short."""

    labels: Sequence[str]
    power: Sequence[float] | None
    """None where the answer has only that of the ports."""
    frequency: Sequence[float]
    temperature: Sequence[float]
    volts: Sequence[Sequence[float]]
    ports: Mapping[int, tuple[Sequence[float], ...]]


def tidy(raw: Raw, until: int = _DAY_MINUTES) -> InverterDay:
    """Return the columns in order, without labels after `until` and impossible values."""
    places = {
        minute: place
        for place, label in enumerate(raw.labels)
        if (minute := minute_of(label)) is not None and minute <= until
    }
    minutes = sorted(places)
    order = [places[minute] for minute in minutes]
    frequency = _column(raw.frequency, order, "grid_hz")
    first, *others = (_column(phase, order, "grid_v") for phase in raw.volts)
    volts = (first, *(one for one in others if most(one) is not None))
    ports = {port: _port(columns, order, minutes) for port, columns in sorted(raw.ports.items())}
    power = (
        _sums(ports, len(order)) if raw.power is None else _column(raw.power, order, "inverter_w")
    )
    alive = next((one for one in (frequency, volts[0]) if most(one) is not None), power)
    return InverterDay(
        array("H", minutes),
        _while(alive, power),
        frequency,
        _while(alive, _column(raw.temperature, order, "temperature_c")),
        volts,
        ports,
    )


def is_port(number: int) -> bool:
    """Return whether an inverter can have a port of this number."""
    return 0 < number <= _MOST_PORTS


def minute_of(label: str) -> int | None:
    """Return the minute of the day of a label like 06:05; None for anything else."""
    hours, colon, minutes = label.partition(":")
    if not (colon and len(label) == 5 and hours.isdecimal() and minutes.isdecimal()):
        return None
    minute = 60 * int(hours) + int(minutes)
    return minute if minute < _DAY_MINUTES and int(minutes) < 60 else None


def merged(old: Series, new: Series) -> Series:
    """Return both; where both know a value the new one is right, and nothing is lost."""
    both = {serial: day for serial, day in old.items() if serial not in new}
    for serial, day in new.items():
        known = old.get(serial)
        both[serial] = day if known is None else _merged(known, day)
    return both


def most(column: Column) -> float | None:
    """Return the highest known value."""
    return max((value for value in column if not math.isnan(value)), default=None)


def _merged(old: InverterDay, new: InverterDay) -> InverterDay:
    if _has_all(new, old):
        return new
    minutes = sorted({*old.minutes, *new.minutes})
    places = [{minute: place for place, minute in enumerate(day.minutes)} for day in (old, new)]

    def join(before: Column | None, after: Column | None) -> Column:
        return array(
            "f", (_pick(after, places[1], one, _pick(before, places[0], one)) for one in minutes)
        )

    phases = range(max(len(old.volts), len(new.volts)))
    ports = {}
    for port in sorted({*old.ports, *new.ports}):
        before, after = old.ports.get(port, _NO_PORT), new.ports.get(port, _NO_PORT)
        ports[port] = PortDay(*map(join, before, after, strict=True))
    return InverterDay(
        array("H", minutes),
        join(old.power, new.power),
        join(old.frequency, new.frequency),
        join(old.temperature, new.temperature),
        tuple(join(_nth(old.volts, place), _nth(new.volts, place)) for place in phases),
        ports,
    )


def _has_all(new: InverterDay, old: InverterDay) -> bool:
    """Return whether the new day goes on where the old one ended, and takes nothing back."""
    count = len(old.minutes)
    if new.shape() != old.shape() or new.minutes[:count] != old.minutes:
        return False
    pairs = zip(old.columns(), (column[:count] for column in new.columns()), strict=True)
    # Most are the same, and that is seen at once.
    return not any(
        before.tobytes() != after.tobytes() and _takes_back(before, after)
        for before, after in pairs
    )


def _takes_back(before: Column, after: Column) -> bool:
    pairs = zip(before, after, strict=True)
    return any(math.isnan(new) and not math.isnan(old) for old, new in pairs)


_NO_PORT: Final = (None, None, None, None)


def _pick(
    column: Column | None, places: Mapping[int, int], minute: int, other: float = _NAN
) -> float:
    place = places.get(minute)
    if column is None or place is None or math.isnan(column[place]):
        return other
    return column[place]


def _nth(columns: Sequence[Column], place: int) -> Column | None:
    return columns[place] if place < len(columns) else None


def _column(values: Sequence[float], order: Sequence[int], limits: str) -> Column:
    low, high = _LIMITS[limits]
    known = len(values)
    return array(
        "f",
        (
            value if place < known and low <= (value := values[place]) <= high else _NAN
            for place in order
        ),
    )


def _port(
    columns: Sequence[Sequence[float]], order: Sequence[int], minutes: Sequence[int]
) -> PortDay:
    voltage = _column(columns[0], order, "port_v")
    energies = columns[3]
    energy = array(
        "f",
        (
            value
            if place < len(energies) and 0 <= (value := energies[place]) <= _MOST_WH * minute
            else _NAN
            for place, minute in zip(order, minutes, strict=True)
        ),
    )
    return PortDay(
        voltage,
        _while(voltage, _column(columns[1], order, "port_a")),
        _while(voltage, _column(columns[2], order, "port_w")),
        energy,
    )


def _while(alive: Column, values: Column) -> Column:
    """Return values as far as they were measured: a device that sleeps shows zeros."""
    pairs = zip(alive, values, strict=True)
    return array("f", (_NAN if math.isnan(sign) else value for sign, value in pairs))


def _sums(ports: Mapping[int, PortDay], count: int) -> Column:
    rows = zip(*(one.power for one in ports.values()), strict=True) if ports else ()
    sums = [_sum(row) for row in rows]
    return array("f", sums or [_NAN] * count)


def _sum(row: Sequence[float]) -> float:
    known = [value for value in row if not math.isnan(value)]
    return sum(known) if known else _NAN
