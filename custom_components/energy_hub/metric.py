"""Kinds of metric: what a value is, so that a sensor is one line in its brand's table."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    PERCENTAGE,
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
    UnitOfVolume,
)


class Pace(StrEnum):
    """Groups of values whose states may be written less often than they arrive."""

    ENERGY = "energy"
    ELECTRICAL = "electrical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What sort of value a metric is, in Home Assistant's words."""

    device_class: SensorDeviceClass | None = None
    unit: str | None = None
    shown_unit: str | None = None
    state_class: SensorStateClass | None = None
    precision: int | None = None
    pace: Pace | None = None


POWER = Kind(
    device_class=SensorDeviceClass.POWER,
    unit=UnitOfPower.WATT,
    state_class=SensorStateClass.MEASUREMENT,
    precision=0,
)
DEMAND = Kind(
    device_class=SensorDeviceClass.POWER,
    unit=UnitOfPower.WATT,
    shown_unit=UnitOfPower.KILO_WATT,
    state_class=SensorStateClass.MEASUREMENT,
    precision=3,
)
ENERGY = Kind(
    device_class=SensorDeviceClass.ENERGY,
    unit=UnitOfEnergy.KILO_WATT_HOUR,
    state_class=SensorStateClass.TOTAL_INCREASING,
    precision=3,
    pace=Pace.ENERGY,
)
ENERGY_TODAY = Kind(
    device_class=SensorDeviceClass.ENERGY,
    unit=UnitOfEnergy.KILO_WATT_HOUR,
    state_class=SensorStateClass.TOTAL_INCREASING,
    precision=2,
)
# Without a state class: its statistics are external series, and nothing counts twice.
ENERGY_SO_FAR = Kind(
    device_class=SensorDeviceClass.ENERGY, unit=UnitOfEnergy.KILO_WATT_HOUR, precision=3
)
# Their units hold the currency, so a house completes them.
MONEY = Kind(
    device_class=SensorDeviceClass.MONETARY, state_class=SensorStateClass.TOTAL, precision=2
)
PRICE = Kind(state_class=SensorStateClass.MEASUREMENT, precision=4)
SHARE = Kind(unit=PERCENTAGE, precision=0)
ENERGY_ROLLING = Kind(
    device_class=SensorDeviceClass.ENERGY, unit=UnitOfEnergy.KILO_WATT_HOUR, precision=2
)
SOC = Kind(
    device_class=SensorDeviceClass.BATTERY,
    unit=PERCENTAGE,
    state_class=SensorStateClass.MEASUREMENT,
    precision=0,
)
EFFICIENCY = Kind(unit=PERCENTAGE, state_class=SensorStateClass.MEASUREMENT, precision=1)
TEMPERATURE = Kind(
    device_class=SensorDeviceClass.TEMPERATURE,
    unit=UnitOfTemperature.CELSIUS,
    state_class=SensorStateClass.MEASUREMENT,
    precision=1,
)
FREQUENCY = Kind(
    device_class=SensorDeviceClass.FREQUENCY,
    unit=UnitOfFrequency.HERTZ,
    state_class=SensorStateClass.MEASUREMENT,
    precision=2,
)
CAPACITY = Kind(
    device_class=SensorDeviceClass.ENERGY_STORAGE,
    unit=UnitOfEnergy.KILO_WATT_HOUR,
    precision=1,
)
STORED = Kind(
    device_class=SensorDeviceClass.ENERGY_STORAGE,
    unit=UnitOfEnergy.KILO_WATT_HOUR,
    state_class=SensorStateClass.MEASUREMENT,
    precision=2,
)
SIGNAL = Kind(
    device_class=SensorDeviceClass.SIGNAL_STRENGTH,
    unit=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    state_class=SensorStateClass.MEASUREMENT,
    precision=0,
)
VOLTAGE = Kind(
    device_class=SensorDeviceClass.VOLTAGE,
    unit=UnitOfElectricPotential.VOLT,
    state_class=SensorStateClass.MEASUREMENT,
    precision=1,
    pace=Pace.ELECTRICAL,
)
CURRENT = Kind(
    device_class=SensorDeviceClass.CURRENT,
    unit=UnitOfElectricCurrent.AMPERE,
    state_class=SensorStateClass.MEASUREMENT,
    precision=2,
    pace=Pace.ELECTRICAL,
)
CURRENT_LIMIT = Kind(
    device_class=SensorDeviceClass.CURRENT, unit=UnitOfElectricCurrent.AMPERE, precision=0
)
SHARE_LIMIT = Kind(unit=PERCENTAGE, precision=0)
POWER_LIMIT = Kind(device_class=SensorDeviceClass.POWER, unit=UnitOfPower.WATT, precision=0)
GAS = Kind(
    device_class=SensorDeviceClass.GAS,
    unit=UnitOfVolume.CUBIC_METERS,
    state_class=SensorStateClass.TOTAL_INCREASING,
    precision=3,
)
WATER = Kind(
    device_class=SensorDeviceClass.WATER,
    unit=UnitOfVolume.CUBIC_METERS,
    state_class=SensorStateClass.TOTAL_INCREASING,
    precision=3,
)
HEAT = Kind(
    device_class=SensorDeviceClass.ENERGY,
    unit=UnitOfEnergy.GIGA_JOULE,
    state_class=SensorStateClass.TOTAL_INCREASING,
    precision=3,
)
DURATION = Kind(
    device_class=SensorDeviceClass.DURATION,
    unit=UnitOfTime.SECONDS,
    state_class=SensorStateClass.MEASUREMENT,
    precision=0,
    pace=Pace.ENERGY,
)
COUNT = Kind(state_class=SensorStateClass.MEASUREMENT, precision=0)
TIME = Kind(device_class=SensorDeviceClass.TIMESTAMP)
STATE = Kind(device_class=SensorDeviceClass.ENUM)
TEXT = Kind()


