"""The words the rooms speak to each other. Pure: no Home Assistant in here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple, Self


class Flow(StrEnum):
    """One line of the house balance."""

    SOLAR = "solar"
    GRID = "grid"
    BATTERY = "battery"
    LOAD = "load"


class MeterPeak(NamedTuple):
    """The highest quarter of a month: W of import, and when it was over (UTC)."""

    power_w: float
    end: datetime


class Demand(NamedTuple):
    """What a meter itself says of the quarters of the clock that it bills."""

    at: datetime
    """When it said so (UTC)."""
    quarter_w: float | None
    """Import of the quarter that runs then, spread over all of it; None if it does not say."""
    peaks: Sequence[MeterPeak] = ()
    """Of finished months and of the running one, oldest first."""


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
    demand: Demand | None = None
    """Of a grid meter that keeps its own peaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The unique ids of the sensors that show a source; None where none does."""

    power: str | None = None
    soc: str | None = None
    to_house: str | None = None
    from_house: str | None = None

    @classmethod
    def of_battery(cls, name: str) -> Self:
        """Return the sensors of a battery; their unique ids begin with `name`."""
        return cls(
            power=f"{name}_battery_power",
            soc=f"{name}_battery_soc",
            to_house=f"{name}_battery_discharged_total",
            from_house=f"{name}_battery_charged_total",
        )

    @classmethod
    def of_meter(cls, name: str) -> Self:
        """Return the sensors of a meter that counts both ways; their unique ids begin with `name`."""
        return cls(
            power=f"{name}_power",
            to_house=f"{name}_import_total",
            from_house=f"{name}_export_total",
        )


class Roof(NamedTuple):
    """What a device knows of the panels behind it; None is unknown."""

    name: str
    peak_w: float | None = None
    """Under standard conditions."""
    limit_w: float | None = None
    """What its inverter gives at most."""


class PortSample(NamedTuple):
    """One DC input: V, A and W there, and the Wh that it gave since midnight."""

    voltage_v: float | None = None
    current_a: float | None = None
    power_w: float | None = None
    energy_wh: float | None = None


class Sample(NamedTuple):
    """One inverter at one moment (UTC): W, Hz, degrees Celsius, V of its phases, its inputs.

    All but the energies are None while it does not answer.
    """

    at: datetime
    power_w: float | None = None
    frequency_hz: float | None = None
    temperature_c: float | None = None
    volts: Sequence[float | None] = ()
    ports: Mapping[int, PortSample] = {}


@dataclass(frozen=True, slots=True)
class Flags:
    """What a maker's platform thinks of a plant; a flag that is on is a problem."""

    offline: bool | None = None
    unstable: bool | None = None
    unmatched: bool | None = None
    inverter_warning: bool | None = None
    grid_warning: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is remembered of one plant: the house heals from it, the export replays from it."""

    source: str
    """As in its readings."""
    zone: tzinfo
    """Where its midnight is."""
    readings: Sequence[Reading] = ()
    """Oldest first."""
    samples: Mapping[str, Sequence[Sample]] = field(default_factory=dict)
    """Of its inverters, by serial number, silent ones too; oldest first."""
    today_wh: Sequence[tuple[datetime, float]] = ()
    """The plant's own word for its energy since midnight, where its inverters say none."""
    flags: Flags = Flags()
    """What holds now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a house did between two moments (UTC): kWh, and money; None is unknown."""

    start: datetime
    end: datetime
    solar_kwh: float | None = None
    import_kwh: float | None = None
    export_kwh: float | None = None
    charged_kwh: float | None = None
    discharged_kwh: float | None = None
    house_kwh: float | None = None
    import_cost: float | None = None
    """Of the energy; what is paid by the month or the year is not in it."""
    export_revenue: float | None = None
    currency: str | None = None
    forecast_kwh: float | None = None
    """What was expected of its panels as the span began."""
