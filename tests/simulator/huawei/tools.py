"""A SUN2000 on the wire with an unmodified pymodbus client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import struct
from typing import Any, Self

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.pdu import ModbusPDU

from simulator.huawei import HuaweiConfig, Sun2000, profiles
from simulator.world import House

from ..tools import FrozenClock

NOON = datetime(2026, 6, 21, 10, tzinfo=UTC)
NIGHT = datetime(2026, 1, 14, 22, 0, tzinfo=UTC)


class RefusedError(Exception):
    """The device answered with this exception code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Client:
    """Reads and writes words by pymodbus."""

    def __init__(self, port: int, unit: int = 1, timeout: float = 3) -> None:
        self.dropped = asyncio.Event()
        self.unit = unit
        self.modbus = AsyncModbusTcpClient(
            "127.0.0.1",
            port=port,
            timeout=timeout,
            retries=0,
            reconnect_delay=0,
            trace_connect=lambda on: None if on else self.dropped.set(),
        )

    async def connect(self) -> Self:
        """Connect, or fail."""
        assert await self.modbus.connect()
        return self

    async def read(self, address: int, count: int = 1, unit: int | None = None) -> list[int]:
        """Return the words; raises RefusedError, ModbusIOException and ConnectionException."""
        reply = await self.modbus.read_holding_registers(
            address, count=count, device_id=self.unit if unit is None else unit
        )
        return list(_checked(reply).registers)

    async def number(self, address: int, form: str) -> int:
        """Return one register in this struct format."""
        words = await self.read(address, struct.calcsize(f">{form}") // 2)
        return decode(words, form)

    async def text(self, address: int, count: int) -> str:
        """Return one register of text."""
        return string(await self.read(address, count))

    async def write(self, address: int, *words: int) -> None:
        """Write words with function 0x10."""
        _checked(await self.modbus.write_registers(address, list(words), device_id=self.unit))

    async def write_one(self, address: int, word: int) -> None:
        """Write one word with function 0x06."""
        _checked(await self.modbus.write_register(address, word, device_id=self.unit))

    async def write_number(self, address: int, form: str, value: int) -> None:
        """Write one register in this struct format."""
        await self.write(address, *words(struct.pack(f">{form}", value)))

    def close(self) -> None:
        """Leave."""
        self.modbus.close()


def _checked(reply: ModbusPDU) -> ModbusPDU:
    if reply.isError():
        raise RefusedError(reply.exception_code)
    return reply


def decode(found: list[int], form: str) -> int:
    """Return the number in these words."""
    (value,) = struct.unpack(f">{form}", struct.pack(f">{len(found)}H", *found))
    return int(value)


def words(data: bytes) -> list[int]:
    """Return the words of these bytes."""
    return list(struct.unpack(f">{len(data) // 2}H", data))


def string(found: list[int]) -> str:
    """Return the text in these words."""
    return struct.pack(f">{len(found)}H", *found).split(b"\0")[0].decode()


@dataclass
class Rig:
    """A device, a client of it, and what they are about."""

    house: House
    clock: FrozenClock
    device: Sun2000
    port: int
    client: Client = field(init=False)

    async def connect(self, unit: int = 1) -> Client:
        """Return one more client."""
        return await Client(self.port, unit).connect()

    @property
    def asked(self) -> list[tuple[int, int, int, int]]:
        """Return every request: unit, function, address, count."""
        return [(one.unit, one.function, one.address, one.count) for one in self.device.requests]


@asynccontextmanager
async def rig(
    profile: profiles.Profile | None = None,
    at: datetime = NOON,
    house: House | None = None,
    **link: Any,
) -> AsyncIterator[Rig]:
    """Run a device with a connected client; by default the link has no peculiarities."""
    house_config, device_config = profile or profiles.hybrid()
    clock = FrozenClock(at)
    house = house or House(house_config, at - timedelta(hours=1))
    options: dict[str, Any] = {"quiet_s": 0.0, "spacing_s": 0.0} | link
    config: HuaweiConfig = replace(device_config, **options)
    device = Sun2000(house, clock, config)
    made = Rig(house, clock, device, await device.start())
    try:
        made.client = await made.connect(config.inverters[0].unit_id)
        yield made
        made.client.close()
    finally:
        await device.stop()
