"""Which words of an inverter can be read: blocks with gaps between them that cannot."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from . import battery, inverter
from .cells import Cell, u16
from .meter import meter
from .moment import Moment
from .settings import Settings
from .steering import Steering

_LUNA2000 = 2
_FORCED_W = 47084


class Block(NamedTuple):
    """Words in a row that can be read; the reserved ones among them are 0."""

    name: str
    first: int
    words: int
    cells: Callable[[Moment], Iterable[Cell]]

    @property
    def span(self) -> range:
        """Return the addresses."""
        return range(self.first, self.first + self.words)


def blocks(begin: Moment, settings: Settings, steering: Steering) -> Iterator[Block]:
    """Return the blocks of an inverter as it is wired at its beginning."""

    def known(name: str, first: int, words: int) -> Block:
        return Block(name, first, words, lambda _now: settings.cells(first, first + words - 1))

    config = begin.inverter
    strings = inverter.MOST_STRINGS if config.all_strings else config.strings
    yield Block("id", 30000, 83, inverter.identity)
    yield Block("str", 32000, 16 + 2 * strings, partial(_state, steering))
    yield Block("inv", 32064, 56, partial(_live, steering))
    yield Block("mppt", 32212, 20, inverter.trackers)
    yield Block("mtr", 37100, 39, meter)
    yield Block("optimizers", 37200, 2, inverter.optimizers)
    for address, words in ((40000, 2), (42900, 1), (43006, 1)):
        yield Block("clock", address, words, inverter.clock)
    yield known("derating", 40125, 3)
    yield Block("det", 47000, 1, _detection)
    yield known("pwr", 47415, 4)
    yield known("default", 47675, 2)
    yield known("peak", 47954, 66)
    if begin.units:
        yield from _of_batteries(len(begin.units), settings, steering)


def _of_batteries(units: int, settings: Settings, steering: Steering) -> Iterator[Block]:
    yield Block("b1", 37000, 70, partial(_first_unit, steering))
    if units > 1:
        yield Block("unit2", 37700, 10, partial(battery.unit, number=1))
        yield Block("bat", 37738, 20, partial(battery.unit, number=1))
        yield Block("unit2", 37799, 15, partial(battery.unit, number=1))
    yield Block("bat", 37758, 30, battery.bank)
    yield Block("unit1", 37814, 15, partial(battery.unit, number=0))
    yield Block("pack", 38200, 264, battery.packs)
    yield Block("cfg", 47075, 28, partial(_battery_settings, settings, steering))
    yield Block("cfg2", 47242, 58, lambda _now: settings.cells(47242, 47299))


def _state(steering: Steering, now: Moment) -> Iterable[Cell]:
    return inverter.state(now, stopped=steering.stopped)


def _live(steering: Steering, now: Moment) -> Iterable[Cell]:
    return inverter.live(now, stopped=steering.stopped)


def _first_unit(steering: Steering, now: Moment) -> Iterator[Cell]:
    yield from battery.unit(now, 0)
    yield from battery.first_unit(now, steering.mode(now.at), steering.left_min(now.at))


def _detection(now: Moment) -> Iterator[Cell]:
    yield u16(47000, _LUNA2000 if now.units else 0)


def _battery_settings(settings: Settings, steering: Steering, now: Moment) -> Iterator[Cell]:
    yield from settings.cells(47075, 47102)
    yield Cell(_FORCED_W, "i", steering.forced_w(now.at))
    yield u16(47089, _LUNA2000 if len(now.units) > 1 else 0)
