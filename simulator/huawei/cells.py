"""Registers as they travel: big-endian words, scaled by a gain, each type with its own "none"."""

import struct
from typing import NamedTuple

_NONE = {"H": 0xFFFF, "h": 0x7FFF, "I": 0xFFFF_FFFF, "i": 0x7FFF_FFFF}
_KWH_GAIN = 100


class Cell(NamedTuple):
    """One register: its first address, its struct format, what it holds (None: not available).

    A `counter` is energy; a cell of `bits` has no "none".
    """

    address: int
    format: str
    raw: int | bytes | None
    counter: bool = False
    bits: bool = False

    def words(self) -> tuple[int, ...]:
        """Return the words; raises struct.error when the number does not fit."""
        raw = self.raw
        if raw is None:
            raw = b"" if self.format.endswith("s") else _NONE[self.format]
        return words_of(struct.pack(f">{self.format}", raw))


def words_of(data: bytes) -> tuple[int, ...]:
    """Return the words of an even number of bytes."""
    return struct.unpack(f">{len(data) // 2}H", data)


def raw_of(form: str, words: tuple[int, ...]) -> int:
    """Return the number in these words; the inverse of `Cell.words`."""
    (raw,) = struct.unpack(f">{form}", struct.pack(f">{len(words)}H", *words))
    return int(raw)


def _scaled(value: float | None, gain: int) -> int | None:
    return None if value is None else round(value * gain)


def u16(address: int, value: float | None, gain: int = 1) -> Cell:
    """Return an unsigned register of one word."""
    return Cell(address, "H", _scaled(value, gain))


def i16(address: int, value: float | None, gain: int = 1) -> Cell:
    """Return a signed register of one word."""
    return Cell(address, "h", _scaled(value, gain))


def u32(address: int, value: float | None, gain: int = 1) -> Cell:
    """Return an unsigned register of two words."""
    return Cell(address, "I", _scaled(value, gain))


def i32(address: int, value: float | None, gain: int = 1) -> Cell:
    """Return a signed register of two words."""
    return Cell(address, "i", _scaled(value, gain))


def kwh(address: int, value: float | None, form: str = "I") -> Cell:
    """Return an energy counter of two words, in hundredths of a kWh."""
    return Cell(address, form, _scaled(value, _KWH_GAIN), counter=True)


def bits(address: int, value: int, form: str = "H") -> Cell:
    """Return a field of bits, in which every value means something."""
    return Cell(address, form, value, bits=True)


def text(address: int, words: int, value: str | None) -> Cell:
    """Return a text, padded with NUL."""
    return Cell(address, f"{2 * words}s", None if value is None else value.encode("ascii"))
