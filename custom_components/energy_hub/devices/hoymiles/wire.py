"""Reads protocol buffers without a schema: only what the cloud's charts need.

Source: the public description of the wire format. Whatever does not fit raises ValueError:
an answer that was cut off must not pass for a short one.
"""

from array import array
from collections.abc import Iterator
import struct
from typing import Final

_FLOAT: Final = struct.Struct("<f")
_LONGEST_VARINT: Final = 10

type Value = int | float | bytes


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """Yield number and content of every field; those of 64 bits, which no chart has, are left out.

    Raises ValueError.
    """
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield tag >> 3, value
        elif kind == 2:
            size, at = _varint(data, at)
            yield tag >> 3, _slice(data, at, size)
            at += size
        elif kind == 5:
            (number,) = _FLOAT.unpack(_slice(data, at, 4))
            yield tag >> 3, number
            at += 4
        elif kind == 1:
            _slice(data, at, 8)
            at += 8
        else:
            raise ValueError("no such kind of field")


def floats(packed: bytes, most: int) -> array[float]:
    """Return packed numbers of 32 or 64 bits, at most `most`; missing ones are still to come.

    Raises ValueError.
    """
    letter = "d" if most and len(packed) == 8 * most else "f"
    count, rest = divmod(len(packed), struct.calcsize(letter))
    if rest or count > most:
        raise ValueError(f"{len(packed)} bytes do not fit {most} labels")
    return array("f", struct.unpack(f"<{count}{letter}", packed))


def _slice(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise ValueError("the message is cut off")
    return data[at : at + size]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_LONGEST_VARINT):
        if at + place >= len(data):
            raise ValueError("the message is cut off")
        byte = data[at + place]
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("a number is too long")
