"""The meter on a serial adapter, read as the integration reads it."""

import asyncio
from collections.abc import AsyncIterator
import os
from pathlib import Path
from typing import override

import pytest
import serialx

from simulator.p1 import P1Fault, P1Meter

from .tools import FrozenClock


class Listener(asyncio.Protocol):
    """Collects what comes over the line."""

    def __init__(self) -> None:
        self.seen = bytearray()
        self.chunks: list[int] = []
        self.lost = asyncio.Event()
        self._more = asyncio.Event()

    @override
    def data_received(self, data: bytes) -> None:
        self.seen += data
        self.chunks.append(len(data))
        self._more.set()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()

    async def until(self, wanted: bytes) -> None:
        """Return when these bytes have come, whatever stood before them."""
        async with asyncio.timeout(10):
            while wanted not in self.seen:
                self._more.clear()
                await self._more.wait()

    async def count(self, wanted: int) -> bytes:
        """Return the first bytes when this many have come, and forget them."""
        async with asyncio.timeout(10):
            while len(self.seen) < wanted:
                self._more.clear()
                await self._more.wait()
        found = bytes(self.seen[:wanted])
        del self.seen[:wanted]
        return found


@pytest.fixture
async def path(meter: P1Meter) -> AsyncIterator[str]:
    """Return the path of the meter's serial adapter."""
    path = await meter.start_serial()
    yield path
    await meter.stop()
    assert not Path(path).parent.exists()


async def _open(path: str) -> tuple[asyncio.BaseTransport, Listener]:
    loop = asyncio.get_running_loop()
    transport, listener = await serialx.create_serial_connection(
        loop, Listener, url=path, baudrate=115200
    )
    assert isinstance(listener, Listener)
    return transport, listener


async def test_telegrams_come_through_a_serial_line(
    meter: P1Meter, clock: FrozenClock, path: str
) -> None:
    transport, listener = await _open(path)
    for _ in range(3):
        clock.pass_s(1)
        await meter.push()
        expected = meter.telegram(clock())
        assert await listener.count(len(expected)) == expected
    assert len(listener.chunks) > 3
    transport.close()
    await listener.lost.wait()


async def test_what_nobody_reads_is_lost(meter: P1Meter, clock: FrozenClock, path: str) -> None:
    oldest = meter.telegram(clock())
    await meter.push()
    for _ in range(100):
        clock.pass_s(1)
        await meter.push()
    line = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    waiting = os.read(line, 100_000)
    os.close(line)
    assert not waiting.startswith(oldest[:200])
    assert len(waiting) <= 4096
    transport, listener = await _open(path)
    await meter.push()
    await listener.until(meter.telegram(clock()))
    transport.close()
    await listener.lost.wait()


@pytest.mark.parametrize("fault", [P1Fault.DROP, P1Fault.REFUSE])
async def test_an_adapter_is_unplugged_and_plugged_in_again(
    meter: P1Meter, clock: FrozenClock, path: str, fault: P1Fault
) -> None:
    _transport, listener = await _open(path)
    await meter.faults.set(fault, True)
    async with asyncio.timeout(10):
        await listener.lost.wait()
    with pytest.raises(FileNotFoundError):
        await _open(path)
    await meter.push()
    await meter.faults.set(fault, False)
    transport, again = await _open(path)
    await meter.push()
    expected = meter.telegram(clock())
    assert await again.count(len(expected)) == expected
    transport.close()
    await again.lost.wait()
