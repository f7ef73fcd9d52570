"""What several tests of the simulator use."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re

from simulator.p1 import P1Meter

MORNING = datetime(2026, 6, 23, 8, 20, 7, tzinfo=UTC)
"""A Tuesday, 10:20:07 in Belgium."""


@dataclass
class FrozenClock:
    """A clock that moves only when a test moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


def joules(kwh: float) -> int:
    """Return the exact J of a counter."""
    return round(kwh * 3_600_000)


def lines(telegram: bytes) -> dict[str, str]:
    """Return the objects of a telegram by their code, values with brackets."""
    text = telegram.decode("latin-1")
    return dict(re.findall(r"^(\d-\d:[\d.]+)(\(.*\))\r$", text, re.MULTILINE))


class Wire:
    """A client of a P1 port."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def telegram(self) -> bytes:
        """Return everything up to the end of the next telegram."""
        async with asyncio.timeout(10):
            start = await self.reader.readuntil(b"!")
            return start + await self.reader.readexactly(6)

    async def rest(self) -> bytes:
        """Return everything up to the end of the connection."""
        async with asyncio.timeout(10):
            return await self.reader.read()

    async def close(self) -> None:
        """Leave."""
        self.writer.close()
        await self.writer.wait_closed()


async def dial(port: int) -> Wire:
    """Return a new connection to a local port."""
    return Wire(*await asyncio.open_connection("127.0.0.1", port))


async def connect(meter: P1Meter) -> Wire:
    """Return the only client of a meter."""
    wire = await dial(await meter.start_tcp())
    await meter.wait_for_clients(1)
    return wire
