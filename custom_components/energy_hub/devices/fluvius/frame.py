"""Telegrams out of a stream of bytes: framing and checksum of a P1 port.

A telegram runs from `/` to `!` and four hexadecimal digits of CRC-16/ARC over everything
from `/` up to and including `!` (DSMR P1 companion standard 5.0.2, section 6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# The longest real telegram: 1.7 kB, 2 kB more with a full text message.
MAX_FRAME: Final = 16_384
_TAIL: Final = len(b"!0000\r\n")
# Bytes of which the checksum is found at once; few telegrams are longer.
_BLOCK: Final = 2048


def _crc_masks() -> tuple[int, ...]:
    """Return, for each bit of the checksum of a block, the bits of the block that flip it."""
    register, rows = 1, []
    for _ in range(8 * _BLOCK):
        register = (register >> 1) ^ (0xA001 if register & 1 else 0)
        rows.append(f"{register:016b}")
    # Rows are counted from the last bit on, and the last bit of a byte is its highest.
    columns = zip(*(rows[place ^ 7] for place in reversed(range(len(rows)))), strict=True)
    return tuple(int("".join(column), 2) for column in columns)


_CRC_MASKS: Final = _crc_masks()


def crc16(data: bytes | bytearray) -> int:
    """Return the CRC-16/ARC of `data` (123456789 gives 0xBB3D).

    Each bit of a CRC that starts at zero is the parity of some bits of the data. Python
    finds that for whole blocks several times faster than it goes through the bytes.
    """
    block = int.from_bytes(data[-_BLOCK:])
    if len(data) > _BLOCK:
        # The checksum so far acts like a change of the next two bytes.
        so_far = crc16(data[:-_BLOCK]).to_bytes(2, "little")
        block ^= int.from_bytes(so_far) << 8 * (_BLOCK - 2)
    crc = 0
    for mask in _CRC_MASKS:
        crc = (crc << 1) | ((block & mask).bit_count() & 1)
    return crc


@dataclass(slots=True)
class FrameCounts:
    """What came through the line so far; for diagnostics and for the set-up form."""

    good: int = 0
    bad_crc: int = 0
    overflowed: int = 0
    foreign: int = 0
    bytes_seen: int = 0


class Framer:
    """Collects bytes and gives out whole telegrams whose checksum is right.

    It never keeps more than `MAX_FRAME` bytes of a telegram that does not end.
    """

    def __init__(self) -> None:
        """Start with an empty buffer."""
        self.counts = FrameCounts()
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Add bytes as they came from the line."""
        self.counts.bytes_seen += len(data)
        self._buffer += data

    def frames(self) -> Iterator[bytes]:
        """Yield the telegrams that are complete, from `/` to the end of the `!` line.

        Lazily, so that a caller can pause between the telegrams of a backlog.
        """
        while (end := self._next_end()) is not None:
            chunk = bytes(self._buffer[:end])
            del self._buffer[:end]
            if (frame := self._checked(chunk)) is not None:
                yield frame
        if len(self._buffer) > MAX_FRAME:
            self.counts.overflowed += 1
            self._buffer.clear()

    @property
    def pending(self) -> bool:
        """Whether another whole telegram may already be in the buffer."""
        return self._next_end() is not None

    def _next_end(self) -> int | None:
        """Return the index after the next `!xxxx` line, or None while it is incomplete."""
        mark = self._buffer.find(b"!")
        if mark < 0:
            return None
        newline = self._buffer.find(b"\n", mark, mark + _TAIL)
        if newline >= 0:
            return newline + 1
        return mark + 1 if len(self._buffer) - mark >= _TAIL else None

    def _checked(self, chunk: bytes) -> bytes | None:
        """Return the telegram at the end of `chunk` if it is whole and undamaged."""
        start = chunk.rfind(b"/")
        mark = chunk.find(b"!", start)
        if start < 0 or mark < 0:
            return None
        try:
            expected = int(chunk[mark + 1 :].strip() or b"x", 16)
        except ValueError:
            expected = -1
        if crc16(chunk[start : mark + 1]) != expected:
            self.counts.bad_crc += 1
            return None
        self.counts.good += 1
        return chunk[start:]
