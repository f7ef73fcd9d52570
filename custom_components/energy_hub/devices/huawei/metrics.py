"""The sensors of an inverter, its meter and its batteries, one line each."""

from collections.abc import Mapping
from typing import Any, Final

from ...coordinator import Part
from ...metric import (
    CAPACITY,
    CURRENT,
    EFFICIENCY,
    ENERGY,
    ENERGY_TODAY,
    FREQUENCY,
    POWER,
    SOC,
    STATE,
    TEMPERATURE,
    VOLTAGE,
    AnyMetric,
    BinaryMetric,
    Metric,
)
from .info import inverter_info, part_info, unit_info
from .inverter import Values
from .probe import Identity
from .readings import negative
from .settings import BATTERY_SETTINGS, FORCED_SETTINGS, export_settings
from .words import (
    ALARM_OPTIONS,
    BATTERY_MODES,
    BATTERY_STATUS,
    NO_ALARM,
    STATUS,
    alarms,
    word,
)


def _alarms(v: Values) -> list[str] | None:
    return alarms(v.get("alarm_1"), v.get("alarm_2"), v.get("alarm_3"))


def _alarm(v: Values) -> str | None:
    """Return the first alarm that is on."""
    on = _alarms(v)
    return None if on is None else next(iter(on), NO_ALARM)


def _all_alarms(v: Values) -> Mapping[str, Any]:
    return {"alarms": _alarms(v) or []}


def _kwh(value: float | None) -> float | None:
    return None if value is None else value / 1000


def limited(v: Values) -> bool | None:
    """Return whether the inverter gives less than the sun would, by order or by itself."""
    state = v.get("state_1")
    return None if state is None else bool(int(state) & _DERATED)


# State 1: derated by dispatch, derated internally.
_DERATED: Final = 1 << 3 | 1 << 4
_STATUSES: Final = tuple(dict.fromkeys(STATUS.values()))
_BATTERY_STATUSES: Final = tuple(BATTERY_STATUS.values())
_BATTERY_MODES: Final = tuple(dict.fromkeys(BATTERY_MODES.values()))

INVERTER_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Values]("ac_power", POWER, lambda v: v.get("ac_w")),
    Metric[Values]("pv_power", POWER, lambda v: v.get("pv_w")),
    Metric[Values]("energy_today", ENERGY_TODAY, lambda v: v.get("yield_today_kwh")),
    Metric[Values]("energy_total", ENERGY, lambda v: v.get("yield_kwh")),
    Metric[Values]("pv_energy_total", ENERGY, lambda v: v.get("dc_kwh")),
    Metric[Values]("status", STATE, lambda v: word(STATUS, v.get("status")), options=_STATUSES),
    Metric[Values]("temperature", TEMPERATURE, lambda v: v.get("temperature_c"), diagnostic=True),
    Metric[Values]("efficiency", EFFICIENCY, lambda v: v.get("efficiency_percent"), enabled=False),
    Metric[Values]("frequency", FREQUENCY, lambda v: v.get("frequency_hz"), enabled=False),
    Metric[Values]("voltage_l1", VOLTAGE, lambda v: v.get("voltage_l1"), enabled=False),
    Metric[Values]("voltage_l2", VOLTAGE, lambda v: v.get("voltage_l2"), enabled=False),
    Metric[Values]("voltage_l3", VOLTAGE, lambda v: v.get("voltage_l3"), enabled=False),
    Metric[Values]("current_l1", CURRENT, lambda v: v.get("current_l1"), enabled=False),
    Metric[Values]("current_l2", CURRENT, lambda v: v.get("current_l2"), enabled=False),
    Metric[Values]("current_l3", CURRENT, lambda v: v.get("current_l3"), enabled=False),
)

ALARM_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Values](
        "alarm", STATE, _alarm, options=ALARM_OPTIONS, diagnostic=True, attributes=_all_alarms
    ),
    BinaryMetric[Values]("power_limited", limited, diagnostic=True),
)

METER_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Values]("meter_power", POWER, lambda v: negative(v.get("meter_export_w"))),
    Metric[Values]("meter_import_total", ENERGY, lambda v: v.get("meter_import_kwh")),
    Metric[Values]("meter_export_total", ENERGY, lambda v: v.get("meter_export_kwh")),
    Metric[Values]("meter_voltage_l1", VOLTAGE, lambda v: v.get("meter_voltage_l1"), enabled=False),
    Metric[Values]("meter_voltage_l2", VOLTAGE, lambda v: v.get("meter_voltage_l2"), enabled=False),
    Metric[Values]("meter_voltage_l3", VOLTAGE, lambda v: v.get("meter_voltage_l3"), enabled=False),
)

