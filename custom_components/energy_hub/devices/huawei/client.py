"""Modbus TCP as a SUN2000 wants it: the only file that knows pymodbus.

One client at a time, one request at a time, silence after connecting, a breath between
requests: an inverter that is pressed loses its link (and its maker's cloud).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
import hmac
import logging
import secrets
from typing import Any, Final, override

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from ...errors import CannotConnectError, DeviceError, NoAnswerError

# It complains at every request of an outage, which we report once; who wants to hear it
# all sets a level for it in Home Assistant.
if (_library_log := logging.getLogger("pymodbus")).level == logging.NOTSET:
    _library_log.setLevel(logging.CRITICAL)

REQUEST_SECONDS: Final = 5
_CONNECT_SECONDS: Final = 5
# The device swallows what it is asked in the first second of a connection.
_QUIET_SECONDS: Final = 1.5
_SPACING_SECONDS: Final = 0.05
_BUSY_SPACING_SECONDS: Final = 0.25

ILLEGAL: Final = frozenset({2, 3})
"""The device has no such registers; some firmware says illegal value for it."""
_BUSY: Final = 6
# Device failure, acknowledge, busy: worth a second try.
_TRANSIENT: Final = frozenset({4, 5, _BUSY})
_NOT_READY_SECONDS: Final = 1
DENIED: Final = 0x80
"""The device wants a log-in first, or never lets anybody do this."""

_CHALLENGE, _LOG_IN = 0x24, 0x25
_CHALLENGE_BYTES: Final = 16


type _Call = Callable[[AsyncModbusTcpClient], Awaitable[ModbusPDU]]


class _Private(ModbusPDU):
    """Function 0x41, both ways: sub-function, length, content."""

    function_code = 0x41
    rtu_byte_count_pos = 3

    def __init__(
        self, sub: int = 0, content: bytes = b"", dev_id: int = 1, transaction_id: int = 0
    ) -> None:
        super().__init__(dev_id=dev_id, transaction_id=transaction_id)
        self.sub = sub
        self.content = content

    @override
    def encode(self) -> bytes:
        return bytes((self.sub, len(self.content))) + self.content

    @override
    def decode(self, data: bytes) -> None:
        self.sub, self.content = data[0], data[2 : 2 + data[1]]


def _proof(password: str, challenge: bytes) -> bytes:
    return hmac.digest(sha256(password.encode()).digest(), challenge, sha256)


class RefusedError(DeviceError):
    """The device answered that it will not: `code` is the Modbus exception."""

    key = "refused"

    def __init__(self, code: int) -> None:
        """Keep the code; the user sees it as a number."""
        super().__init__(code=str(code))
        self.code = code


class Link:
    """One connection to one host, shared by all inverters behind it."""

    def __init__(self, host: str, port: int) -> None:
        """Prepare; the first request connects."""
        self._host = host
        self._port = port
        self._lock = asyncio.Lock()
        self._lost = asyncio.Event()
        self._client: AsyncModbusTcpClient | None = None
        self._spacing = _SPACING_SECONDS
        self._next = 0.0
        self._losses = 0

    async def read(self, unit: int, address: int, count: int) -> list[int]:
        """Return `count` words; raises RefusedError, NoAnswerError or CannotConnectError."""
        answer = await self._request(
            lambda client: client.read_holding_registers(address, count=count, device_id=unit)
        )
        if len(answer.registers) != count:
            raise NoAnswerError
        return list(answer.registers)

    async def write(self, unit: int, address: int, words: Sequence[int]) -> None:
        """Write words in one request; raises as `read` does.

        After NoAnswerError nobody knows whether the device took them: read them back.
        """
        values = list(words)
        await self._request(lambda client: client.write_registers(address, values, device_id=unit))

    async def log_in(self, unit: int, user: str, password: str) -> bool:
        """Return whether the device takes this log-in for the connection as it stands now.

        Both sides prove that they know the password, and it never travels. Source: the
        private function 0x41 as published drivers use it. Raises as `read` does.
        """
        challenge = (await self._private(unit, _CHALLENGE, b"\0"))[:_CHALLENGE_BYTES]
        mine = secrets.token_bytes(_CHALLENGE_BYTES)
        name, proof = user.encode(), _proof(password, challenge)
        content = mine + bytes((len(name),)) + name + bytes((len(proof),)) + proof
        answer = await self._private(unit, _LOG_IN, content)
        if answer[:1] != b"\0":
            return False
        return hmac.compare_digest(answer[2:], _proof(password, mine))

    async def _private(self, unit: int, sub: int, content: bytes) -> bytes:
        answer = await self._request(
            lambda client: client.execute(False, _Private(sub, content, unit))
        )
        if not isinstance(answer, _Private) or answer.sub != sub:
            raise NoAnswerError
        return answer.content

    def take_losses(self) -> int:
        """Return how often the peer hung up on a request since the last call."""
        losses, self._losses = self._losses, 0
        return losses

    async def close(self) -> None:
        """Give the one place that the device has for a client free."""
        async with self._lock:
            self._drop()

    async def _request(self, call: _Call) -> ModbusPDU:
        """Send a request, and once more when the device only was not ready for it."""
        try:
            return await self._once(call)
        except RefusedError as err:
            if err.code not in _TRANSIENT:
                raise
        await asyncio.sleep(_NOT_READY_SECONDS)
        return await self._once(call)

    async def _once(self, call: _Call) -> ModbusPDU:
        clock = asyncio.get_running_loop().time
        async with self._lock:
            if self._lost.is_set():
                self._drop()
            client = self._client or await self._connect()
            await asyncio.sleep(max(0.0, self._next - clock()))
            try:
                answer = await self._answer(asyncio.ensure_future(call(client)))
            finally:
                self._next = clock() + self._spacing
        if answer.isError():
            if answer.exception_code == _BUSY:
                self._spacing = _BUSY_SPACING_SECONDS
            raise RefusedError(answer.exception_code)
        return answer

    async def _answer(self, request: asyncio.Future[ModbusPDU]) -> ModbusPDU:
        """Wait for the answer, but no longer than the connection stands.

        pymodbus itself goes on waiting for a peer that has hung up, and before 3.16 turns
        a cancellation into an error of its own: so the request runs beside us.
        """
        lost = asyncio.ensure_future(self._lost.wait())
        request.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            waited: set[asyncio.Future[Any]] = {request, lost}
            await asyncio.wait(waited, timeout=REQUEST_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
            request.cancel()
        if self._lost.is_set():
            self._losses += 1
            self._drop()
            raise CannotConnectError
        if not request.done() or request.cancelled():
            raise NoAnswerError
        try:
            return request.result()
        except ModbusException as err:
            raise NoAnswerError from err

    async def _connect(self) -> AsyncModbusTcpClient:
        self._lost.clear()
        client = AsyncModbusTcpClient(
            self._host,
            port=self._port,
            # Time limits, second tries and reconnecting are ours.
            timeout=2 * REQUEST_SECONDS,
            retries=0,
            reconnect_delay=0,
            trace_connect=lambda connected: None if connected else self._lost.set(),
        )
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                connected = await client.connect()
        except (OSError, ModbusException) as err:
            client.close()
            raise CannotConnectError from err
        if not connected:
            client.close()
            raise CannotConnectError
        client.register(_Private)
        self._client = client
        self._next = asyncio.get_running_loop().time() + _QUIET_SECONDS
        return client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
