"""What somebody has set and when: the same log gives the same truth, in any order of questions."""

from bisect import bisect_left, bisect_right, insort_right
from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Any, NamedTuple

from .battery import BatteryCommand


class _Setting[T](NamedTuple):
    start_s: int
    value: T


class Log[T]:
    """Every value that something was set to, in the order of their start."""

    def __init__(self, first: T) -> None:
        """Start with what counts before anything is set."""
        self._first = first
        self._settings: list[_Setting[T]] = []

    def add(self, value: T, at: datetime) -> int:
        """Note a value; return the epoch second from which it counts (the next whole one)."""
        start_s = ceil(at.timestamp())
        insort_right(self._settings, _Setting(start_s, value), key=_start)
        return start_s

    def replace(self, values: Iterable[tuple[datetime, T]], since: datetime) -> int:
        """Note values for times to come instead of those from `since` on; return as `add` does."""
        start_s = ceil(since.timestamp())
        del self._settings[bisect_left(self._settings, start_s, key=_start) :]
        for at, value in values:
            self.add(value, at)
        return start_s

    def steps(self, start_s: int, step_s: int, steps: int) -> list[T]:
        """Return the value that counts in each of these steps."""
        times = range(start_s, start_s + step_s * steps, step_s)
        if not self._settings:
            return [self._first] * steps
        return [self.at(at_s) for at_s in times]

    def at(self, at_s: int) -> T:
        """Return the value that counts at this epoch second."""
        place = bisect_right(self._settings, at_s, key=_start)
        return self._settings[place - 1].value if place else self._first


def _start(setting: _Setting[Any]) -> int:
    return setting.start_s


class Order(NamedTuple):
    """A command with the epoch seconds between which it counts; the start is also its name."""

    start_s: int
    end_s: float
    command: BatteryCommand


class CommandLog:
    """Every command of one battery."""

    def __init__(self) -> None:
        """Start without commands."""
        self._log = Log[Order | None](None)

    def add(self, command: BatteryCommand, at: datetime) -> int:
        """Note a command; return the epoch second from which it counts (the next whole one)."""
        end_s = command.until.timestamp() if command.until else float("inf")
        return self._log.add(Order(ceil(at.timestamp()), end_s, command), at)

    def steps(self, start_s: int, step_s: int, steps: int) -> list[Order | None]:
        """Return the order of each of these steps; None where none counts."""
        found = self._log.steps(start_s, step_s, steps)
        times = range(start_s, start_s + step_s * steps, step_s)
        # The newest command replaces the older ones for good: they do not come back at its end.
        return [
            order if order and at_s < order.end_s else None
            for order, at_s in zip(found, times, strict=True)
        ]
