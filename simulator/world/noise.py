"""Repeatable chance: the same key always gives the same value, in any order, in any process."""

from collections.abc import Sequence
from math import floor
from zlib import crc32

_MASK = (1 << 64) - 1


def stream(seed: int, name: str) -> int:
    """Return the key of one independent stream of chance of a house."""
    return mix(seed, crc32(name.encode()))


def mix(*parts: int) -> int:
    """Return a 64-bit hash of whole numbers (the finaliser of splitmix64, chained)."""
    value = 0x9E3779B97F4A7C15
    for part in parts:
        value = ((value ^ part) * 0xBF58476D1CE4E5B9) & _MASK
        value ^= value >> 29
    value = (value * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 32)


def unit(*parts: int) -> float:
    """Return a repeatable number in 0..1 for this key."""
    return mix(*parts) / (_MASK + 1)


def smooth(at_s: float, period_s: float, key: int) -> float:
    """Return a curve in 0..1 that wanders smoothly with about one turn in a period."""
    position = at_s / period_s
    left = floor(position)
    part = position - left
    weight = part * part * (3 - 2 * part)
    first, second = unit(key, left), unit(key, left + 1)
    return first + (second - first) * weight


class Dice:
    """A row of repeatable throws, for plans that are made once a day."""

    def __init__(self, *key: int) -> None:
        """Start the row that belongs to this key."""
        self._key = mix(*key)
        self._count = 0

    def between(self, low: float, high: float) -> float:
        """Return the next throw, spread evenly over low..high."""
        self._count += 1
        return low + (high - low) * unit(self._key, self._count)

    def whole(self, low: float, high: float) -> int:
        """Return the next throw as a whole number in low..high."""
        return round(self.between(low, high))

    def chance(self, probability: float) -> bool:
        """Return whether something of this probability (0..1) happens."""
        return self.between(0, 1) < probability

    def pick[T](self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[int(self.between(0, len(choices)))]
