"""What devices other than micro-inverters say beside their readings: keys of sensors and of messages.

The keys of sensors are those of docs/contract.md.
"""

from collections.abc import Iterator, Mapping
import math
from typing import Any, Final, NamedTuple

from ..reading import Flow
from .fields import AMPERES, CELSIUS, HERTZ, PHASES, VOLTS, WATTS, Range, possible

PERCENT: Final = Range(0, 100)
COUNTED_WH: Final = Range(0, math.inf)
_STRINGS: Final = range(1, 25)
_RATES: Final = {"T1": "day", "T2": "night"}
_WH_PER_KWH: Final = 1000


class Field(NamedTuple):
    """A number in a message: which sensor says it, what can be true, and its unit there."""

    name: str
    sensor: str
    limits: Range
    factor: float = 1


def _electrical() -> Iterator[Field]:
    for phase in PHASES:
        yield Field(f"VOLTAGE_{phase}_AC", f"voltage_l{phase}", VOLTS)
        yield Field(f"CURRENT_{phase}_AC", f"current_l{phase}", AMPERES)
    yield Field("GRID_FREQUENCY", "frequency", HERTZ)


def _inverter() -> Iterator[Field]:
    yield Field("TEMPERATURE_INVERTER", "temperature", CELSIUS)
    yield Field("EFFICIENCY", "efficiency", PERCENT)
    yield Field("ENERGY_TODAY", "energy_today", COUNTED_WH, _WH_PER_KWH)
    yield Field("POWER_DC", "pv_power", WATTS)
    for string in _STRINGS:
        yield Field(f"VOLTAGE_{string}_DC", f"pv{string}_voltage", VOLTS)
        yield Field(f"CURRENT_{string}_DC", f"pv{string}_current", AMPERES)


def _meter() -> Iterator[Field]:
    for way in ("IMPORT", "EXPORT"):
        for rate, word in _RATES.items():
            sensor = f"{way.lower()}_{word}"
            yield Field(f"ENERGY_{way}_{rate}", sensor, COUNTED_WH, _WH_PER_KWH)


FIELDS: Final[Mapping[Flow, tuple[Field, ...]]] = {
    Flow.SOLAR: (*_electrical(), *_inverter()),
    Flow.GRID: (*_electrical(), *_meter()),
    Flow.BATTERY: (*_electrical(), Field("CAPACITY", "capacity", COUNTED_WH, _WH_PER_KWH)),
    Flow.LOAD: (),
}
MODE: Final = "mode"
_TARIFF: Final = "tariff"
_TARIFFS: Final = {"day": 1.0, "night": 2.0}
SENSORS: Final = frozenset(one.sensor for of_flow in FIELDS.values() for one in of_flow) | {
    MODE,
    _TARIFF,
}
"""The sensors that are looked at."""


def measured(flow: Flow, told: Mapping[str, Any]) -> dict[str, float | None]:
    """Return what the sensors of a device say in the keys of its message; null where impossible."""
    found = {
        field.name: possible(value * field.factor, field.limits)
        for field in FIELDS[flow]
        if isinstance(value := told.get(field.sensor), int | float)
    }
    if flow is Flow.GRID and (tariff := _TARIFFS.get(told.get(_TARIFF, ""))) is not None:
        found["TARIFF"] = tariff
    return found
