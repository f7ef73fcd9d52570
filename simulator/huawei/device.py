"""The SUN2000 of a simulated house: inverters, meter and batteries behind one Modbus TCP host."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.world import House

from .config import HuaweiConfig, InverterConfig, Stranger
from .connection import Connection, Frame
from .faults import ANSWERS, DUSK, EVERY, LATE_S, SKEW, HuaweiFault, Shown
from .line import Line
from .moment import Moment
from .pdu import (
    PRIVATE,
    READ,
    Call,
    Code,
    RefusalError,
    parse,
    private_reply,
    refusal,
    words_reply,
    written_reply,
)
from .registers import LineDroppedError, Registers
from .session import Session

_KEPT_REQUESTS = 10_000
_HEARTBEAT = 49999


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came, answered or not; for function 0x41 the address is the sub-function."""

    time: datetime
    unit: int
    function: int
    address: int
    count: int
    words: tuple[int, ...]


@dataclass(slots=True)
class _Inverter:
    """One unit id: what it is, its registers, its counters when they were reset."""

    config: InverterConfig
    registers: Registers
    base: dict[int, int] = field(default_factory=dict)


class Sun2000:
    """The device; `faults` holds its switches by the names of `HuaweiFault`.

    `requests` are the last ones in the order of their arrival, `every` says how often the
    faults in it strike. Delays are on the running loop's clock, everything else on `clock`.
    """

    def __init__(self, house: House, clock: Clock, config: HuaweiConfig | None = None) -> None:
        """Make a device that listens nowhere; raises KeyError if the house lacks an inverter."""
        self.config: Final = config or HuaweiConfig()
        self._house: Final = house
        self._clock: Final = clock
        self._inverters: Final = {
            one.unit_id: _Inverter(one, Registers(house, Moment(house, one, house.begin)))
            for one in self.config.inverters
        }
        self._line: Final = Line(self._arrived, self._answer, self.config.newcomer)
        self._counts: Final = dict.fromkeys(EVERY, 0)
        self._dark_from: datetime | None = None
        self._asked: Final = asyncio.Event()
        self.every: Final = dict(EVERY)
        self.requests: Final[deque[Request]] = deque(maxlen=_KEPT_REQUESTS)
        self.faults: Final = Faults(HuaweiFault, self._changed)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen on a port (0: any), once more for a second one; return it.

        Raises OSError when it is taken.
        """
        return await self._line.listen(host, port)

    async def wait_for_clients(self, count: int) -> None:
        """Return as soon as this many clients are connected."""
        await self._line.wait_for_clients(count)

    async def wait_for_requests(self, count: int) -> None:
        """Return as soon as this many requests have come since `requests` was last emptied."""
        while len(self.requests) < count:
            self._asked.clear()
            await self._asked.wait()

    async def stop(self) -> None:
        """Close every port and connection."""
        await self._line.stop()

    def _arrived(self, frame: Frame) -> None:
        try:
            call = parse(frame.pdu)
        except RefusalError:
            call = Call(frame.pdu[0])
        self.requests.append(
            Request(self._clock(), frame.unit, call.function, call.address, call.count, call.words)
        )
        self._asked.set()

    async def _answer(self, client: Connection, frame: Frame) -> None:
        if frame.age_s < self.config.quiet_s:
            return
        inverter = self._inverters.get(frame.unit)
        closes = inverter is None and self.config.stranger is Stranger.CLOSED
        if closes or HuaweiFault.SLOT_STOLEN in self.faults:
            client.close()
        elif inverter is not None and not self._silent(inverter):
            try:
                await self._reply(client, frame, inverter)
            except LineDroppedError:
                client.close()

    async def _reply(self, client: Connection, frame: Frame, inverter: _Inverter) -> None:
        delay_s = 0.0
        try:
            self._refuse(frame)
            call = parse(frame.pdu)
            delay_s = self._delay_s(inverter, call)
            reply = self._obey(client, frame.unit, inverter, call)
        except RefusalError as error:
            reply = refusal(frame.pdu[0], error.code)
        if self._strikes(HuaweiFault.REPLY_LATE):
            delay_s += LATE_S
        if delay_s:
            await asyncio.sleep(delay_s)
        data = frame.reply(reply)
        if self._strikes(HuaweiFault.RESET_MID_REPLY):
            client.send(data[: len(data) // 2])
            client.reset()
        elif not self._strikes(HuaweiFault.REPLY_LOST):
            client.send(data)

    def _refuse(self, frame: Frame) -> None:
        # Clients that work in the field send the log-in without a pause.
        if frame.gap_s < self.config.spacing_s and frame.pdu[0] != PRIVATE:
            raise RefusalError(Code.BUSY)
        for fault, code in ANSWERS.items():
            if self._strikes(fault):
                raise RefusalError(code)

    def _delay_s(self, inverter: _Inverter, call: Call) -> float:
        block = inverter.registers.block(call.address)
        return self.config.block_reply_s.get(block or "", self.config.reply_s)

    def _obey(self, client: Connection, unit: int, inverter: _Inverter, call: Call) -> bytes:
        now, shown = self._moment(inverter), self._shown(inverter)
        if call.function == READ:
            words = inverter.registers.read(call.address, call.count, now, shown)
            return words_reply(words)
        if HuaweiFault.PERMISSION_REFUSED in self.faults:
            raise RefusalError(Code.NO_PERMISSION)
        session = client.sessions.setdefault(unit, Session(self.config.password, _loop_time))
        if call.function == PRIVATE:
            return private_reply(call, session.answer(call))
        if call.address == _HEARTBEAT:
            session.beat()
        elif not session.may_write:
            raise RefusalError(Code.NO_PERMISSION)
        inverter.registers.write(call.address, call.words, now, shown)
        return written_reply(call)

    def _strikes(self, fault: HuaweiFault) -> bool:
        if fault not in self.faults:
            return False
        self._counts[fault] += 1
        return self._counts[fault] % self.every[fault] == 0

    def _silent(self, inverter: _Inverter) -> bool:
        now = self._moment(inverter)
        night = self._dark_from is not None and now.at >= self._dark_from + DUSK
        return HuaweiFault.UNIT_SILENT in self.faults or now.asleep or (night and not now.units)

    def _moment(self, inverter: _Inverter) -> Moment:
        skew = SKEW if HuaweiFault.CLOCK_SKEW in self.faults else timedelta()
        dark = self._dark_from is not None
        return Moment(self._house, inverter.config, self._clock(), skew=skew, dark=dark)

    def _shown(self, inverter: _Inverter) -> Shown:
        return Shown([one for one in HuaweiFault if one in self.faults], inverter.base)

    async def _changed(self, name: str, on: bool) -> None:
        match HuaweiFault(name):
            case HuaweiFault.REFUSE:
                await self._line.refuse(on=on)
            case HuaweiFault.SLOT_STOLEN if on:
                self._line.reset()
                await self._line.wait_for_clients(0)
            case HuaweiFault.NIGHT:
                self._dark_from = self._clock() if on else None
            case HuaweiFault.COUNTER_RESET if on:
                for inverter in self._inverters.values():
                    inverter.base = inverter.registers.counters(self._moment(inverter))
            case fault if fault in EVERY:
                self._counts[fault] = 0


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
