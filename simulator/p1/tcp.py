"""The meter behind a network bridge: each client gets every telegram in one write."""

import asyncio
import socket
import struct
from typing import cast, override

from .outlet import Outlet

_FULL = 262_144
"""Bytes that may wait for a client that does not read; then it misses telegrams."""
_RESET = struct.pack("ii", 1, 0)


class TcpOutlet(Outlet):
    """A port on one address for several clients; what they send is ignored."""

    def __init__(self, host: str, port: int) -> None:
        """Make a closed outlet; port 0 takes a free one, and keeps it when opened again."""
        self._host = host
        self.port = port
        self.admits = True
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Transport] = set()
        self._moved = asyncio.Event()

    async def wait_for_clients(self, count: int) -> None:
        """Return as soon as this many clients are connected."""
        while len(self._clients) != count:
            self._moved.clear()
            await self._moved.wait()

    @override
    async def open(self) -> None:
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(
                lambda: _Client(self), self._host, self.port, reuse_address=True
            )
            self.port = self._server.sockets[0].getsockname()[1]

    @override
    async def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
            self.reset()
            await server.wait_closed()

    @override
    def reset(self) -> None:
        for transport in tuple(self._clients):
            _abort(transport)

    @override
    async def send(self, data: bytes) -> None:
        for transport in tuple(self._clients):
            if transport.get_write_buffer_size() < _FULL:
                transport.write(data)

    def joined(self, transport: asyncio.Transport) -> None:
        """Take a new client in, or throw it out at once when none is admitted."""
        self._clients.add(transport)
        self._moved.set()
        if self._server is None or not self.admits:
            _abort(transport)

    def left(self, transport: asyncio.Transport) -> None:
        """Forget a client."""
        self._clients.discard(transport)
        self._moved.set()


class _Client(asyncio.Protocol):
    def __init__(self, outlet: TcpOutlet) -> None:
        self._outlet = outlet
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._outlet.joined(self._transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._outlet.left(self._transport)


def _abort(transport: asyncio.Transport) -> None:
    # Without lingering the kernel sends RST instead of FIN.
    sock = cast(socket.socket, transport.get_extra_info("socket"))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()
