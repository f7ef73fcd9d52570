"""Inverters with an array and batteries behind one AC connection, and what limits its output."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Inverter:
    """A hybrid inverter: the ids of its array and of its batteries (none: a plain inverter).

    `limit_w` is the most that it gives, array and batteries together.
    """

    id: str
    array: str
    batteries: tuple[str, ...] = ()
    limit_w: int = 10_000


@dataclass(frozen=True, slots=True)
class InverterLimits:
    """What the output of an inverter must keep to; None: only its own limit.

    `power_w` bounds its power, `export_w` what the whole house exports (negative: the house must
    import). It goes down to nothing for that, first with its batteries, then with its array.
    """

    power_w: int | None = None
    export_w: int | None = None


FREE = InverterLimits()


class Output:
    """One step of one inverter: what limits take from its batteries and its array, in W."""

    def __init__(self, limit_w: int, array_w: int, battery_w: Sequence[int]) -> None:
        """Start with what array and batteries would give (batteries + discharge)."""
        self._limit_w = limit_w
        self._output_w = array_w + sum(battery_w)
        self.array_w = array_w
        self.battery_w = list(battery_w)

    def keep(self, limits: InverterLimits, grid_w: int) -> int:
        """Keep to the limits at this import of the house in W; return what was taken away."""
        limit_w = self._limit_w if limits.power_w is None else min(limits.power_w, self._limit_w)
        over_w = self._output_w - limit_w
        if limits.export_w is not None:
            over_w = max(over_w, -grid_w - limits.export_w)
        left_w = taken_w = max(0, min(over_w, self._output_w))
        for index, power_w in enumerate(self.battery_w):
            given_w = min(left_w, max(0, power_w))
            self.battery_w[index] -= given_w
            left_w -= given_w
        self.array_w -= left_w
        return taken_w
