"""A port that speaks HTTP, with or without TLS, and can be closed and opened again."""

import asyncio
from collections.abc import Awaitable, Callable
import ssl

from aiohttp import web

type Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Server:
    """One port; every method may be called in any state."""

    def __init__(self, handler: Handler, tls: ssl.SSLContext | None = None) -> None:
        """Make a server that listens nowhere."""
        self._handler = handler
        self._web: web.Server | None = None
        self._where: tuple[str, int] | None = None
        self._server: asyncio.Server | None = None
        self.tls = tls
        self.connections = 0

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port. Raises OSError when it is taken."""
        self._where = host, port
        await self.open()
        return self._where[1]

    async def open(self) -> None:
        """Let clients in, at the port where they were let in before."""
        if self._where is None or self._server is not None:
            return
        self._web = web.Server(self._handler, access_log=None, handler_cancellation=True)
        host, port = self._where
        self._server = await asyncio.get_running_loop().create_server(
            self._accept, host, port, ssl=self.tls, reuse_address=True
        )
        self._where = host, self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Throw every client out and let none in."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._web is None:
            return
        # Not its own shutdown, which waits for clients that are idle.
        for connection in self._web.connections:
            if connection.transport is not None:
                connection.transport.abort()
        while self._web.connections:  # noqa: ASYNC110 - aiohttp tells nobody when they are gone
            await asyncio.sleep(0)
        self._web = None

    async def restart(self, tls: ssl.SSLContext | None = None) -> None:
        """Throw every client out; with this context, if one is given."""
        await self.close()
        self.tls = tls or self.tls
        await self.open()

    def _accept(self) -> asyncio.Protocol:
        self.connections += 1
        assert self._web is not None, "only an open port accepts"  # noqa: S101 - for mypy
        return self._web()
