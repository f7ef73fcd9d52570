"""Protocol buffers as the cloud writes them: only what its charts need.

Source: the public description of the wire format. A number that is 0 is left out, as a
proto3 encoder does; `packed` arrays are always whole.
"""

from collections.abc import Iterable, Sequence
import struct
from typing import Final

_VARINT: Final = 0
_BYTES: Final = 2
_FIXED32: Final = 5


def varint(number: int) -> bytes:
    """Return a whole number >= 0, seven bits a byte, lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def whole(field: int, number: int) -> bytes:
    """Return a field with a whole number."""
    return varint(field << 3 | _VARINT) + varint(number) if number else b""


def data(field: int, content: bytes) -> bytes:
    """Return a field with bytes, a message or packed numbers."""
    return varint(field << 3 | _BYTES) + varint(len(content)) + content


def text(field: int, content: str) -> bytes:
    """Return a field with text."""
    return data(field, content.encode())


def texts(field: int, contents: Iterable[str]) -> bytes:
    """Return a field that is repeated for each text."""
    return b"".join(text(field, one) for one in contents)


def single(field: int, number: float) -> bytes:
    """Return a field with a float of 32 bits."""
    return varint(field << 3 | _FIXED32) + struct.pack("<f", number) if number else b""


def floats(field: int, numbers: Sequence[float], *, wide: bool = False) -> bytes:
    """Return packed floats of 32 or, if `wide`, 64 bits."""
    return data(field, struct.pack(f"<{len(numbers)}{'d' if wide else 'f'}", *numbers))


def shorts(field: int, numbers: Sequence[int]) -> bytes:
    """Return packed whole numbers of 16 bits."""
    return data(field, struct.pack(f"<{len(numbers)}H", *numbers))
