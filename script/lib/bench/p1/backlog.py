"""What a backlog does: 200 telegrams that come at once, as after a hiccup of a bridge."""

from array import array
from collections.abc import Generator
from contextlib import contextmanager
from fcntl import ioctl
from functools import partial
import gc
from itertools import islice
import socket
from termios import FIONREAD
from time import sleep
from typing import Any, Final
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..case import Side
from ..core import Core, run
from .entry import async_add, async_until_shows, async_until_value
from .outlet import Outlet
from .readers import MANY, reader
from .telegram import stream

_WARM_UP: Final = 3
_WARM_UP_PER_SECOND: Final = 10
_BACKLOG: Final = 200
_ROOM_BYTES: Final = 1 << 20
_PILE_UP_SECONDS: Final = 0.5


def backlog(*, side: str) -> dict[str, float]:
    """Return how long the event loop is away while it works through a backlog.

    Every telegram may be published (interval 1 s), all comparable entities are enabled.
    """
    return run(partial(_backlog, side=Side(side)))


async def _backlog(core: Core, *, side: Side) -> dict[str, float]:
    hass, who = core.hass, reader(side)
    flow = stream(dt_util.utcnow())
    warm_up, work = list(islice(flow, _WARM_UP)), list(islice(flow, _BACKLOG))
    with Outlet() as outlet, _sockets_of(hass) as sockets:
        warming = hass.async_add_executor_job(outlet.pace, warm_up, _WARM_UP_PER_SECOND)
        await async_add(hass, who, outlet.port, interval=1, entities=MANY)
        await warming
        await async_until_value(hass, who, MANY)
        await core.async_recorded()
        gc.collect()
        sending = hass.async_add_executor_job(outlet.burst, work)
        waiting = _pile_up(sockets[-1])
        core.probe.reset()
        await sending
        await async_until_shows(hass, who, work[-1].quarter_kw)
        return {
            "block_ms": core.probe.longest_seconds * 1e3,
            "block_cpu_ms": core.probe.longest_cpu_seconds * 1e3,
            "waiting": waiting / len(work[0].data),
        }


@contextmanager
def _sockets_of(hass: HomeAssistant) -> Generator[list[socket.socket]]:
    """Give the sockets of the connections made from now on, each with room for a backlog."""
    connect = hass.loop.create_connection
    sockets: list[socket.socket] = []

    async def create_connection(*args: Any, **kwargs: Any) -> Any:
        transport, protocol = await connect(*args, **kwargs)
        sockets.append(transport.get_extra_info("socket"))
        sockets[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM_BYTES)
        return transport, protocol

    with patch.object(hass.loop, "create_connection", create_connection):
        yield sockets


def _pile_up(client: socket.socket) -> int:
    """Keep the event loop away while the backlog arrives; return the bytes that then wait."""
    sleep(_PILE_UP_SECONDS)
    count = array("i", [0])
    ioctl(client.fileno(), FIONREAD, count)
    return count[0]
