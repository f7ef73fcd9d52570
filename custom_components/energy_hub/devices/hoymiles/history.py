"""What a plant did on some days, for the house and the export. Pure; for the executor."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

from ...reading import Flags, Flow, History, Reading
from .fresh import validity
from .pack import unpack
from .samples import Labels, known, labels, samples
from .series import Series, most

_DAY: Final = timedelta(days=1)


class Began(NamedTuple):
    """A day, and what the plant's counter showed at its midnight, in kWh."""

    day: date
    kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What is known of a plant, apart from the thread that goes on learning."""

    source: str
    zone: tzinfo
    step: timedelta
    serials: tuple[str, ...]
    days: Mapping[date, bytes]
    """The series, packed."""
    wanted: frozenset[date]
    """Of which days; the others lead from the counter of now to that of then."""
    began: Began | None
    told: Sequence[tuple[datetime, float]]
    flags: Flags


class _Row(NamedTuple):
    minute: int
    power_w: float | None
    energy_wh: float | None
    """Since midnight."""


def history(plant: Remembered) -> History:
    """Return the days of a plant.

    A reading has the counter of its moment where the days from there to now have energies,
    and the power where every inverter that was awake has one.
    """
    days = {day: unpack(plant.days[day]) for day in sorted(plant.days)}
    moments = {day: labels(plant.zone, day, series) for day, series in days.items()}
    rows = {day: [*_rows(series)] for day, series in days.items()}
    starts = _starts(plant.began, rows)
    wanted = [day for day in days if day in plant.wanted]
    both = [(moments[day], days[day]) for day in wanted]
    serials = sorted({*plant.serials, *(serial for day in wanted for serial in days[day])})
    return History(
        source=plant.source,
        zone=plant.zone,
        readings=[
            reading
            for day in wanted
            for reading in _readings(plant, moments[day], rows[day], starts.get(day))
        ],
        samples={serial: samples(serial, both) for serial in serials},
        today_wh=plant.told,
        flags=plant.flags,
    )


def _starts(began: Began | None, rows: Mapping[date, Sequence[_Row]]) -> dict[date, float]:
    """Return the counter at the midnights of days, back to where it is not known any more."""
    starts: dict[date, float] = {}
    day, kwh = began or (date.min, None)
    while kwh is not None and kwh >= 0:
        starts[day] = kwh
        day -= _DAY
        wh = rows[day][-1].energy_wh if rows.get(day) else None
        kwh = None if wh is None else kwh - wh / 1000
    return starts


def _readings(
    plant: Remembered, moments: Labels, rows: Sequence[_Row], start: float | None
) -> Iterator[Reading]:
    for minute, power, wh in rows:
        if (at := moments.get(minute)) is not None:
            yield Reading(
                source=plant.source,
                flow=Flow.SOLAR,
                at=at,
                valid_for=validity(plant.step, plant.step),
                power_w=power,
                to_house_kwh=None if start is None or wh is None else start + wh / 1000,
            )


def _rows(series: Series) -> Iterator[_Row]:
    """Yield what the whole plant gave, label by label."""
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
            counted[place] = max(counted[place], known(one.get(minute)) or 0.0)
        rows = [
            one.get(minute)
            for one, (first, last) in zip((p for p in powers if p), spans, strict=True)
            if first <= minute <= last
        ]
        found = [power for power in map(known, rows) if power is not None]
        power = sum(found) if found and len(found) == len(rows) else None
        yield _Row(minute, power, sum(counted) if counted else None)
