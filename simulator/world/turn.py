"""What each battery of a house does in one step: rules, orders, and the sharing of the rest."""

from collections.abc import Sequence
from typing import NamedTuple

from .battery import Battery, BatteryCommand, BatteryRules
from .log import Order

_LAG = 2
"""A battery goes half the way to its target each second, as a real regulator does."""


class Ruled(NamedTuple):
    """The rules of a battery, and the battery as they leave it."""

    battery: Battery
    rules: BatteryRules

    def allowed_w(self, stored_j: float, own_w: int, step_s: int) -> int:
        """Return the most that it may charge with when its own array gives this power, in W."""
        if self.rules.grid_w is None:
            return self.battery.charge_w
        room_w = self.battery.room_w(stored_j, self.rules.grid_soc, step_s)
        return own_w + min(self.rules.grid_w, room_w)


class Turn(NamedTuple):
    """What one battery does in one step, and how far its power can go: W, + discharge."""

    order: BatteryCommand
    low_w: int
    high_w: int
    done_s: int
    """The start of the newest order that has ended by its target."""


def turn(
    ruled: Ruled, order: Order | None, done_s: int, stored_j: float, own_w: int, step_s: int
) -> Turn:
    """Return the turn of a battery whose own array gives `own_w`; an order may end here."""
    command = ruled.rules.uncommanded
    if order is not None and order.start_s > done_s:
        command = order.command
        low_w, high_w = ruled.battery.reach(stored_j, step_s, command.target_soc)
        if command.target_soc is not None and not _moves(command, low_w, high_w):
            return turn(ruled, None, order.start_s, stored_j, own_w, step_s)
    else:
        low_w, high_w = ruled.battery.reach(stored_j, step_s)
    low_w = max(low_w, -ruled.allowed_w(stored_j, own_w, step_s))
    return Turn(command, low_w, 0 if command.stores_only else high_w, done_s)


def _moves(command: BatteryCommand, low_w: int, high_w: int) -> bool:
    """Return whether a battery that can go this far still gets nearer to its target."""
    if command.power_w is None or command.power_w == 0:
        return True
    return bool(low_w if command.power_w < 0 else high_w)


def step_powers(
    turns: Sequence[Turn], before_w: Sequence[int], need_w: int, step_s: int
) -> list[int]:
    """Return the power of each battery for one step, in W, + discharge.

    `need_w` is the house without batteries (+ would be imported). Regulating batteries share it
    by what each of them can still give or take.
    """
    powers = [0] * len(turns)
    lowest = highest = 0
    for index, one in enumerate(turns):
        if one.order.power_w is None:
            lowest, highest = lowest + one.low_w, highest + one.high_w
        else:
            powers[index] = max(one.low_w, min(one.high_w, one.order.power_w))
    left_w = need_w - sum(powers)
    for index, one in enumerate(turns):
        if one.order.power_w is not None:
            continue
        target = left_w - one.order.grid_w
        part, whole = (one.high_w, highest) if target > 0 else (one.low_w, lowest)
        share = target * part // whole if whole else 0
        moved = share if step_s > 1 else before_w[index] + (share - before_w[index]) // _LAG
        powers[index] = max(one.low_w, min(one.high_w, moved))
    return powers
