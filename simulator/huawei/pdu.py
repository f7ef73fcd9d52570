"""Modbus requests and replies, without their envelope."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
import struct
from typing import Final

READ, WRITE_ONE, WRITE_MANY, PRIVATE = 0x03, 0x06, 0x10, 0x41
MOST_READ: Final = 125
MOST_WRITTEN: Final = 123


class Code(IntEnum):
    """Exception codes."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    DEVICE_FAILURE = 4
    ACKNOWLEDGE = 5
    BUSY = 6
    NO_PERMISSION = 0x80
    """Huawei's own."""


class RefusalError(Exception):
    """A request that is answered with an exception code."""

    def __init__(self, code: int) -> None:
        """Refuse with this code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Call:
    """A request: what it wants and from where.

    For the private function `address` is the sub-function and `data` what follows it.
    """

    function: int
    address: int = 0
    count: int = 0
    words: tuple[int, ...] = ()
    data: bytes = b""


def parse(pdu: bytes) -> Call:
    """Return what a request wants; raises RefusalError for what no device understands."""
    function, rest = pdu[0], pdu[1:]
    match function:
        case 0x03 if len(rest) == 4:
            return Call(function, *struct.unpack(">HH", rest))
        case 0x06 if len(rest) == 4:
            address, word = struct.unpack(">HH", rest)
            return Call(function, address, 1, (word,))
        case 0x10 if len(rest) >= 5:
            return _write_many(rest)
        case 0x41 if rest:
            return Call(function, rest[0], data=rest[1:])
        case 0x03 | 0x06 | 0x10 | 0x41:
            raise RefusalError(Code.ILLEGAL_VALUE)
        case _:
            raise RefusalError(Code.ILLEGAL_FUNCTION)


def _write_many(rest: bytes) -> Call:
    address, count, size = struct.unpack(">HHB", rest[:5])
    data = rest[5:]
    if not 1 <= count <= MOST_WRITTEN or size != 2 * count or len(data) != size:
        raise RefusalError(Code.ILLEGAL_VALUE)
    return Call(WRITE_MANY, address, count, struct.unpack(f">{count}H", data))


def words_reply(words: Sequence[int]) -> bytes:
    """Return the reply to a read."""
    return struct.pack(f">BB{len(words)}H", READ, 2 * len(words), *words)


def written_reply(call: Call) -> bytes:
    """Return the reply to a write."""
    told = call.words[0] if call.function == WRITE_ONE else call.count
    return struct.pack(">BHH", call.function, call.address, told)


def private_reply(call: Call, content: bytes) -> bytes:
    """Return the reply to a private function: its length comes before its content."""
    return bytes((PRIVATE, call.address, len(content))) + content


def refusal(function: int, code: int) -> bytes:
    """Return the reply to a request that is refused."""
    return bytes((function & 0x7F | 0x80, code))
