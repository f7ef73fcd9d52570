"""A new answer about a day joins what is known of it. Pure; for the executor."""

from array import array
from collections.abc import Iterator, Mapping
from itertools import pairwise
import math
from typing import Final, NamedTuple

from .pack import pack, unpack
from .samples import known
from .series import Column, InverterDay, PortDay, Series, merged, most

_RECENT: Final = 10
_OF_A_PORT: Final = 4


class PortNewest(NamedTuple):
    """A port's newest sample (None: unknown), and the most energy of the day in Wh."""

    voltage: float | None
    current: float | None
    power: float | None
    wh: float | None


NO_PORT: Final = PortNewest(None, None, None, None)


class Newest(NamedTuple):
    """What is shown of an inverter: its newest sample, and what leads to a plant's power.

    There are very many in a fleet: what few ask for is kept in columns, not in objects.
    """

    minute: int
    power: float | None
    frequency: float | None
    temperature: float | None
    volts: tuple[float | None, ...]
    ports: tuple[int, ...]
    cells: Column
    """Of each port what `port` returns."""
    labels: array[int]
    powers: Column
    """At the last labels; not a number where it did not answer."""
    step: int
    """Minutes between two labels."""

    def port(self, number: int) -> PortNewest:
        """Return the newest of a port; of one that is not there, nothing is known."""
        if number not in self.ports:
            return NO_PORT
        first = _OF_A_PORT * self.ports.index(number)
        return PortNewest(*map(known, self.cells[first : first + _OF_A_PORT]))

    def power_at(self, minute: int) -> float | None:
        """Return the power at a label: 0 where it did not answer, None where it is not known."""
        if minute not in self.labels:
            return None
        return known(self.powers[self.labels.index(minute)]) or 0.0


def absorb(packed: bytes | None, series: Series) -> tuple[bytes, dict[str, Newest]]:
    """Return the day with the new series in it, and the newest of every inverter in that."""
    both = series if packed is None else merged(unpack(packed), series)
    return pack(both), {serial: _newest(both[serial]) for serial in series if both[serial].minutes}


def _newest(day: InverterDay) -> Newest:
    labels = day.minutes[-_RECENT:]
    steps = [later - earlier for earlier, later in pairwise(labels)]
    return Newest(
        minute=labels[-1],
        power=known(day.power[-1]),
        frequency=known(day.frequency[-1]),
        temperature=known(day.temperature[-1]),
        volts=tuple(known(phase[-1]) for phase in day.volts),
        ports=tuple(day.ports),
        cells=array("f", _cells(day.ports)),
        labels=labels,
        powers=day.power[-_RECENT:],
        step=min(steps, default=0),
    )


def _cells(ports: Mapping[int, PortDay]) -> Iterator[float]:
    for one in ports.values():
        top = most(one.energy)
        yield from (one.voltage[-1], one.current[-1], one.power[-1])
        yield math.nan if top is None else top
