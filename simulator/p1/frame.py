"""The frame of a DSMR 5 telegram: `/` ... `!` and a CRC-16/ARC in four hex digits."""

from collections.abc import Iterator
import re

_END = re.compile(rb"!([0-9A-Fa-f]{4})\r?(?:\n|\Z)")


def _table() -> tuple[int, ...]:
    rows = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)  # noqa: PLW2901 the bit loop of a CRC
        rows.append(value)
    return tuple(rows)


_TABLE = _table()


def crc16(data: bytes) -> int:
    """Return the CRC-16/ARC (0x8005 reflected, start 0; "123456789" gives 0xBB3D)."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def seal(body: bytes) -> bytes:
    """Return a telegram: the body from `/` to its last CR LF, then `!`, CRC, CR LF."""
    covered = body + b"!"
    return covered + b"%04X\r\n" % crc16(covered)


def telegrams(data: bytes) -> Iterator[bytes]:
    """Yield every telegram with a valid CRC in these bytes, exactly as it stands there.

    The CRC covers the line ends; where a file was stored with LF only, CR LF is put back if
    that makes the CRC valid.
    """
    for end in _END.finditer(data):
        start = data.rfind(b"/", 0, end.start())
        if start < 0:
            continue
        body = data[start : end.start()]
        for covered in (body, body.replace(b"\n", b"\r\n")):
            if crc16(covered + b"!") == int(end[1], 16):
                yield covered + b"!" + end[1] + b"\r\n"
                break
