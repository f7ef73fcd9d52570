"""Switches for what can go wrong with a simulated device, turned while it runs."""

from collections.abc import Awaitable, Callable, Iterable

type Changed = Callable[[str, bool], Awaitable[None]]


class Faults:
    """The fault switches of one device, all off at first.

    `await faults.set("drop", True)` returns when the wire shows it; `"drop" in faults` tells
    whether it is on.
    """

    def __init__(self, names: Iterable[str], changed: Changed) -> None:
        """Make the switches; `changed` is awaited after one has really turned."""
        self._on = dict.fromkeys(names, False)
        self._changed = changed

    def __contains__(self, name: str) -> bool:
        return self._on[name]

    async def set(self, name: str, on: bool) -> None:
        """Turn one switch; raises KeyError when the device has no such fault."""
        if self._on[name] != on:
            self._on[name] = on
            await self._changed(name, on)

    async def clear(self) -> None:
        """Turn every switch off."""
        for name in self._on:
            await self.set(name, False)

    def state(self) -> dict[str, bool]:
        """Return every switch by its name."""
        return dict(self._on)
