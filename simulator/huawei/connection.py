"""One client of a SUN2000: Modbus frames in, answered one after the other."""

import asyncio
from math import inf
import socket
import struct
from typing import NamedTuple, Protocol, cast, override

from .session import Session

_RESET = struct.pack("ii", 1, 0)
_HEAD = struct.Struct(">HHHB")
_LONGEST = 254


class Frame(NamedTuple):
    """A request: its transaction, the unit it is for, its PDU.

    `age_s` is how long the connection was open when it came, `gap_s` how long the frame before
    it was ago.
    """

    transaction: int
    unit: int
    pdu: bytes
    age_s: float
    gap_s: float

    def reply(self, pdu: bytes) -> bytes:
        """Return the frame that answers it."""
        return _HEAD.pack(self.transaction, 0, len(pdu) + 1, self.unit) + pdu


class Host(Protocol):
    """Whose clients these are."""

    def joined(self, client: Connection) -> None:
        """Hear of a new client."""

    def left(self, client: Connection) -> None:
        """Hear that a client has gone."""

    def arrived(self, frame: Frame) -> None:
        """Hear of a frame at once, before those that came earlier are answered."""

    async def answer(self, client: Connection, frame: Frame) -> None:
        """Answer a frame."""


class Connection(asyncio.Protocol):
    """A client; `sessions` are its log-ins by unit id."""

    def __init__(self, host: Host) -> None:
        """Wait for a client."""
        self._host = host
        self._buffer = b""
        self._frames: asyncio.Queue[Frame] = asyncio.Queue()
        self._transport: asyncio.Transport | None = None
        self._worker: asyncio.Task[None] | None = None
        self._since_s = 0.0
        self._before_s = -inf
        self.sessions: dict[int, Session] = {}

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        loop = asyncio.get_running_loop()
        self._since_s = loop.time()
        self._worker = loop.create_task(self._work())
        self._worker.add_done_callback(self._worked)
        self._host.joined(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._worker is not None:
            self._worker.cancel()
        self._host.left(self)

    @override
    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            transaction, protocol, length, unit = _HEAD.unpack_from(self._buffer)
            if protocol or not 2 <= length <= _LONGEST:
                self.reset()
                return
            end = _HEAD.size + length - 1
            if len(self._buffer) < end:
                return
            pdu, self._buffer = self._buffer[_HEAD.size : end], self._buffer[end:]
            now_s = asyncio.get_running_loop().time()
            frame = Frame(transaction, unit, pdu, now_s - self._since_s, now_s - self._before_s)
            self._before_s = now_s
            self._host.arrived(frame)
            self._frames.put_nowait(frame)

    def send(self, data: bytes) -> None:
        """Send, unless the client has gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """End the connection in the normal way."""
        if self._transport is not None:
            self._transport.close()

    def reset(self) -> None:
        """End the connection as a device does that restarts."""
        if self._transport is None or self._transport.is_closing():
            return
        # Without lingering the kernel sends RST instead of FIN.
        sock = cast(socket.socket, self._transport.get_extra_info("socket"))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._transport.abort()

    async def gone(self) -> None:
        """Return when nothing of it runs any more; somebody must have ended it."""
        if self._worker is not None:
            await asyncio.wait([self._worker])

    def _worked(self, worker: asyncio.Task[None]) -> None:
        # A mistake of ours must not look like a silent device.
        if not worker.cancelled() and (error := worker.exception()):
            self.reset()
            context = {"message": "the simulated SUN2000 failed", "exception": error}
            worker.get_loop().call_exception_handler(context)

    async def _work(self) -> None:
        while True:
            await self._host.answer(self, await self._frames.get())
