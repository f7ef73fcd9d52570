"""Arrays, batteries and inverters, step by step: what was set from outside counts here."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from .battery import BatteryRules
from .config import HouseConfig
from .inverter import FREE, InverterLimits, Output
from .log import CommandLog, Log, Order
from .state import State
from .turn import Ruled, step_powers, turn


class Step(NamedTuple):
    """Powers in W of one step, contents of the batteries after it.

    `done_s` is the start of each battery's newest order that has ended by its target, `cut_w`
    what each inverter would have given without limits.
    """

    array_w: list[int]
    battery_w: list[int]
    stored_j: list[float]
    done_s: list[int]
    inverter_w: list[int]
    cut_w: list[int]


class _Joined(NamedTuple):
    """The places of an inverter's array and batteries in the configuration."""

    array: int
    batteries: list[int]
    limit_w: int


class _Settings(NamedTuple):
    """What was set from outside, for one step."""

    orders: tuple[Order | None, ...]
    rules: tuple[Ruled, ...]
    limits: tuple[InverterLimits, ...]


class Bank:
    """Everything of a house that can be commanded; the logs by id hold what was set."""

    def __init__(self, config: HouseConfig) -> None:
        """Join what the inverters join; raises KeyError for an id that the house does not have."""
        arrays = {one.id: place for place, one in enumerate(config.arrays)}
        batteries = {one.id: place for place, one in enumerate(config.batteries)}
        self._bank: Final = config.batteries
        self._inverters: Final = [
            _Joined(arrays[one.array], [batteries[name] for name in one.batteries], one.limit_w)
            for one in config.inverters
        ]
        self._owners: Final = {place: one for one in self._inverters for place in one.batteries}
        self.commands: Final = {one.id: CommandLog() for one in config.batteries}
        self.rules: Final = {one.id: Log(Ruled(one, BatteryRules())) for one in config.batteries}
        self.limits: Final = {one.id: Log(FREE) for one in config.inverters}

    def steps(
        self,
        state: State,
        arrays_w: Sequence[Sequence[int]],
        load_w: Sequence[int],
        start_s: int,
        step_s: int,
    ) -> list[Step]:
        """Return the steps of a minute that begins in this state; arrays as the sun lets them."""
        done: list[Step] = []
        before = Step([], list(state.battery_w), list(state.stored_j), list(state.done_s), [], [])
        settings = self._settings(start_s, step_s, len(load_w))
        for index, load in enumerate(load_w):
            array_w = [row[index] for row in arrays_w]
            before = self._step(before, settings[index], array_w, load, step_s)
            done.append(before)
        return done

    def _settings(self, start_s: int, step_s: int, steps: int) -> list[_Settings]:
        span = start_s, step_s, steps
        return [
            _Settings(orders, rules, limits)
            for orders, rules, limits in zip(
                _columns([one.steps(*span) for one in self.commands.values()], steps),
                _columns([one.steps(*span) for one in self.rules.values()], steps),
                _columns([one.steps(*span) for one in self.limits.values()], steps),
                strict=True,
            )
        ]

    def _step(
        self, before: Step, settings: _Settings, array_w: list[int], load_w: int, step_s: int
    ) -> Step:
        stored = before.stored_j
        turns = [
            turn(
                settings.rules[place],
                settings.orders[place],
                before.done_s[place],
                stored[place],
                self._own_w(place, array_w),
                step_s,
            )
            for place in range(len(stored))
        ]
        need_w = load_w - sum(array_w)
        battery_w = step_powers(turns, before.battery_w, need_w, step_s)
        inverter_w, cut_w = self._outputs(settings, array_w, battery_w, need_w)
        return Step(
            array_w,
            battery_w,
            [
                content + one.change_j(power, step_s)
                for one, content, power in zip(self._bank, stored, battery_w, strict=True)
            ],
            [one.done_s for one in turns],
            inverter_w,
            cut_w,
        )

    def _own_w(self, place: int, array_w: Sequence[int]) -> int:
        """Return what the array of its own inverter has for a battery: its part by charge power."""
        owner = self._owners.get(place)
        if owner is None:
            return 0
        whole_w = sum(self._bank[one].charge_w for one in owner.batteries)
        return array_w[owner.array] * self._bank[place].charge_w // whole_w

    def _outputs(
        self, settings: _Settings, array_w: list[int], battery_w: list[int], need_w: int
    ) -> tuple[list[int], list[int]]:
        """Cut the powers in place to what the limits allow; return outputs and cuts in W."""
        outputs, cuts = [], []
        grid_w = need_w - sum(battery_w)
        for inverter, limits in zip(self._inverters, settings.limits, strict=True):
            powers = [battery_w[place] for place in inverter.batteries]
            output = Output(inverter.limit_w, array_w[inverter.array], powers)
            cut_w = output.keep(limits, grid_w)
            grid_w += cut_w
            array_w[inverter.array] = output.array_w
            for place, power_w in zip(inverter.batteries, output.battery_w, strict=True):
                battery_w[place] = power_w
            outputs.append(output.array_w + sum(output.battery_w))
            cuts.append(cut_w)
        return outputs, cuts


def _columns[T](rows: Sequence[Sequence[T]], length: int) -> list[tuple[T, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * length
