"""Batteries: they hold the meter at a set-point, by default at zero, unless commanded."""

from bisect import insort_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import NamedTuple

_LAG = 2
"""A battery goes half the way to its target each second, as a real regulator does."""


@dataclass(frozen=True, slots=True)
class Battery:
    """A battery on the AC side; efficiency is that of one way, SoC limits are 0..100 %."""

    id: str
    capacity_wh: int
    charge_w: int
    discharge_w: int
    efficiency: float = 0.95
    min_soc: float = 10.0
    max_soc: float = 100.0
    start_soc: float = 50.0

    def stored_j(self, soc: float) -> float:
        """Return the energy content in J at a state of charge in %."""
        return soc / 100 * self.capacity_wh * 3600

    def soc(self, stored_j: float) -> float:
        """Return the state of charge in % of an energy content in J."""
        return 100 * stored_j / (self.capacity_wh * 3600)

    def reach(self, stored_j: float, step_s: int) -> tuple[int, int]:
        """Return how far power can go for one step: charging (<= 0) and discharging (>= 0), W."""
        room = (self.stored_j(self.max_soc) - stored_j) / self.efficiency / step_s
        content = (stored_j - self.stored_j(self.min_soc)) * self.efficiency / step_s
        return -max(0, min(self.charge_w, int(room))), max(0, min(self.discharge_w, int(content)))

    def change_j(self, power_w: int, step_s: int) -> float:
        """Return what one step at this power adds to the content, losses included."""
        if power_w > 0:
            return -power_w * step_s / self.efficiency
        return -power_w * step_s * self.efficiency


@dataclass(frozen=True, slots=True)
class BatteryCommand:
    """What a battery does until a moment (None: for ever), then it follows the house again.

    `power_w` is its own power, + discharge. When that is None the battery regulates: it keeps
    the grid meter at `grid_w`, + import; that at 0 is what an uncommanded battery does.
    """

    power_w: int | None
    until: datetime | None = None
    grid_w: int = 0


class _Entry(NamedTuple):
    start_s: int
    end_s: float
    command: BatteryCommand


FOLLOW = BatteryCommand(power_w=None)


class CommandLog:
    """Every command of one battery, in the order of their start."""

    def __init__(self) -> None:
        """Start without commands."""
        self._entries: list[_Entry] = []

    def add(self, command: BatteryCommand, at: datetime) -> int:
        """Note a command; return the epoch second from which it counts (the next whole one)."""
        start_s = ceil(at.timestamp())
        end_s = command.until.timestamp() if command.until else float("inf")
        insort_right(self._entries, _Entry(start_s, end_s, command), key=lambda one: one.start_s)
        return start_s

    def orders(self, start_s: int, step_s: int, steps: int) -> list[BatteryCommand]:
        """Return the order that counts in each of these steps."""
        times = range(start_s, start_s + step_s * steps, step_s)
        if not self._entries:
            return [FOLLOW] * steps
        return [self._at(at_s) for at_s in times]

    def _at(self, at_s: int) -> BatteryCommand:
        # The newest command replaces the older ones for good: they do not come back at its end.
        for entry in reversed(self._entries):
            if entry.start_s <= at_s:
                return entry.command if at_s < entry.end_s else FOLLOW
        return FOLLOW


def step_powers(
    bank: Sequence[Battery],
    stored_j: Sequence[float],
    before_w: Sequence[int],
    orders: Sequence[BatteryCommand],
    need_w: int,
    step_s: int,
) -> list[int]:
    """Return the power of each battery for one step, in W, + discharge.

    `need_w` is the house without batteries (+ would be imported). Regulating batteries share it
    by what each of them can still give or take.
    """
    reaches = [one.reach(stored, step_s) for one, stored in zip(bank, stored_j, strict=True)]
    powers = [0] * len(bank)
    lowest = highest = 0
    for index, (order, (low, high)) in enumerate(zip(orders, reaches, strict=True)):
        if order.power_w is None:
            lowest, highest = lowest + low, highest + high
        else:
            powers[index] = max(low, min(high, order.power_w))
    left_w = need_w - sum(powers)
    for index, (order, (low, high)) in enumerate(zip(orders, reaches, strict=True)):
        if order.power_w is not None:
            continue
        target = left_w - order.grid_w
        part, whole = (high, highest) if target > 0 else (low, lowest)
        share = target * part // whole if whole else 0
        moved = share if step_s > 1 else before_w[index] + (share - before_w[index]) // _LAG
        powers[index] = max(low, min(high, moved))
    return powers
