"""Days of the simulated house, and homes that are polled at random in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from custom_components.energy_hub.ledger.days import midnight
from custom_components.energy_hub.ledger.source import DIRECTIONS, Direction, Register, Source
from custom_components.energy_hub.reading import Flow, Reading
from simulator.world import House, Truth, mixed_house

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
SOURCES: Final = tuple(
    Source(id=name, flow=flow, counters=DIRECTIONS[flow])
    for name, flow in {
        "meter": Flow.GRID,
        "hoymiles": Flow.SOLAR,
        "enphase": Flow.SOLAR,
        "huawei": Flow.SOLAR,
        "luna": Flow.BATTERY,
        "homevolt": Flow.BATTERY,
    }.items()
)
_MINUTE: Final = timedelta(minutes=1)


def _counters(truth: Truth) -> dict[Register, float]:
    """Return every counter of the house in kWh."""
    to_house, from_house = Direction.TO_HOUSE, Direction.FROM_HOUSE
    return {
        Register(Flow.GRID, to_house, "meter"): truth.import_kwh,
        Register(Flow.GRID, from_house, "meter"): truth.export_kwh,
        **{
            Register(Flow.SOLAR, to_house, name): array.energy_kwh
            for name, array in truth.arrays.items()
        },
        **{
            Register(Flow.BATTERY, to_house, name): battery.discharged_kwh
            for name, battery in truth.batteries.items()
        },
        **{
            Register(Flow.BATTERY, from_house, name): battery.charged_kwh
            for name, battery in truth.batteries.items()
        },
    }


@dataclass(frozen=True)
class Day:
    """What really happened in one local day; counters by minute, straight lines between."""

    start: datetime
    end: datetime
    counters: dict[Register, list[float]]
    load: list[float]

    def shown(self, register: Register, at: datetime, step_kwh: float) -> float:
        """Return what a counter of this resolution shows."""
        index, rest = divmod(at - self.start, _MINUTE)
        row = self.counters[register]
        kwh = row[index]
        if rest:
            kwh += (row[index + 1] - kwh) * (rest / _MINUTE)
        return round(kwh / step_kwh // 1 * step_kwh, 6)

    @property
    def load_kwh(self) -> float:
        """What the house used in all."""
        return self.load[-1] - self.load[0]

    def used_kwh(self, at: datetime) -> float:
        """Return what the house used up to a moment, to the end of its minute."""
        minute = -(-(min(at, self.end) - self.start) // _MINUTE)
        return self.load[minute] - self.load[0]


@cache
def simulated(day: date) -> Day:
    """Return a day of the simulated house in steps of a minute."""
    start, end = midnight(day, BRUSSELS), midnight(day + timedelta(days=1), BRUSSELS)
    house = House(mixed_house(), start, fine_from=end + timedelta(days=1))
    truths = [
        house.truth(start + minute * _MINUTE) for minute in range((end - start) // _MINUTE + 1)
    ]
    shown = [_counters(truth) for truth in truths]
    return Day(
        start,
        end,
        {register: [one[register] for one in shown] for register in shown[0]},
        [truth.load_kwh for truth in truths],
    )


@dataclass(frozen=True)
class Arrival:
    """A reading and when it got here."""

    now: datetime
    reading: Reading


class Home:
    """A home in which each source has its own pace, delay, resolution and gaps."""

    def __init__(self, day: Day, random: Random) -> None:
        """Decide everything about the day."""
        self.day: Final = day
        self.random: Final = random
        self.step_kwh: Final = {one: random.choice((0.001, 0.01, 0.1)) for one in SOURCES}
        self.arrivals: Final = sorted(
            (arrival for source in SOURCES for arrival in self._arrivals(source)),
            key=lambda arrival: arrival.now,
        )

    @property
    def resolution_kwh(self) -> float:
        """What the counters of all sources together may be off."""
        return sum(step * len(source.counters) for source, step in self.step_kwh.items())

    def _arrivals(self, source: Source) -> Iterator[Arrival]:
        """Yield the readings of a source: at the first moment, at random, at the last."""
        pace_s = self.random.choice((150, 300, 900))
        delay_s = self.random.choice((0, 2, 30, 300, 900))
        gap_s = self.random.choice((600, 3600, 4 * 3600))
        at = self.day.start
        yield Arrival(at, self.reading(source, at))
        while at < self.day.end:
            yield self._arrival(source, at, delay_s)
            at += timedelta(seconds=self.random.uniform(0.2, 1.8) * pace_s)
            if self.random.random() < pace_s / 20_000:
                at += timedelta(seconds=self.random.uniform(0, gap_s))
        yield self._arrival(source, self.day.end, delay_s)

    def _arrival(self, source: Source, at: datetime, delay_s: float) -> Arrival:
        late = timedelta(seconds=self.random.uniform(0, 1.3) * delay_s)
        return Arrival(at + late, self.reading(source, at))

    def reading(self, source: Source, at: datetime) -> Reading:
        """Return what a source says at a moment."""
        shown = {
            direction: self.day.shown(
                Register(source.flow, direction, source.id), at, self.step_kwh[source]
            )
            for direction in source.counters
        }
        return Reading(
            source=source.id,
            flow=source.flow,
            at=at,
            valid_for=timedelta(minutes=1),
            to_house_kwh=shown.get(Direction.TO_HOUSE),
            from_house_kwh=shown.get(Direction.FROM_HOUSE),
        )
