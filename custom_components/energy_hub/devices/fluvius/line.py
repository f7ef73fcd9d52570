"""A connection to a P1 port: bytes in, telegrams out, in the same turn of the event loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, cast, override

from ...errors import CannotConnectError, NoAnswerError, WrongDeviceError
from .frame import Framer

HEADER: Final = b"/FLU5"
"""How the telegrams of all Belgian meters begin, those outside Flanders too."""
SILENCE_SECONDS: Final = 15
# Some twenty telegrams' worth.
_ENOUGH_GARBAGE: Final = 65_536


class ConnectionLostError(CannotConnectError):
    """The connection stood, and then it did not."""


class Line(asyncio.Protocol):
    """Gives every telegram of a Belgian meter to `use`, until that returns True.

    `use` also hears whether more telegrams are already waiting.
    """

    def __init__(self, framer: Framer, use: Callable[[bytes, bool], bool]) -> None:
        """Prepare for one connection."""
        self._framer = framer
        self._use = use
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[None] = self._loop.create_future()
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._good_until = framer.counts.bytes_seen
        self._silence: asyncio.TimerHandle | None = None
        self._transport: asyncio.ReadTransport | None = None

    async def async_listen(self) -> None:
        """Wait until `use` has heard enough.

        Raises ConnectionLostError when the line breaks or the other side closes,
        NoAnswerError after 15 s without a whole telegram (a meter sends one a second), and
        WrongDeviceError when plenty of bytes come and no telegram is among them.
        """
        await self._over

    async def async_close(self) -> None:
        """End the connection, and wait until it is closed."""
        if self._silence is not None:
            self._silence.cancel()
        if not self._over.cancel() and not self._over.cancelled():
            self._over.exception()  # told or not, it is no longer of interest
        if self._transport is not None:
            self._transport.close()
            await self._gone

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.ReadTransport", transport)
        self._heard()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._end(ConnectionLostError())
        self._gone.set_result(None)

    @override
    def data_received(self, data: bytes) -> None:
        self._framer.feed(data)
        self._hand_over()

    def _hand_over(self) -> None:
        """Hand over what is there; a backlog must not hold the event loop."""
        if self._over.done():
            return  # what still comes is no longer of interest
        try:
            waiting = self._next()
        except Exception as err:  # noqa: BLE001 - a callback has no caller: raised where one waits
            self._end(err)
            return
        if waiting:
            self._pause()
            self._loop.call_soon(self._go_on)
        elif self._framer.counts.bytes_seen - self._good_until > _ENOUGH_GARBAGE:
            self._end(WrongDeviceError())

    def _next(self) -> bool:
        """Hand over the next telegram; returns whether there may be another one."""
        counts = self._framer.counts
        for frame in self._framer.frames():
            if not frame.startswith(HEADER):
                counts.foreign += 1
                continue
            self._heard()
            self._good_until = counts.bytes_seen
            more = self._framer.pending
            if self._use(frame, more):
                self._over.set_result(None)
                return False
            if more:
                return True
        return False

    def _go_on(self) -> None:
        if self._over.done():
            return
        with suppress(NotImplementedError):
            cast("asyncio.ReadTransport", self._transport).resume_reading()
        self._hand_over()

    def _pause(self) -> None:
        """Let what comes wait in the socket, where the kind of connection knows how."""
        with suppress(NotImplementedError):
            cast("asyncio.ReadTransport", self._transport).pause_reading()

    def _heard(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
        self._silence = self._loop.call_later(SILENCE_SECONDS, self._silent)

    def _silent(self) -> None:
        self._end(NoAnswerError())

    def _end(self, err: Exception) -> None:
        if not self._over.done():
            self._over.set_exception(err)
