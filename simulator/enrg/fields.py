"""Which keys a message has, and what is wrong with one.

Source: the client that the platform has known so far, and the messages it sent.
"""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
import re
from typing import Any, Final

INVERTERS: Final = "INFORMATION_MICRO_INVERTERS"
FLAGS: Final = ("OFFLINE", "UNSTABLE", "UMATCHED", "MICROINVERT_WARN", "GRID_WARN")
STATE_KEYS: Final = frozenset({*FLAGS, "LAST_AT"})
PLANT_KEYS: Final = frozenset({"GENERATION", "ID_PLANT", "DATE_GENERATION", "STATE_OPERATION"})
BASE_KEYS: Final = frozenset({"DATE", "ID_DEVICE", "TYPE_DEVICE"})
DEVICE_KEYS: Final = BASE_KEYS | {
    "TEMPERATURE_INVERTER",
    *(f"{what}_{port}_DC" for what in ("VOLTAGE", "CURRENT") for port in range(1, 9)),
    *(f"{what}_{phase}_AC" for what in ("VOLTAGE", "CURRENT") for phase in range(1, 4)),
    "GRID_FREQUENCY",
    "TYPE_INVERTER",
    "POWER_SNAPSHOT",
    "APPARENT_POWER",
    "REACTIVE_POWER",
    "POWER_FACTOR",
    "IRRADIANCE",
    "TEMPERATURE_PANEL",
    "TEMPERATURE_ENVIRONMENT",
    "TEMPERATURE_PCB",
    "HEATSINK_TEMPERATURE",
    "WIND_SPEED",
    "WIND_DIRECTION",
    "HUMIDITY",
    *(f"F{number}" for number in range(1, 5)),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How the messages of one kind of device look."""

    devices: str
    """The key of its list."""
    keys: AbstractSet[str]
    """Of a device."""
    texts: AbstractSet[str] = frozenset()
    """Those of them that are no numbers."""
    single: bool = False
    """Whether there is one object in place of a list."""

    def devices_in(self, plant: Mapping[str, Any]) -> list[Any]:
        """Return what stands in a plant object, right or wrong."""
        found = plant.get(self.devices)
        if self.single:
            return [] if found is None else [found]
        return found if isinstance(found, list) else []


MICRO_INVERTER: Final = "micro-inverter"
_ELECTRICAL: Final = BASE_KEYS | {
    *(f"{what}_{phase}_AC" for what in ("VOLTAGE", "CURRENT") for phase in range(1, 4)),
    *("GRID_FREQUENCY", "POWER_SNAPSHOT", "APPARENT_POWER", "REACTIVE_POWER", "POWER_FACTOR"),
    *(f"TEMPERATURE_{what}" for what in ("INVERTER", "PANEL", "ENVIRONMENT", "PCB")),
    "HEATSINK_TEMPERATURE",
}
SHAPES: Final[Mapping[str, Shape]] = {
    MICRO_INVERTER: Shape(INVERTERS, DEVICE_KEYS),
    "inverter": Shape(
        "INFORMATION_INVERTERS",
        _ELECTRICAL
        | {"POWER_DC", "EFFICIENCY", "ENERGY_TODAY", "ENERGY_TOTAL", "STATUS_CODE"}
        | {f"{what}_{port}_DC" for what in ("VOLTAGE", "CURRENT") for port in range(1, 25)},
    ),
    "meter": Shape(
        "INFORMATION_METERS",
        _ELECTRICAL
        | {f"{what}_{way}" for what in ("POWER", "ENERGY") for way in ("IMPORT", "EXPORT")}
        | {f"ENERGY_{way}_{rate}" for way in ("IMPORT", "EXPORT") for rate in ("T1", "T2")}
        | {"TARIFF", "PEAK_MONTH", "PEAK_MONTH_AT", "GAS", "WATER", "ROLE"},
        {"PEAK_MONTH_AT", "ROLE"},
    ),
    "battery": Shape(
        "INFORMATION_BATTERIES",
        _ELECTRICAL
        | {"SOC", "SOH", "ENERGY_CHARGED", "ENERGY_DISCHARGED", "CAPACITY", "CYCLES", "MODE"}
        | {"TEMPERATURE_CELL_MIN", "TEMPERATURE_CELL_MAX"},
        {"MODE"},
    ),
    "house": Shape(
        "INFORMATION_HOUSE",
        _ELECTRICAL
        | {"PV", "IMPORT", "EXPORT", "CHARGE", "DISCHARGE", "CONSUMPTION", "SELF_CONSUMPTION"}
        | {"COST", "REVENUE", "PROFIT", "CURRENCY", "FORECAST_PV"},
        {"CURRENCY"},
        single=True,
    ),
}
"""What the platform takes; all but the first are a proposal."""
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


class ComplaintError(Exception):
    """What is wrong with a message, in the words of the answer."""


def check(body: object, shape: Shape, *, all_keys: bool, new_keys: bool, nulls: bool) -> None:
    """Raise ComplaintError for the first thing that is wrong with a plant object."""
    plant, known = _object(body, "the body"), PLANT_KEYS | {shape.devices}
    _keys(plant, known, known, new=new_keys)
    if not _is_whole(plant["ID_PLANT"]):
        raise ComplaintError("ID_PLANT must be an integer")
    _number(plant, "GENERATION", nulls=nulls)
    _time(plant, "DATE_GENERATION")
    _check_state(_object(plant["STATE_OPERATION"], "STATE_OPERATION"), new_keys, nulls)
    if not shape.single and not isinstance(plant[shape.devices], list):
        raise ComplaintError(f"{shape.devices} must be a list")
    for one in shape.devices_in(plant):
        device = _object(one, "a device")
        _keys(device, shape.keys if all_keys else BASE_KEYS, shape.keys, new=new_keys)
        _check_device(device, shape, nulls)


def _check_state(state: Mapping[str, Any], new_keys: bool, nulls: bool) -> None:
    _keys(state, STATE_KEYS, STATE_KEYS, new=new_keys)
    _time(state, "LAST_AT")
    for name in FLAGS:
        if state[name] is None and not nulls:
            raise ComplaintError(f"{name} must not be null")
        if state[name] is not None and not isinstance(state[name], bool):
            raise ComplaintError(f"{name} must be a boolean")


def _check_device(device: Mapping[str, Any], shape: Shape, nulls: bool) -> None:
    serial = device["ID_DEVICE"]
    if not isinstance(serial, str) or not 1 <= len(serial) <= 32:
        raise ComplaintError("ID_DEVICE must be a text of 1 to 32 characters")
    _time(device, "DATE")
    for name in (shape.keys & device.keys()) - {"DATE", "ID_DEVICE"}:
        if name not in shape.texts:
            _number(device, name, nulls=nulls)
        elif device[name] is not None and not isinstance(device[name], str):
            raise ComplaintError(f"{name} must be a text")


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ComplaintError(f"{name} must be an object")
    return value


def _keys(
    given: Mapping[str, Any], needed: AbstractSet[str], known: AbstractSet[str], *, new: bool
) -> None:
    if missing := sorted(needed - given.keys()):
        raise ComplaintError(f"missing: {', '.join(missing)}")
    if not new and (unknown := sorted(given.keys() - known)):
        raise ComplaintError(f"unknown: {', '.join(unknown)}")


def _number(given: Mapping[str, Any], name: str, *, nulls: bool) -> None:
    value = given[name]
    if value is None and not nulls:
        raise ComplaintError(f"{name} must not be null")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ComplaintError(f"{name} must be a number")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _time(given: Mapping[str, Any], name: str) -> None:
    if not isinstance(given[name], str) or not _is_time(given[name]):
        raise ComplaintError(f"{name} must be a time like 2026-06-17 12:00:00")


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return _TIME.fullmatch(text) is not None