BATTERY_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Values]("battery_power", POWER, lambda v: negative(v.get("charge_w"))),
    Metric[Values]("battery_soc", SOC, lambda v: v.get("soc_percent")),
    Metric[Values]("battery_charged_total", ENERGY, lambda v: v.get("charged_kwh")),
    Metric[Values]("battery_discharged_total", ENERGY, lambda v: v.get("discharged_kwh")),
    Metric[Values](
        "battery_status",
        STATE,
        lambda v: word(BATTERY_STATUS, v.get("battery_status")),
        options=_BATTERY_STATUSES,
    ),
    Metric[Values](
        "battery_capacity", CAPACITY, lambda v: _kwh(v.get("capacity_wh")), diagnostic=True
    ),
)

# What is asked of the first unit and holds for all of them.
MODE_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Values](
        "battery_mode",
        STATE,
        lambda v: word(BATTERY_MODES, v.get("working_mode")),
        options=_BATTERY_MODES,
    ),
)
TEMPERATURE_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Values](
        "battery_temperature",
        TEMPERATURE,
        lambda v: v.get("unit1_temperature_c"),
        name="temperature",
        diagnostic=True,
    ),
)


def _unit_metrics(number: int) -> tuple[AnyMetric, ...]:
    """Return what one of two battery units says of itself."""
    unit = f"unit{number}"
    return (
        Metric[Values](
            f"{unit}_power",
            POWER,
            lambda v: negative(v.get(f"{unit}_charge_w")),
            name="battery_power",
        ),
        Metric[Values](
            f"{unit}_soc", SOC, lambda v: v.get(f"{unit}_soc_percent"), name="battery_soc"
        ),
        Metric[Values](
            f"{unit}_charged_total",
            ENERGY,
            lambda v: v.get(f"{unit}_charged_kwh"),
            name="battery_charged_total",
        ),
        Metric[Values](
            f"{unit}_discharged_total",
            ENERGY,
            lambda v: v.get(f"{unit}_discharged_kwh"),
            name="battery_discharged_total",
        ),
        Metric[Values](
            f"{unit}_status",
            STATE,
            lambda v: word(BATTERY_STATUS, v.get(f"{unit}_status")),
            options=_BATTERY_STATUSES,
            name="battery_status",
        ),
        Metric[Values](
            f"{unit}_temperature",
            TEMPERATURE,
            lambda v: v.get(f"{unit}_temperature_c"),
            name="temperature",
            diagnostic=True,
        ),
    )


def _string_metrics(number: int) -> tuple[AnyMetric, ...]:
    """Return voltage and current of a PV string."""
    placeholders = {"number": str(number)}
    return (
        Metric[Values](
            f"pv{number}_voltage",
            VOLTAGE,
            lambda v: v.get(f"pv{number}_voltage"),
            name="pv_voltage",
            placeholders=placeholders,
        ),
        Metric[Values](
            f"pv{number}_current",
            CURRENT,
            lambda v: v.get(f"pv{number}_current"),
            name="pv_current",
            placeholders=placeholders,
        ),
    )


def parts_of(identity: Identity) -> tuple[Part, ...]:
    """Return the device pages of an inverter; its own comes first.

    A page may appear more than once: each time with the metrics of another block, which
    becomes unavailable by itself.
    """
    serial, info = identity.serial, inverter_info(identity)
    strings = tuple(
        metric for number in range(1, identity.strings + 1) for metric in _string_metrics(number)
    )
    parts = [
        Part(serial, info, INVERTER_METRICS, child="inverter"),
        Part(serial, info, (*strings, *ALARM_METRICS), child="strings"),
    ]
    if identity.meter:
        parts.append(Part(serial, part_info(identity, "meter"), METER_METRICS, child="meter"))
    parts.append(Part(serial, info, export_settings(identity), child="export"))
    if identity.battery_units:
        parts += _battery_parts(identity)
    return tuple(parts)


def _battery_parts(identity: Identity) -> list[Part]:
    """Return the page of the battery, and those of its units where there are two."""
    serial, page = identity.serial, part_info(identity, "battery")
    parts = [
        Part(serial, page, BATTERY_METRICS, child="battery"),
        Part(serial, page, MODE_METRICS, child="unit1"),
        Part(serial, page, BATTERY_SETTINGS, child="settings"),
        Part(serial, page, FORCED_SETTINGS, child="forced"),
    ]
    if identity.battery_units == 1:
        return [*parts, Part(serial, page, TEMPERATURE_METRICS, child="unit1")]
    return [
        *parts,
        Part(serial, unit_info(identity, 1), _unit_metrics(1), child="unit1"),
        # The second unit answers in the same block as both together.
        Part(serial, unit_info(identity, 2), _unit_metrics(2), child="battery"),
    ]
