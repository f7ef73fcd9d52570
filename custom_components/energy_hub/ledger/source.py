"""What the house is made of: its sources, their counters, and what is summed of them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, Self, override

from ..reading import Flow


class Grade(StrEnum):
    """How far a value can be trusted, the best first."""

    MEASURED = "measured"
    HELD = "held"
    """An older measurement that stands for the present."""
    ESTIMATED = "estimated"
    MISSING = "missing"


def worst(grades: Iterable[Grade]) -> Grade:
    """Return the worst of these grades; of none, measured."""
    return max(grades, key=_RANK.__getitem__, default=Grade.MEASURED)


_RANK: Final = {grade: rank for rank, grade in enumerate(Grade)}


class Direction(StrEnum):
    """Which way the energy of a counter went; the fields of `Reading`."""

    TO_HOUSE = "to_house"
    FROM_HOUSE = "from_house"


DIRECTIONS: Final[Mapping[Flow, tuple[Direction, ...]]] = {
    Flow.SOLAR: (Direction.TO_HOUSE,),
    Flow.GRID: (Direction.TO_HOUSE, Direction.FROM_HOUSE),
    Flow.BATTERY: (Direction.TO_HOUSE, Direction.FROM_HOUSE),
    Flow.LOAD: (Direction.FROM_HOUSE,),
}
"""The counters that a flow has unless the user says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source of the house: who measures which flow, and what the house takes from it."""

    id: str
    """As in `Reading.source`; one device may be the source of several flows."""
    flow: Flow
    power: bool = True
    """Whether its power counts in the live picture."""
    counters: tuple[Direction, ...]
    """Which of its counters count as energy: `DIRECTIONS[flow]`, fewer, or none."""


class Total(StrEnum):
    """What is summed over the sources. A flow that the house does not have is 0."""

    SOLAR = "solar"
    IMPORT = "import"
    EXPORT = "export"
    BATTERY_IN = "battery_in"
    BATTERY_OUT = "battery_out"
    HOUSE = "house"


SIGNS: Final[Mapping[Total, int]] = {
    Total.SOLAR: 1,
    Total.IMPORT: 1,
    Total.EXPORT: -1,
    Total.BATTERY_IN: -1,
    Total.BATTERY_OUT: 1,
}
"""House = solar + import - export + battery out - battery in."""

_TOTALS: Final = {
    (Flow.SOLAR, Direction.TO_HOUSE): Total.SOLAR,
    (Flow.GRID, Direction.TO_HOUSE): Total.IMPORT,
    (Flow.GRID, Direction.FROM_HOUSE): Total.EXPORT,
    (Flow.BATTERY, Direction.TO_HOUSE): Total.BATTERY_OUT,
    (Flow.BATTERY, Direction.FROM_HOUSE): Total.BATTERY_IN,
}


class Register(NamedTuple):
    """One counter of one source."""

    flow: Flow
    direction: Direction
    source: str

    @property
    def total(self) -> Total | None:
        """The sum it belongs to; None for a load, which is a part of the house."""
        return _TOTALS.get((self.flow, self.direction))

    @override
    def __str__(self) -> str:
        return "/".join(self)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the register that `str` wrote."""
        flow, direction, source = text.split("/", 2)
        return cls(Flow(flow), Direction(direction), source)


def registers(sources: Iterable[Source]) -> tuple[Register, ...]:
    """Return the counters that the energy of the house needs.

    A flow that is seen by its power alone still needs its counters: its energy is unknown,
    and with it that of the house, instead of being left out.
    """
    known = tuple(sources)
    counted = {source.flow for source in known if source.counters}
    return tuple(
        Register(source.flow, direction, source.id)
        for source in known
        for direction in (source.counters if source.flow in counted else DIRECTIONS[source.flow])
    )
