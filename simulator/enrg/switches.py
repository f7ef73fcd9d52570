"""How often faults strike, and whom."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from simulator.faults import Faults

from .faults import EnrgFault


class Switches:
    """The faults of the platform with what is told about them beside on and off."""

    def __init__(self, changed: Callable[[str, bool], Awaitable[None]]) -> None:
        """Make the switches; `changed` is awaited after one has really turned."""
        self.faults: Final = Faults(EnrgFault, changed)
        self.times: Final[dict[EnrgFault, int]] = {}
        self.struck: Collection[str] | None = None

    def on(self, fault: EnrgFault) -> bool:
        """Return whether a fault is on, without using up one of its times."""
        return fault in self.faults

    def strikes(self, fault: EnrgFault) -> bool:
        """Return whether a fault strikes now."""
        if fault not in self.faults or self.times.get(fault) == 0:
            return False
        if fault in self.times:
            self.times[fault] -= 1
        return True

    def devices(self, fault: EnrgFault, sent: tuple[str, ...]) -> frozenset[str]:
        """Return those of the devices of a message that a fault strikes now."""
        wanted = frozenset(sent[:1] if self.struck is None else self.struck) & set(sent)
        return wanted if wanted and self.strikes(fault) else frozenset()
