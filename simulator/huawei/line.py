"""The ports of a SUN2000: they share one place for a client."""

import asyncio
from collections.abc import Awaitable, Callable

from .config import Newcomer
from .connection import Connection, Frame


class Line:
    """One or several ports.

    `arrived` hears of every frame at once, `answer` answers the frames of a client one by one.
    """

    def __init__(
        self,
        arrived: Callable[[Frame], None],
        answer: Callable[[Connection, Frame], Awaitable[None]],
        newcomer: Newcomer,
    ) -> None:
        """Make a line that listens nowhere."""
        self.arrived = arrived
        self._answer = answer
        self._newcomer = newcomer
        self._ports: dict[tuple[str, int], asyncio.Server | None] = {}
        self._clients: list[Connection] = []
        self._moved = asyncio.Event()
        self._lock = asyncio.Lock()
        self._opening: asyncio.Task[None] | None = None
        self._refuses = False

    async def listen(self, host: str, port: int) -> int:
        """Listen on one more port (0: any); return it. Raises OSError when it is taken."""
        server = await self._serve(host, port)
        taken: int = server.sockets[0].getsockname()[1]
        self._ports[host, taken] = server
        return taken

    async def wait_for_clients(self, count: int) -> None:
        """Return as soon as this many clients are connected."""
        while len(self._clients) != count:
            self._moved.clear()
            await self._moved.wait()

    async def refuse(self, *, on: bool) -> None:
        """Close every port and throw everybody out, or open the ports again."""
        self._refuses = on
        if on:
            self._close()
            self.reset()
            await self.wait_for_clients(0)
        else:
            await self._open()

    def reset(self) -> None:
        """Throw everybody out."""
        for client in tuple(self._clients):
            client.reset()

    async def stop(self) -> None:
        """Close every port and connection for good."""
        clients = tuple(self._clients)
        await self.refuse(on=True)
        for client in clients:
            await client.gone()
        if self._opening is not None:
            await self._opening
        self._ports.clear()

    def joined(self, client: Connection) -> None:
        """Give a client the place, or throw it out."""
        others = tuple(self._clients)
        self._clients.append(client)
        self._moved.set()
        if self._newcomer is Newcomer.REPLACES:
            for older in others:
                older.close()
            return
        self._close()
        if others:
            client.reset()

    def left(self, client: Connection) -> None:
        """Forget a client; its place is free."""
        self._clients.remove(client)
        self._moved.set()
        if self._newcomer is Newcomer.REFUSED:
            self._opening = asyncio.get_running_loop().create_task(self._open())

    async def answer(self, client: Connection, frame: Frame) -> None:
        """Answer a frame."""
        await self._answer(client, frame)

    async def _open(self) -> None:
        async with self._lock:
            for (host, port), server in self._ports.items():
                occupied = self._newcomer is Newcomer.REFUSED and self._clients
                if server is None and not occupied and not self._refuses:
                    self._ports[host, port] = await self._serve(host, port)

    def _close(self) -> None:
        for where, server in self._ports.items():
            if server is not None:
                server.close()
            self._ports[where] = None

    async def _serve(self, host: str, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Connection(self), host, port, reuse_address=True)
