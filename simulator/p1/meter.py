"""A Fluvius meter on a simulated house, over TCP and over a serial pty."""

import asyncio
from datetime import datetime, timedelta

from simulator.clock import Clock, whole_seconds
from simulator.faults import Faults
from simulator.world import House

from .adapter import SerialAdapter
from .config import P1Config
from .faults import BYTES, GARBAGE, METER, OBJECTS, P1Fault
from .frame import seal
from .outlet import Outlet
from .snapshot import Snapshot, snapshot
from .tcp import TcpOutlet
from .telegram import body, objects

_MOST_HELD = 600
_PLUGS = frozenset({P1Fault.REFUSE, P1Fault.DROP})


class P1Meter:
    """The meter; `faults` holds its switches by the names of `P1Fault`."""

    def __init__(self, house: House, clock: Clock, config: P1Config | None = None) -> None:
        """Make a meter that is connected to nothing yet."""
        self._house = house
        self._clock = clock
        self._config = config or P1Config()
        self._tcp: TcpOutlet | None = None
        self._serial: SerialAdapter | None = None
        self._bases: dict[P1Fault, Snapshot] = {}
        self._held: list[bytes] = []
        self.faults = Faults(P1Fault, self._changed)

    async def wait_for_clients(self, count: int) -> None:
        """Return as soon as this many network clients are connected; start_tcp comes first."""
        if self._tcp is None:
            raise RuntimeError("the meter does not listen")
        await self._tcp.wait_for_clients(count)

    def telegram(self, at: datetime) -> bytes:
        """Return the sealed telegram of this second, whatever faults are on."""
        shown = self._snapshot(at)
        return seal(body(shown.serial, objects(self._config, shown)))

    async def start_tcp(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen for any number of clients; return the port. Raises OSError when it is taken."""
        self._tcp = TcpOutlet(host, port)
        await self._tcp.open()
        return self._tcp.port

    async def start_serial(self) -> str:
        """Plug in a serial adapter; return its path, which stays the same when replugged."""
        self._serial = SerialAdapter()
        await self._serial.open()
        return str(self._serial.path)

    async def stop(self) -> None:
        """Close every port and connection."""
        for outlet in self._outlets():
            await outlet.close()
        if self._serial is not None:
            self._serial.remove()
        self._tcp = self._serial = None

    async def push(self) -> None:
        """Send the telegram of the clock's second to everybody, as the faults let it."""
        if P1Fault.HANG in self.faults:
            return
        data = GARBAGE if P1Fault.GARBAGE in self.faults else self._sent()
        if P1Fault.BACKLOG in self.faults:
            self._held = [*self._held, data][-_MOST_HELD:]
        elif P1Fault.DRIP in self.faults:
            for index in range(len(data)):
                await self._send(data[index : index + 1])
                # A reader in the same loop must have its chance at every byte.
                await asyncio.sleep(0)
        else:
            await self._send(data)

    async def push_backlog(self, count: int) -> None:
        """Send the telegrams of the last seconds in one write, as a bridge that was cut off."""
        now = self._clock()
        seconds = (now - timedelta(seconds=back) for back in reversed(range(count)))
        await self._send(b"".join(self.telegram(at) for at in seconds))

    async def run(self, speed: float = 1.0) -> None:
        """Send a telegram at every whole second of the clock, for ever."""
        async for _now in whole_seconds(self._clock, speed):
            await self.push()

    def _snapshot(self, at: datetime) -> Snapshot:
        return snapshot(self._house, self._config, at.replace(microsecond=0))

    def _sent(self) -> bytes:
        shown = self._snapshot(self._clock())
        for fault, base in self._bases.items():
            shown = METER[fault](shown, base)
        lines = objects(self._config, shown)
        for fault, change in OBJECTS.items():
            if fault in self.faults:
                lines = change(lines)
        data = seal(body(shown.serial, lines))
        for fault, spoil in BYTES.items():
            if fault in self.faults:
                data = spoil(data)
        return data

    async def _send(self, data: bytes) -> None:
        for outlet in self._outlets():
            await outlet.send(data)

    def _outlets(self) -> list[Outlet]:
        return [one for one in (self._tcp, self._serial) if one is not None]

    async def _changed(self, name: str, on: bool) -> None:
        fault = P1Fault(name)
        if fault in _PLUGS:
            await self._plug()
        elif fault is P1Fault.BACKLOG and not on:
            held, self._held = self._held, []
            await self._send(b"".join(held))
        elif fault in METER:
            self._bases.pop(fault, None)
            if on:
                self._bases[fault] = self._snapshot(self._clock())

    async def _plug(self) -> None:
        refuses, drops = P1Fault.REFUSE in self.faults, P1Fault.DROP in self.faults
        if self._tcp is not None:
            self._tcp.admits = not drops
            await (self._tcp.close() if refuses else self._tcp.open())
            if drops:
                self._tcp.reset()
        if self._serial is not None:
            await (self._serial.close() if refuses or drops else self._serial.open())
