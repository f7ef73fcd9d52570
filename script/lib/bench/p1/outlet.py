"""The port that the telegrams come from."""

from collections.abc import Callable, Iterable
from datetime import datetime
import socket
from time import monotonic, sleep, thread_time
from typing import Final, Self

from .telegram import Telegram

_WAIT_SECONDS: Final = 60
# Room for a backlog on the way, so that it does not trickle in.
_BUFFER_BYTES: Final = 1 << 20


class Outlet:
    """A P1 port on this machine for one client; its methods block and belong in a thread."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(_WAIT_SECONDS)
        self.port: int = self._listener.getsockname()[1]
        self._client: socket.socket | None = None

    def __enter__(self) -> Self:
        """Return the port, open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the port and the connection."""
        self._listener.close()
        if self._client is not None:
            self._client.close()

    def pace(
        self,
        telegrams: Iterable[Telegram],
        per_second: float,
        before: Callable[[datetime], None] | None = None,
    ) -> float:
        """Send telegrams one by one, the first a period from now; `before` is told its time.

        Returns the CPU seconds that this took, which are no part of what is measured.
        """
        client = self._connected()
        cpu, start = thread_time(), monotonic()
        for number, telegram in enumerate(telegrams, 1):
            sleep(max(0.0, start + number / per_second - monotonic()))
            if before is not None:
                before(telegram.at)
            client.sendall(telegram.data)
        return thread_time() - cpu

    def burst(self, telegrams: Iterable[Telegram]) -> None:
        """Send telegrams all at once."""
        self._connected().sendall(b"".join(telegram.data for telegram in telegrams))

    def _connected(self) -> socket.socket:
        """Return the connection to the client, once there is one."""
        if self._client is None:
            self._client, _ = self._listener.accept()
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._client
