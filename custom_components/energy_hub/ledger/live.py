"""The live picture of the house: readings of different ages, one balance. Pure.

Each flow shows its newest valid value. The house is solar + grid + battery *at one
moment*: the newest one that every source that is fresh has reached. A battery that has
just switched off and a meter that has already seen it do not make a house of nothing.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Final, NamedTuple

from ..reading import Flow, Reading
from .source import Grade, Source, worst

ALIGNED: Final = timedelta(seconds=90)
"""Sources that report at least this often are brought to one moment.

Local devices do (the slowest, an Envoy, each minute); a cloud that is older stands for
the present with its last value as long as that is valid.
"""
_BALANCE: Final = (Flow.SOLAR, Flow.GRID, Flow.BATTERY)


@dataclass(frozen=True, slots=True)
class Value:
    """A power: W in the signs of the house, None when it is not known.

    Measured is at most `ALIGNED` old; held is older and still valid, or a house that
    could not be told for a moment; estimated is a sleeping inverter in the dark.
    """

    power_w: float | None
    age: timedelta | None
    """The age of the oldest reading in it."""
    grade: Grade


MISSING: Final = Value(None, None, Grade.MISSING)


@dataclass(frozen=True, slots=True)
class Picture:
    """The house now."""

    sources: Mapping[Source, Value]
    flows: Mapping[Flow, Value]
    """The sum of the sources of each flow the house has; missing when one of them is."""
    house: Value

    @property
    def solar_w(self) -> float | None:
        """What is produced."""
        return self._power(Flow.SOLAR)

    @property
    def grid_w(self) -> float | None:
        """What is imported, negative when exported."""
        return self._power(Flow.GRID)

    @property
    def battery_w(self) -> float | None:
        """What the batteries give, negative when they charge."""
        return self._power(Flow.BATTERY)

    @property
    def house_w(self) -> float | None:
        """What the house uses; never negative."""
        return self.house.power_w

    def _power(self, flow: Flow) -> float | None:
        return self.flows.get(flow, MISSING).power_w


class _Sample(NamedTuple):
    at: datetime
    power_w: float


class Live:
    """Keeps the newest reading of each source and the few before it."""

    def __init__(self, sources: Iterable[Source]) -> None:
        """Start with nothing known. Sources whose power does not count are left out."""
        self._sources: Final = {(one.id, one.flow): one for one in sources if one.power}
        self._newest: dict[Source, Reading] = {}
        self._samples: dict[Source, deque[_Sample]] = {}
        self._moment: datetime | None = None
        self._good: _Sample | None = None

    def feed(self, reading: Reading) -> None:
        """Take in a reading; one that is not newer than the last changes nothing."""
        source = self._sources.get((reading.source, reading.flow))
        if source is None:
            return
        last = self._newest.get(source)
        if last is not None and reading.at <= last.at:
            return
        self._newest[source] = reading
        if reading.power_w is not None and isfinite(reading.power_w):
            samples = self._samples.setdefault(source, deque())
            samples.append(_Sample(reading.at, reading.power_w))
            while samples[0].at < reading.at - ALIGNED:
                samples.popleft()

    def picture(self, now: datetime, *, dark: bool = False) -> Picture:
        """Return the house at `now` (UTC).

        `dark` says that the sun is down: a solar source that says nothing gives nothing.
        """
        values = {one: self._value(one, now, dark=dark) for one in self._sources.values()}
        flows = {
            flow: _sum([value for one, value in values.items() if one.flow is flow])
            for flow in {one.flow for one in values}
        }
        return Picture(values, flows, self._house(values, flows, now))

    def _value(self, source: Source, now: datetime, *, dark: bool) -> Value:
        reading = self._newest.get(source)
        if reading is not None and now <= reading.at + reading.valid_for:
            age = max(now - reading.at, timedelta())
            if reading.power_w is not None and isfinite(reading.power_w):
                grade = Grade.MEASURED if age <= ALIGNED else Grade.HELD
                return Value(reading.power_w, age, grade)
        if dark and source.flow is Flow.SOLAR:
            return Value(0.0, None, Grade.ESTIMATED)
        return MISSING

    def _house(
        self, values: Mapping[Source, Value], flows: Mapping[Flow, Value], now: datetime
    ) -> Value:
        """Return the balance; when it does not add up, the last good one for a moment."""
        needed = {one: value for one, value in values.items() if one.flow in _BALANCE}
        if Flow.GRID not in flows or any(value.power_w is None for value in needed.values()):
            return MISSING
        moment = self._align(needed, now)
        # Adding zero turns the -0.0 of a rounding into 0.0.
        power_w = round(sum(self._at(one, needed[one], moment) for one in needed), 3) + 0.0
        grades = [value.grade for value in needed.values()]
        if power_w >= 0:
            self._good = _Sample(moment, power_w)
        else:
            grades.append(Grade.HELD)
        if self._good is None or moment - self._good.at > ALIGNED:
            return MISSING
        return Value(self._good.power_w, max(now - self._good.at, timedelta()), worst(grades))

    def _align(self, values: Mapping[Source, Value], now: datetime) -> datetime:
        """Return the newest moment that every fresh source has reached; it never goes back."""
        fresh = [
            self._newest[one].at for one, value in values.items() if value.grade is Grade.MEASURED
        ]
        moment = min(fresh, default=now)
        self._moment = moment if self._moment is None else max(moment, self._moment)
        return self._moment

    def _at(self, source: Source, value: Value, moment: datetime) -> float:
        """Return the power of a source at a moment: of a fresh one, its reading nearest to it."""
        if value.grade is not Grade.MEASURED:
            return value.power_w or 0.0
        nearest = min(self._samples[source], key=lambda sample: abs(sample.at - moment))
        return nearest.power_w


def _sum(values: Iterable[Value]) -> Value:
    """Return the sum of the sources of a flow; missing when one of them is."""
    known = [*values]
    if any(value.power_w is None for value in known):
        return MISSING
    return Value(
        sum(value.power_w or 0.0 for value in known),
        max((value.age for value in known if value.age is not None), default=None),
        worst(value.grade for value in known),
    )
