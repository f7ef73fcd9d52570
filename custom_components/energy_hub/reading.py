"""The words the rooms speak to each other. Pure: no Home Assistant in here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Flow(StrEnum):
    """One line of the house balance."""

    SOLAR = "solar"
    GRID = "grid"
    BATTERY = "battery"
    LOAD = "load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one device says of one flow at one moment.

    Signs are those of the house: what flows to it is positive (solar production, grid
    import, battery discharge). None means unknown, never zero.
    """

    source: str
    """Who measured it; the same text after every restart."""
    flow: Flow
    at: datetime
    """When it became known here (UTC)."""
    valid_for: timedelta
    """How long after `at` it may still be called the present."""
    power_w: float | None = None
    to_house_kwh: float | None = None
    """Counter of the energy that came to the house: produced, imported, discharged."""
    from_house_kwh: float | None = None
    """Counter of the energy that left the house: exported, charged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The unique ids of the sensors that show a source; None where none does."""

    power: str | None = None
    soc: str | None = None
    to_house: str | None = None
    from_house: str | None = None
