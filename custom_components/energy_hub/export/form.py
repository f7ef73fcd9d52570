"""How the messages of one destination look, and which plants they are about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class TimeMode(StrEnum):
    """Which time a message bears."""

    SLOT = "slot"
    """The begin of its slot."""
    SAMPLE = "sample"
    """That of its samples."""


class Unknown(StrEnum):
    """What stands for a value that is not known."""

    NULL = "null"
    OMIT = "omit"
    """Nothing, where a key may be left out."""
    ZERO = "zero"
    """What an older program sent; it cannot be told from a zero that was measured."""


class Compatibility(StrEnum):
    """Which keys a message has."""

    STRICT = "strict44"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How messages look."""

    interval: timedelta = timedelta(minutes=60)
    time_mode: TimeMode = TimeMode.SLOT
    compatibility: Compatibility = Compatibility.STRICT
    unknown: Unknown = Unknown.NULL
    decimals: int = 3
    """Of the energy of the plant, in kWh."""
    type_inverter: int = 9
    type_device: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A plant that is exported: its number there, and what of it."""

    id: int
    left_out: Collection[str] = ()
    """Serial numbers of those of its devices that are not."""
    types: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Inverter and device codes of those devices that have others."""
