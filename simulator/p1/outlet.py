"""Where bytes leave the meter: what a network port and a serial adapter have in common."""

from typing import Protocol


class Outlet(Protocol):
    """A way out; every method may be called in any state."""

    async def open(self) -> None:
        """Let clients in; raises OSError when that is not possible."""

    async def close(self) -> None:
        """Throw every client out and let none in."""

    def reset(self) -> None:
        """Throw every client out, as a device that restarts."""

    async def send(self, data: bytes) -> None:
        """Give these bytes to every client that takes them, without waiting for any of them."""
