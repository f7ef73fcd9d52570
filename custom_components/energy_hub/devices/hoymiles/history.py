"""What a plant did today and yesterday, sample by sample, for the house and the export. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
import math
from typing import NamedTuple

from ...reading import Flow, Reading
from .fresh import validity
from .pack import unpack
from .plant import PlantState
from .series import Column, InverterDay, Series, most


class PortSample(NamedTuple):
    """One port: V, A and W on the DC side, Wh since midnight on the AC side."""

    voltage_v: float | None
    current_a: float | None
    power_w: float | None
    energy_wh: float | None


class Sample(NamedTuple):
    """One inverter at one moment (UTC): W, Hz, degrees Celsius, V of its phases, its ports."""

    at: datetime
    power_w: float | None
    frequency_hz: float | None
    temperature_c: float | None
    volts: tuple[float | None, ...]
    ports: Mapping[int, PortSample]


@dataclass(frozen=True, slots=True)
class History:
    """A plant's readings, and the samples of its inverters by serial number; oldest first."""

    readings: Sequence[Reading]
    samples: Mapping[str, Sequence[Sample]]


type Moment = Callable[[date, int], datetime]
"""Makes a moment of a local day and a minute of its clock."""


def history(state: PlantState, packed: Mapping[date, bytes], total_kwh: float | None) -> History:
    """Return the days of a plant; `total_kwh` is its counter now. For the executor.

    A reading has the counter of its moment where the series has energies, and the power
    where every inverter that was awake has one.
    """
    days = {day: unpack(packed[day]) for day in sorted(packed)}
    readings: list[Reading] = []
    counter = total_kwh
    for day in reversed(days):
        rows = list(_rows(days[day]))
        if rows:
            wh = rows[-1][2]
            counter = None if counter is None or wh is None else counter - wh / 1000
            readings[:0] = [_reading(state, day, row, counter) for row in rows]
    samples: dict[str, list[Sample]] = {}
    for day, series in days.items():
        for serial, one in series.items():
            samples.setdefault(serial, []).extend(_samples(state.at, day, one))
    return History(readings, samples)


def _reading(
    state: PlantState, day: date, row: tuple[int, float | None, float | None], start: float | None
) -> Reading:
    minute, power, wh = row
    return Reading(
        source=str(state.plant.id),
        flow=Flow.SOLAR,
        at=state.at(day, minute),
        valid_for=validity(state.step, state.step),
        power_w=power,
        to_house_kwh=None if start is None or wh is None else start + wh / 1000,
    )


def _rows(series: Series) -> Iterator[tuple[int, float | None, float | None]]:
    """Yield minute, power in W and energy since midnight in Wh of the whole plant."""
    powers = [dict(zip(one.minutes, one.power, strict=True)) for one in series.values()]
    spans = [(min(one), max(one)) for one in powers if one]
    energies = [
        dict(zip(one.minutes, port.energy, strict=True))
        for one in series.values()
        for port in one.ports.values()
        if most(port.energy) is not None
    ]
    counted = [0.0] * len(energies)
    for minute in sorted({minute for one in powers for minute in one}):
        for place, one in enumerate(energies):
            counted[place] = max(counted[place], _known(one.get(minute)) or 0.0)
        rows = [
            one.get(minute)
            for one, (first, last) in zip((p for p in powers if p), spans, strict=True)
            if first <= minute <= last
        ]
        known = [power for power in map(_known, rows) if power is not None]
        power = sum(known) if known and len(known) == len(rows) else None
        yield minute, power, sum(counted) if counted else None


def _samples(moment: Moment, day: date, one: InverterDay) -> Iterator[Sample]:
    for place, minute in enumerate(one.minutes):
        yield Sample(
            moment(day, minute),
            _cell(one.power, place),
            _cell(one.frequency, place),
            _cell(one.temperature, place),
            tuple(_cell(phase, place) for phase in one.volts),
            {
                port: PortSample(*(_cell(column, place) for column in columns))
                for port, columns in one.ports.items()
            },
        )


def _cell(column: Column, place: int) -> float | None:
    return _known(column[place])


def _known(value: float | None) -> float | None:
    """Return a value as exact as it came; None for one that is not known."""
    return None if value is None or math.isnan(value) else round(value, 3)
