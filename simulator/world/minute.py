"""One minute of the house: constant power inside each step, exact integers throughout."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .battery import CommandLog, step_powers
from .config import HouseConfig
from .load import MINUTE_S, Load, Rows
from .state import State
from .utilities import Flow, Utilities
from .weather import Weather


@dataclass(frozen=True, slots=True)
class Minute:
    """Powers in W of each step; `stored_j` has one more value than there are steps."""

    start_s: int
    step_s: int
    array_w: tuple[list[int], ...]
    battery_w: tuple[list[int], ...]
    stored_j: tuple[list[float], ...]
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
        """Make the physics of one house; `logs` holds the commands of each battery by id."""
        self._config: Final = config
        self._weather: Final = weather
        self._load: Final = load
        self._utilities: Final = Utilities(config.seed, config.place.zone, weather)
        self.logs: Final = {one.id: CommandLog() for one in config.batteries}

    def minute(self, state: State, start_s: int, step_s: int) -> Minute:
        """Return the minute that begins in this state."""
        rows = self._load.minute(start_s, step_s)
        load_w = [sum(column) for column in zip(*rows, strict=True)]
        if self._config.phases == 1:
            rows = (load_w.copy(), [0] * len(load_w), [0] * len(load_w))
        array_w = self._arrays(start_s, step_s)
        for array, powers in zip(self._config.arrays, array_w, strict=True):
            self._feed(rows, powers, array.phases)
        need_w = [sum(column) for column in zip(*rows, strict=True)]
        battery_w, stored_j = self._batteries(state, need_w, start_s, step_s)
        for powers in battery_w:
            self._feed(rows, powers, (1, 2, 3))
        return Minute(
            start_s=start_s,
            step_s=step_s,
            array_w=array_w,
            battery_w=battery_w,
            stored_j=stored_j,
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

    def _batteries(
        self, state: State, need_w: Sequence[int], start_s: int, step_s: int
    ) -> tuple[tuple[list[int], ...], tuple[list[float], ...]]:
        bank = self._config.batteries
        if not bank:
            return (), ()
        orders = [self.logs[one.id].orders(start_s, step_s, len(need_w)) for one in bank]
        powers: Sequence[int] = state.battery_w
        stored = list(state.stored_j)
        all_w: list[Sequence[int]] = []
        all_j: list[tuple[float, ...]] = [state.stored_j]
        for need, order in zip(need_w, zip(*orders, strict=True), strict=True):
            powers = step_powers(bank, stored, powers, order, need, step_s)
            for index, battery in enumerate(bank):
                stored[index] += battery.change_j(powers[index], step_s)
            all_w.append(powers)
            all_j.append(tuple(stored))
        return (
            tuple(list(row) for row in zip(*all_w, strict=True)),
            tuple(list(row) for row in zip(*all_j, strict=True)),
        )


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
        load_j=state.load_j + energy(minute.load_w),
        registers=state.registers.add(
            minute.start_s, energy(_above(minute.grid_w, 1)), energy(_above(minute.grid_w, -1))
        ),
        gas_ml=_flowed(state.gas_ml, minute.flow.gas_ml, passed_s),
        water_ml=_flowed(state.water_ml, minute.flow.water_ml, passed_s),
        heat_kj=_flowed(state.heat_kj, minute.flow.heat_kj, passed_s),
    )


def _above(row: Sequence[int], sign: int) -> list[int]:
    return [max(0, one * sign) for one in row]


def _between(row: Sequence[float], steps: int, part: float) -> float:
    return row[steps] + (row[steps + 1] - row[steps]) * part if part else row[steps]


def _flowed(counter: float, amount: int, passed_s: float) -> float:
    return counter + (amount if passed_s == MINUTE_S else amount * passed_s / MINUTE_S)
