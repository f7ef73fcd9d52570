"""The sensors of a Homevolt, one line each."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass

from ...command import Mode
from ...metric import (
    CAPACITY,
    CURRENT,
    ENERGY,
    FREQUENCY,
    POWER,
    POWER_LIMIT,
    SIGNAL,
    SOC,
    STATE,
    STORED,
    TEMPERATURE,
    TIME,
    VOLTAGE,
    AnyMetric,
    BinaryMetric,
    CalendarMetric,
    Metric,
)
from .events import events
from .homevolt import Clamp, Homevolt, Planned, Unit
from .plan import TYPE_SLUGS
from .report import CHECK_STATES, Report, Status
from .settings import SETTINGS

_ALARMS: Final = ("none", "warning", "alarm")


def _kwh(value: float | None) -> float | None:
    return None if value is None else value / 1000


def _alarm(h: Homevolt) -> str:
    """Return the worst that the ECUs say of themselves."""
    if h.cluster.alarms:
        return "alarm"
    return "warning" if h.cluster.warnings else "none"


def _said(h: Homevolt) -> Mapping[str, Any]:
    return {"alarms": list(h.cluster.alarms), "warnings": list(h.cluster.warnings)}


def _mode(p: Planned) -> Mode | None:
    return None if p.now is None else p.now.mode


def _mode_details(p: Planned) -> Mapping[str, Any]:
    entry = p.now
    return {
        "power": None if entry is None else entry.power_w,
        "min_soc": None if entry is None else entry.min_soc,
        "max_soc": None if entry is None else entry.max_soc,
        "set_by": "local" if p.plan.manual else "partner",
    }


def _checks(r: Report) -> Mapping[str, Any]:
    return {"checks": [asdict(one) for one in r.checks]}


BATTERY_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Homevolt]("battery_power", POWER, lambda h: h.cluster.power_w),
    Metric[Homevolt]("battery_soc", SOC, lambda h: h.cluster.soc_percent),
    Metric[Homevolt]("battery_charged_total", ENERGY, lambda h: h.cluster.charged_kwh),
    Metric[Homevolt]("battery_discharged_total", ENERGY, lambda h: h.cluster.discharged_kwh),
    Metric[Homevolt]("capacity", CAPACITY, lambda h: _kwh(h.cluster.capacity_wh), diagnostic=True),
    Metric[Homevolt]("energy_stored", STORED, lambda h: _kwh(h.cluster.stored_wh)),
    Metric[Homevolt]("charge_available", POWER_LIMIT, lambda h: h.cluster.charge_w, enabled=False),
    Metric[Homevolt](
        "discharge_available", POWER_LIMIT, lambda h: h.cluster.discharge_w, enabled=False
    ),
    Metric[Homevolt](
        "temperature",
        TEMPERATURE,
        lambda h: None if h.cluster.leader is None else h.cluster.leader.temperature_c,
        diagnostic=True,
    ),
    Metric[Homevolt](
        "frequency",
        FREQUENCY,
        lambda h: None if h.cluster.leader is None else h.cluster.leader.frequency_hz,
        enabled=False,
    ),
    Metric[Homevolt]("voltage_l1", VOLTAGE, lambda h: h.cluster.volts(0), enabled=False),
    Metric[Homevolt]("voltage_l2", VOLTAGE, lambda h: h.cluster.volts(1), enabled=False),
    Metric[Homevolt]("voltage_l3", VOLTAGE, lambda h: h.cluster.volts(2), enabled=False),
    Metric[Homevolt]("current_l1", CURRENT, lambda h: h.cluster.amps(0), enabled=False),
    Metric[Homevolt]("current_l2", CURRENT, lambda h: h.cluster.amps(1), enabled=False),
    Metric[Homevolt]("current_l3", CURRENT, lambda h: h.cluster.amps(2), enabled=False),
    Metric[Homevolt](
        "alarm",
        STATE,
        _alarm,
        options=_ALARMS,
        diagnostic=True,
        attributes=_said,
        name="battery_alarm",
    ),
    BinaryMetric[Homevolt]("follows_plan", lambda h: h.follows_plan, diagnostic=True, always=True),
)

PLAN_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Planned](
        "mode", STATE, _mode, options=TYPE_SLUGS, always=True, attributes=_mode_details
    ),
    Metric[Planned]("mode_until", TIME, lambda p: None if p.now is None else p.now.end),
    CalendarMetric[Planned]("plan", events, word_key="mode"),
    *SETTINGS,
)

STATUS_METRICS: Final[tuple[AnyMetric, ...]] = (
    BinaryMetric[Status](
        "cloud",
        lambda s: s.cloud,
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        diagnostic=True,
        enabled=False,
    ),
    Metric[Status]("wifi_signal", SIGNAL, lambda s: s.wifi_dbm, diagnostic=True, enabled=False),
)

REPORT_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Report](
        "self_check",
        STATE,
        lambda r: r.state,
        options=CHECK_STATES,
        diagnostic=True,
        attributes=_checks,
    ),
)

UNIT_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Unit]("battery_power", POWER, lambda u: u.values.power_w),
    Metric[Unit]("battery_soc", SOC, lambda u: u.values.soc_percent),
    Metric[Unit]("battery_charged_total", ENERGY, lambda u: u.totals.into),
    Metric[Unit]("battery_discharged_total", ENERGY, lambda u: u.totals.out_of),
    Metric[Unit]("temperature", TEMPERATURE, lambda u: u.values.temperature_c, diagnostic=True),
)

_CLAMP_POWER: Final = Metric[Clamp]("power", POWER, lambda c: c.values.power_w, name="clamp_power")
_OWN: Final[tuple[AnyMetric, ...]] = (
    Metric[Clamp](
        "battery_voltage", VOLTAGE, lambda c: c.battery_v, diagnostic=True, name="clamp_battery"
    ),
    Metric[Clamp]("signal", SIGNAL, lambda c: c.values.rssi_dbm, diagnostic=True, enabled=False),
)

CLAMP_METRICS: Final[Mapping[str, tuple[AnyMetric, ...]]] = {
    "grid": (
        _CLAMP_POWER,
        Metric[Clamp]("import_total", ENERGY, lambda c: c.totals.into),
        Metric[Clamp]("export_total", ENERGY, lambda c: c.totals.out_of),
        *_OWN,
    ),
    "solar": (
        _CLAMP_POWER,
        Metric[Clamp]("import_total", ENERGY, lambda c: c.totals.into, name="production_total"),
        Metric[Clamp](
            "export_total",
            ENERGY,
            lambda c: c.totals.out_of,
            name="night_consumption_total",
            enabled=False,
        ),
        *_OWN,
    ),
    "load": (
        _CLAMP_POWER,
        Metric[Clamp]("import_total", ENERGY, lambda c: c.totals.into, name="consumption_total"),
        Metric[Clamp](
            "export_total",
            ENERGY,
            lambda c: c.totals.out_of,
            name="load_return_total",
            enabled=False,
        ),
    ),
}
"""The sensors of a clamp by what it measures; the load is calculated."""
