"""One minute of the house: constant power inside each step, exact integers throughout."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .bank import Bank
from .config import HouseConfig
from .load import MINUTE_S, Load, Rows
from .state import State
from .utilities import Flow, Utilities
from .weather import Weather


@dataclass(frozen=True, slots=True)
class Minute:
    """Powers in W of each step; `stored_j` has one more value than there are steps.

    `done_s` is the start of each battery's newest order that has ended by its target, `cut_w`
    what limits have taken from each inverter.
    """

    start_s: int
    step_s: int
    array_w: tuple[list[int], ...]
    battery_w: tuple[list[int], ...]
    stored_j: tuple[list[float], ...]
    done_s: tuple[list[int], ...]
    inverter_w: tuple[list[int], ...]
    cut_w: tuple[list[int], ...]
    load_w: list[int]
    grid_w: list[int]
    phase_w: Rows
    flow: Flow

    def energy(self, row: Sequence[int], passed_s: float) -> float:
        """Return the J of a row of powers over the first seconds of this minute."""
        steps, rest_s = self.split(passed_s)
        whole = sum(row[:steps]) * self.step_s
        return whole + row[steps] * rest_s if rest_s else whole

    def split(self, passed_s: float) -> tuple[int, float]:
        """Return how many steps have passed and how many seconds of the next."""
        steps = int(passed_s // self.step_s)
        return steps, passed_s - steps * self.step_s


class Physics:
    """Makes minutes: the sun and the people give the need, the batteries answer to it."""

    def __init__(self, config: HouseConfig, weather: Weather, load: Load) -> None:
        """Make the physics of one house; `bank` holds what was set from outside."""
        self._config: Final = config
        self._weather: Final = weather
        self._load: Final = load
        self._utilities: Final = Utilities(config.seed, config.place.zone, weather)
        self.bank: Final = Bank(config)

    def minute(self, state: State, start_s: int, step_s: int) -> Minute:
        """Return the minute that begins in this state."""
        rows = self._load.minute(start_s, step_s)
        load_w = [sum(column) for column in zip(*rows, strict=True)]
        if self._config.phases == 1:
            rows = (load_w.copy(), [0] * len(load_w), [0] * len(load_w))
        steps = self.bank.steps(state, self._arrays(start_s, step_s), load_w, start_s, step_s)
        array_w = _rows(one.array_w for one in steps)
        battery_w = _rows(one.battery_w for one in steps)
        for array, powers in zip(self._config.arrays, array_w, strict=True):
            self._feed(rows, powers, array.phases)
        for powers in battery_w:
            self._feed(rows, powers, (1, 2, 3))
        return Minute(
            start_s=start_s,
            step_s=step_s,
            array_w=array_w,
            battery_w=battery_w,
            stored_j=_rows([state.stored_j, *(one.stored_j for one in steps)]),
            done_s=_rows(one.done_s for one in steps),
            inverter_w=_rows(one.inverter_w for one in steps),
            cut_w=_rows(one.cut_w for one in steps),
            load_w=load_w,
            grid_w=[sum(column) for column in zip(*rows, strict=True)],
            phase_w=rows,
            flow=self._utilities.minute(start_s),
        )

    def _arrays(self, start_s: int, step_s: int) -> tuple[list[int], ...]:
        # The sky is computed at whole minutes; between them the power goes in a straight line.
        skies = self._weather.sky(start_s), self._weather.sky(start_s + MINUTE_S)
        ends = [(one.power_w(skies[0]), one.power_w(skies[1])) for one in self._config.arrays]
        if step_s == MINUTE_S:
            return tuple([(first + last) // 2] for first, last in ends)
        return tuple(
            [first + (last - first) * second // MINUTE_S for second in range(MINUTE_S)]
            for first, last in ends
        )

    def _feed(self, rows: Rows, powers: Sequence[int], phases: tuple[int, ...]) -> None:
        used = phases if self._config.phases == 3 else (1,)
        parts = len(used)
        for index, phase in enumerate(used):
            row = rows[phase - 1]
            for step, power in enumerate(powers):
                # Floor division with a shifted remainder: the parts add up to the whole.
                row[step] -= (power + index) // parts


def advance(state: State, minute: Minute, passed_s: float) -> State:
    """Return the state after the first seconds of a minute; exact at whole steps."""

    def energy(row: Sequence[int]) -> float:
        return minute.energy(row, passed_s)

    def add(counters: Sequence[float], rows: Sequence[Sequence[int]]) -> tuple[float, ...]:
        return tuple(one + energy(row) for one, row in zip(counters, rows, strict=True))

    steps, rest_s = minute.split(passed_s)
    part = rest_s / minute.step_s
    return State(
        array_j=add(state.array_j, minute.array_w),
        charged_j=add(state.charged_j, [_above(row, -1) for row in minute.battery_w]),
        discharged_j=add(state.discharged_j, [_above(row, 1) for row in minute.battery_w]),
        stored_j=tuple(_between(row, steps, part) for row in minute.stored_j),
        battery_w=tuple(row[max(0, steps - 1)] for row in minute.battery_w),
        done_s=tuple(row[max(0, steps - 1)] for row in minute.done_s),
        inverter_j=add(state.inverter_j, [_above(row, 1) for row in minute.inverter_w]),
        peak_w=tuple(
            max(peak, *row[:steps], 0)
            for peak, row in zip(state.peak_w, minute.inverter_w, strict=True)
        ),
        load_j=state.load_j + energy(minute.load_w),
        registers=state.registers.add(
            minute.start_s, energy(_above(minute.grid_w, 1)), energy(_above(minute.grid_w, -1))
        ),
        gas_ml=_flowed(state.gas_ml, minute.flow.gas_ml, passed_s),
        water_ml=_flowed(state.water_ml, minute.flow.water_ml, passed_s),
        heat_kj=_flowed(state.heat_kj, minute.flow.heat_kj, passed_s),
    )


def _rows[T](steps: Iterable[Sequence[T]]) -> tuple[list[T], ...]:
    """Return one row of values over time for each array, battery or inverter."""
    return tuple(list(row) for row in zip(*steps, strict=True))


def _above(row: Sequence[int], sign: int) -> list[int]:
    return [max(0, one * sign) for one in row]


def _between(row: Sequence[float], steps: int, part: float) -> float:
    return row[steps] + (row[steps + 1] - row[steps]) * part if part else row[steps]


def _flowed(counter: float, amount: int, passed_s: float) -> float:
    return counter + (amount if passed_s == MINUTE_S else amount * passed_s / MINUTE_S)
