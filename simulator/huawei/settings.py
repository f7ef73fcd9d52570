"""The registers that can be written, with the ranges that the device accepts."""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from .cells import Cell, raw_of
from .moment import Moment

MOST_MINUTES = 1440
_WORD = range(0x1_0000)
_LEAST_FEED_IN_W = -1000


class Setting(NamedTuple):
    """One register: struct format, raw values that it takes, what it holds at first.

    `shown` is False where reading is an error.
    """

    address: int
    format: str
    valid: Container[int]
    first: int
    shown: bool = True

    @property
    def words(self) -> int:
        """Return how many words it has."""
        return 2 if self.format in {"I", "i"} else 1


def of_inverter(now: Moment) -> Iterator[Setting]:
    """Return what every inverter has: start and stop, power limits, the log-in's heartbeat."""
    limit_w = now.limit_w
    yield Setting(40125, "h", range(1001), 1000)
    yield Setting(40126, "I", range(limit_w + 1), limit_w)
    yield Setting(40200, "H", _WORD, 0, shown=False)
    yield Setting(40201, "H", _WORD, 0, shown=False)
    yield Setting(47415, "H", {0, 1, 5, 6, 7}, 0)
    yield Setting(47416, "i", range(_LEAST_FEED_IN_W, limit_w + 1), limit_w)
    yield Setting(47418, "h", range(1001), 1000)
    yield Setting(47675, "i", range(_LEAST_FEED_IN_W, limit_w + 1), 0)
    yield Setting(49999, "H", {1}, 1, shown=False)


def of_batteries(now: Moment) -> Iterator[Setting]:
    """Return what an inverter with batteries has on top; all free at first, as the world is."""
    first = now.units[0].battery
    charge_w = sum(one.battery.charge_w for one in now.units)
    discharge_w = sum(one.battery.discharge_w for one in now.units)
    yield Setting(47075, "I", range(charge_w + 1), charge_w)
    yield Setting(47077, "I", range(discharge_w + 1), discharge_w)
    yield Setting(47081, "H", range(900, 1001), round(10 * first.max_soc))
    yield Setting(47082, "H", range(201), round(10 * first.min_soc))
    yield Setting(47083, "H", range(MOST_MINUTES + 1), 0)
    yield Setting(47086, "H", range(6), 2)
    yield Setting(47087, "H", range(2), 1)
    yield Setting(47088, "H", range(200, 1001), 1000)
    yield Setting(47100, "H", range(3), 0)
    yield Setting(47101, "H", range(1001), 0)
    yield Setting(47102, "H", range(1001), 0)
    yield Setting(47242, "I", range(charge_w + 1), charge_w)
    yield Setting(47244, "I", range(charge_w + 1), charge_w)
    yield Setting(47246, "H", range(2), 0)
    yield Setting(47247, "I", range(charge_w + 1), 0)
    yield Setting(47249, "I", range(discharge_w + 1), 0)
    for address in range(47255, 47298):
        yield Setting(address, "H", _WORD, 0)
    yield Setting(47299, "H", range(2), 1)


def of_peak_limits() -> Iterator[Setting]:
    """Return capacity control, which some firmware does not have; it is kept and does nothing."""
    yield Setting(47954, "H", range(3), 0)
    yield Setting(47955, "H", range(1001), 0)
    for address in range(47956, 48020):
        yield Setting(address, "H", _WORD, 0)


class UnknownAddressError(Exception):
    """A write touches a word that is not there, or half of a register."""


class InvalidValueError(Exception):
    """A write carries a value that the device does not take."""


class Settings:
    """The present values of all settings of one inverter."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        """Start with the first values."""
        self._settings = {one.address: one for one in settings}
        self._raw = {one.address: one.first for one in self._settings.values()}

    def __getitem__(self, address: int) -> int:
        return self._raw[address]

    def __setitem__(self, address: int, raw: int) -> None:
        self._raw[address] = raw

    def __contains__(self, address: int) -> bool:
        return address in self._raw

    def cells(self, first: int, last: int) -> Iterator[Cell]:
        """Return the registers from one address to another that can be read."""
        for address, setting in self._settings.items():
            if setting.shown and first <= address <= last:
                yield Cell(address, setting.format, self._raw[address])

    def shows(self, address: int) -> bool:
        """Return whether this register is there and can be read."""
        return address in self._settings and self._settings[address].shown

    def decode(self, address: int, words: Sequence[int]) -> dict[int, int]:
        """Return the raw values of a write by address.

        Raises UnknownAddressError and InvalidValueError; nothing is changed yet.
        """
        found: dict[int, int] = {}
        place = 0
        while place < len(words):
            setting = self._settings.get(address + place)
            if setting is None or place + setting.words > len(words):
                raise UnknownAddressError(address + place)
            raw = raw_of(setting.format, tuple(words[place : place + setting.words]))
            if raw not in setting.valid:
                raise InvalidValueError(setting.address, raw)
            found[setting.address] = raw
            place += setting.words
        return found
