"""All registers of one inverter: a sparse map, read for a moment, written with effect."""

from collections.abc import Collection
from typing import Final

from simulator.world import House

from .blocks import blocks
from .faults import HuaweiFault, Shown
from .moment import Moment
from .pdu import MOST_READ, Code, RefusalError
from .settings import (
    InvalidValueError,
    Settings,
    UnknownAddressError,
    of_batteries,
    of_inverter,
    of_peak_limits,
)
from .steering import Steering

_METER_STATUS = 37100
_METER_FIELDS = range(37101, 37139)
_NEW_FIRMWARE = (range(37200, 37202), range(42900, 42901), range(43006, 43007), range(47954, 48020))


class LineDroppedError(Exception):
    """The inverter answers this with nothing but the end of the connection."""


class Registers:
    """The registers of one inverter."""

    def __init__(self, house: House, begin: Moment) -> None:
        """Make the map of what this inverter has."""
        known = [*of_inverter(begin), *of_peak_limits()]
        if begin.units:
            known += of_batteries(begin)
        self._settings: Final = Settings(known)
        self._steering: Final = Steering(house, begin.inverter.source, self._settings)
        self._blocks: Final = tuple(blocks(begin, self._settings, self._steering))

    def block(self, address: int) -> str | None:
        """Return the name of the block that has this address."""
        return next((one.name for one in self._blocks if address in one.span), None)

    def counters(self, now: Moment) -> dict[int, int]:
        """Return every energy counter, raw, by its address."""
        cells = (cell for block in self._blocks for cell in block.cells(now))
        return {one.address: one.raw for one in cells if one.counter and isinstance(one.raw, int)}

    def read(self, first: int, count: int, now: Moment, shown: Shown) -> list[int]:
        """Return the words of a read; raises RefusalError and LineDroppedError."""
        if not 1 <= count <= MOST_READ:
            raise RefusalError(Code.ILLEGAL_VALUE)
        wanted = range(first, first + count)
        if any(self.block(one) is None or self._hidden(one, shown.on) for one in wanted):
            raise RefusalError(Code.ILLEGAL_ADDRESS)
        offline = HuaweiFault.METER_OFFLINE in shown.on
        if offline and any(one in _METER_FIELDS for one in wanted):
            raise LineDroppedError
        self._steering.refresh(now.at)
        words = self._words(wanted, now, shown)
        if offline:
            words[_METER_STATUS] = 0
        return [shown.word(words.get(one, 0)) for one in wanted]

    def _words(self, wanted: range, now: Moment, shown: Shown) -> dict[int, int]:
        words: dict[int, int] = {}
        for block in self._blocks:
            if wanted.start < block.span.stop and block.span.start < wanted.stop:
                for cell in block.cells(now):
                    words |= dict(enumerate(shown.cell(cell).words(), cell.address))
        return words

    def write(self, first: int, words: tuple[int, ...], now: Moment, shown: Shown) -> None:
        """Write words; raises RefusalError, and then nothing has changed."""
        if any(self._hidden(first + place, shown.on) for place in range(len(words))):
            raise RefusalError(Code.ILLEGAL_ADDRESS)
        try:
            values = self._settings.decode(first, words)
        except UnknownAddressError:
            raise RefusalError(Code.ILLEGAL_ADDRESS) from None
        except InvalidValueError:
            raise RefusalError(Code.ILLEGAL_VALUE) from None
        self._steering.write(values, now)

    def _hidden(self, address: int, on: Collection[HuaweiFault]) -> bool:
        if HuaweiFault.OLD_FIRMWARE in on and any(address in one for one in _NEW_FIRMWARE):
            return True
        return f"illegal_{self.block(address)}" in on