@dataclass(frozen=True, slots=True)
class Metric[ViewT]:
    """One sensor: its key, its kind and where its value stands in what the device said.

    `value` returns None for unknown. The entity appears when a value is first seen, or
    at once with `always`; `options` are the states of an enumeration.
    """

    key: str
    kind: Kind
    value: Callable[[ViewT], str | float | datetime | None]
    _: KW_ONLY
    enabled: bool = True
    diagnostic: bool = False
    always: bool = False
    options: tuple[str, ...] | None = None
    name: str | None = None
    """Translation key where several metrics share a name; `placeholders` tell them apart."""
    placeholders: Mapping[str, str] | None = None
    attributes: Callable[[ViewT], Mapping[str, Any]] | None = None
    last_reset: Callable[[ViewT], datetime | None] | None = None
    """When a total began again; only for kinds with the state class total."""


@dataclass(frozen=True, slots=True)
class BinaryMetric[ViewT]:
    """One binary sensor; `value` returns None for unknown."""

    key: str
    value: Callable[[ViewT], bool | None]
    _: KW_ONLY
    device_class: BinarySensorDeviceClass | None = None
    enabled: bool = True
    diagnostic: bool = False
    always: bool = False
    name: str | None = None
    placeholders: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class NumberMetric[ViewT]:
    """A number that the user can set; `value`, `low` and `high` are read from the view.

    `write` takes the coordinator and the value, returns when the device has confirmed it,
    and raises ServiceValidationError or DeviceError.
    """

    key: str
    kind: Kind
    value: Callable[[ViewT], float | None]
    low: Callable[[ViewT], float]
    high: Callable[[ViewT], float]
    write: Callable[[Any, float], Awaitable[None]]
    _: KW_ONLY
    step: float = 1
    enabled: bool = True
    always: bool = False
    name: str | None = None
    placeholders: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SelectMetric[ViewT]:
    """A choice that the user can make; `write` as for a number."""

    key: str
    value: Callable[[ViewT], str | None]
    options: tuple[str, ...]
    write: Callable[[Any, str], Awaitable[None]]
    _: KW_ONLY
    enabled: bool = True
    always: bool = False
    name: str | None = None
    placeholders: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SwitchMetric[ViewT]:
    """Something that the user can switch; `write` as for a number."""

    key: str
    value: Callable[[ViewT], bool | None]
    write: Callable[[Any, bool], Awaitable[None]]
    _: KW_ONLY
    enabled: bool = True
    always: bool = False
    name: str | None = None
    placeholders: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEvent:
    """One event of a calendar."""

    start: datetime
    end: datetime
    word: str | None
    """What happens, as a state that is translated; None for what nobody has described."""
    details: Sequence[str]
    """Figures that need no translation."""
    id: str


@dataclass(frozen=True, slots=True)
class CalendarMetric[ViewT]:
    """A plan that a device follows, read-only; its events are in the order of their start."""

    key: str
    value: Callable[[ViewT], Sequence[PlanEvent]]
    _: KW_ONLY
    word_key: str
    """Translation key of the sensor whose states the words of the events are."""
    enabled: bool = True
    diagnostic: bool = False
    always: bool = True
    name: str | None = None
    placeholders: Mapping[str, str] | None = None


type Setting = NumberMetric[Any] | SelectMetric[Any] | SwitchMetric[Any]
type AnyMetric = Metric[Any] | BinaryMetric[Any] | CalendarMetric[Any] | Setting
