"""What people switch on during a day, as runs of whole watts on a phase."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from .noise import Dice, stream

_MINUTE_S = 60
_HOUR_S = 3600


type _Runs = Iterator[Run]


class Day(NamedTuple):
    """One local day: its number since 1970, its first epoch second, how cold it is outside."""

    number: int
    start_s: int
    temperature_c: Callable[[float], float]

    @property
    def weekend(self) -> bool:
        """Return whether it is a Saturday or a Sunday (1970-01-01 was a Thursday)."""
        return (self.number + 3) % 7 >= 5


class Run(NamedTuple):
    """One appliance drawing a constant power on one phase (0..2) for a while."""

    start_s: int
    end_s: int
    watts: int
    phase: int


def _cycles(start_s: int, end_s: int, pattern: tuple[int, int], watts: int, phase: int) -> _Runs:
    on_s, off_s = pattern
    for begin_s in range(start_s, end_s, on_s + off_s):
        yield Run(begin_s, min(begin_s + on_s, end_s), watts, phase)


def _fridge(day: Day, dice: Dice) -> _Runs:
    pattern = (dice.whole(900, 1200), dice.whole(1700, 2300))
    yield from _cycles(day.start_s, day.start_s + 24 * _HOUR_S, pattern, 92, 0)


def _evening(day: Day, dice: Dice) -> _Runs:
    start_s = day.start_s + dice.whole(17 * _HOUR_S, 19 * _HOUR_S)
    end_s = day.start_s + dice.whole(22 * _HOUR_S, 23.5 * _HOUR_S)
    yield Run(start_s, end_s, dice.whole(90, 180), 0)
    yield Run(start_s + dice.whole(600, 5000), end_s, dice.whole(110, 190), 1)
    yield Run(day.start_s + dice.whole(6 * _HOUR_S, 7 * _HOUR_S), start_s, dice.whole(15, 60), 2)


def _kettle(day: Day, dice: Dice) -> _Runs:
    for hour in (7, 10, 13, 16, 20):
        if dice.chance(0.7):
            start_s = day.start_s + hour * _HOUR_S + dice.whole(0, 3000)
            yield Run(start_s, start_s + dice.whole(80, 210), 2050, 1)


def _cooking(day: Day, dice: Dice) -> _Runs:
    for hour in (12, 18) if day.weekend else (18,):
        start_s = day.start_s + hour * _HOUR_S + dice.whole(0, 2400)
        yield from _cycles(start_s, start_s + dice.whole(900, 2400), (35, 25), 1780, 1)
        if dice.chance(0.5):
            yield Run(start_s - 600, start_s, 2350, 0)
            yield from _cycles(start_s, start_s + dice.whole(900, 2700), (60, 120), 2350, 0)


def _washing(day: Day, dice: Dice) -> _Runs:
    if dice.chance(0.45):
        start_s = day.start_s + dice.whole(9 * _HOUR_S, 14 * _HOUR_S)
        heated_s = start_s + dice.whole(700, 1100)
        yield Run(start_s, heated_s, 1980, 2)
        yield from _cycles(heated_s, heated_s + 50 * _MINUTE_S, (20, 15), 280, 2)
        yield Run(heated_s + 50 * _MINUTE_S, heated_s + 58 * _MINUTE_S, 470, 2)
    if dice.chance(0.6):
        start_s = day.start_s + dice.whole(19.5 * _HOUR_S, 21 * _HOUR_S)
        yield Run(start_s + 300, start_s + 1300, 1860, 2)
        yield Run(start_s, start_s + 90 * _MINUTE_S, 65, 2)
        yield Run(start_s + 4000, start_s + 4700, 1860, 2)


def heat_pump(day: Day, dice: Dice) -> _Runs:
    """Yield the runs of a heat pump: the colder, the longer; hot water once a day."""
    water_s = day.start_s + 13 * _HOUR_S + dice.whole(0, 1800)
    yield Run(water_s, water_s + dice.whole(1500, 2700), 1650, 2)
    mean_c = sum(day.temperature_c(day.start_s + hour * _HOUR_S) for hour in (6, 15)) / 2
    part = min(1.0, (15 - mean_c) / 22)
    if part > 0.08:
        first_s = day.start_s + dice.whole(0, 2700)
        yield from _cycles(first_s, first_s + 23 * _HOUR_S, _on_off(2700, part), 1920, 2)


def _on_off(period_s: int, part: float) -> tuple[int, int]:
    return int(period_s * part), period_s - int(period_s * part)


def car(day: Day, dice: Dice) -> _Runs:
    """Yield the runs of a three-phase car charger: in the evening, on weekends at noon."""
    if dice.chance(0.45):
        hour = dice.pick((11, 13)) if day.weekend else dice.pick((18, 22))
        start_s = day.start_s + hour * _HOUR_S + dice.whole(60, 2700)
        end_s = start_s + dice.whole(1.2 * _HOUR_S, 3 * _HOUR_S)
        for phase in range(3):
            yield Run(start_s, end_s, 2290 + 8 * phase, phase)


type Habit = Callable[[Day, Dice], Iterator[Run]]

DAILY: tuple[Habit, ...] = (_fridge, _evening, _kettle, _cooking, _washing)


def plan(seed: int, day: Day, habits: tuple[Habit, ...]) -> Iterator[Run]:
    """Return every run that begins on this day."""
    return chain.from_iterable(
        habit(day, Dice(stream(seed, habit.__name__), day.number)) for habit in habits
    )
