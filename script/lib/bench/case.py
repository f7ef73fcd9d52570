"""What one measurement is: the same work, done by us and by a peer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Whose work is measured."""

    OURS = "ours"
    PEER = "peer"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a measurement: its key in the result, what it is, its unit."""

    key: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One work that both sides do, each time in a fresh process."""

    work: str
    peer_name: str
    function: str
    """`package.module:function`; called with `side` and the arguments, returns figures."""
    arguments: Mapping[str, str | float | bool]
    figures: tuple[Figure, ...]
