"""Serves captured telegrams from a file, one a second, over and over."""

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from .clock import RunningClock, whole_seconds
from .device import HOST
from .p1 import telegrams
from .p1.tcp import TcpOutlet


class NoTelegramError(ValueError):
    """The file holds nothing that a P1 port could have sent."""


def load(path: Path) -> list[bytes]:
    """Return the telegrams of a file, unchanged except for line ends that a tool has rewritten.

    Raises OSError when the file cannot be read, NoTelegramError when none has a valid CRC.
    """
    found = list(telegrams(path.read_bytes()))
    if not found:
        raise NoTelegramError(f"{path} holds no telegram with a valid CRC")
    return found


class Replay:
    """A port that sends captured telegrams to every client."""

    def __init__(self, captured: Sequence[bytes]) -> None:
        """Make a replay of at least one telegram."""
        self._captured = cycle(captured)
        self._tcp = TcpOutlet(HOST, 0)

    async def start(self, port: int = 0) -> int:
        """Listen; return the port. Raises OSError when it is taken."""
        self._tcp.port = port
        await self._tcp.open()
        return self._tcp.port

    async def wait_for_clients(self, count: int) -> None:
        """Return as soon as this many clients are connected."""
        await self._tcp.wait_for_clients(count)

    async def stop(self) -> None:
        """Close the port and every connection."""
        await self._tcp.close()

    async def push(self) -> None:
        """Send the next telegram to everybody."""
        await self._tcp.send(next(self._captured))

    async def run(self) -> None:
        """Send a telegram at every whole second, for ever."""
        async for _now in whole_seconds(RunningClock()):
            await self.push()
