"""The sensors of a Fluvius meter and of the meters behind it, one line each."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass

from ...metric import (
    CURRENT,
    CURRENT_LIMIT,
    DEMAND,
    DURATION,
    ENERGY,
    GAS,
    HEAT,
    POWER,
    POWER_LIMIT,
    STATE,
    TEXT,
    TIME,
    VOLTAGE,
    WATER,
    AnyMetric,
    BinaryMetric,
    Metric,
)
from .meter import Meter
from .read import MbusMeter

_TARIFFS: Final = {1: "day", 2: "night"}
_GRIDS: Final = {"400": "star_400", "230": "delta_230"}
_SWITCH: Final = ("disconnected", "connected", "ready")
# The longest state that Home Assistant keeps; a message may have 1024 characters.
_LONGEST_STATE: Final = 255


def _months(meter: Meter) -> Mapping[str, Any]:
    """Return the peaks of the finished months in kW, oldest first."""
    return {"history": meter.details.months}


METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Meter]("grid_power", POWER, lambda m: m.net_w()),
    Metric[Meter]("import_power", POWER, lambda m: m.mean_w["import_w"]),
    Metric[Meter]("export_power", POWER, lambda m: m.mean_w["export_w"]),
    Metric[Meter]("power_l1", POWER, lambda m: m.net_w("_l1"), enabled=False),
    Metric[Meter]("power_l2", POWER, lambda m: m.net_w("_l2"), enabled=False),
    Metric[Meter]("power_l3", POWER, lambda m: m.net_w("_l3"), enabled=False),
    Metric[Meter]("import_day", ENERGY, lambda m: m.counters["import_day"]),
    Metric[Meter]("import_night", ENERGY, lambda m: m.counters["import_night"]),
    Metric[Meter]("export_day", ENERGY, lambda m: m.counters["export_day"]),
    Metric[Meter]("export_night", ENERGY, lambda m: m.counters["export_night"]),
    Metric[Meter]("import_total", ENERGY, lambda m: m.total("import")),
    Metric[Meter]("export_total", ENERGY, lambda m: m.total("export")),
    Metric[Meter](
        "tariff", STATE, lambda m: _TARIFFS.get(m.live.tariff or 0), options=("day", "night")
    ),
    Metric[Meter]("quarter_power", DEMAND, lambda m: m.quarter.so_far_w),
    Metric[Meter]("quarter_projection", DEMAND, lambda m: m.quarter.projected_w),
    Metric[Meter](
        "month_peak",
        DEMAND,
        lambda m: m.peak_w,
        attributes=_months,
    ),
    Metric[Meter]("month_peak_time", TIME, lambda m: m.peak_at),
    Metric[Meter]("voltage_l1", VOLTAGE, lambda m: m.live.voltage_l1, enabled=False),
    Metric[Meter]("voltage_l2", VOLTAGE, lambda m: m.live.voltage_l2, enabled=False),
    Metric[Meter]("voltage_l3", VOLTAGE, lambda m: m.live.voltage_l3, enabled=False),
    Metric[Meter]("current_l1", CURRENT, lambda m: m.live.current_l1, enabled=False),
    Metric[Meter]("current_l2", CURRENT, lambda m: m.live.current_l2, enabled=False),
    Metric[Meter]("current_l3", CURRENT, lambda m: m.live.current_l3, enabled=False),
    Metric[Meter]("breaker", STATE, lambda m: m.details.breaker, options=_SWITCH, diagnostic=True),
    Metric[Meter](
        "limiter",
        POWER_LIMIT,
        lambda m: m.details.limiter_w,
        enabled=False,
        diagnostic=True,
        always=True,
    ),
    Metric[Meter](
        "fuse",
        CURRENT_LIMIT,
        lambda m: m.details.fuse_a,
        enabled=False,
        diagnostic=True,
        always=True,
    ),
    Metric[Meter](
        "grid_type",
        STATE,
        lambda m: _GRIDS.get(m.details.grid_type or ""),
        options=tuple(_GRIDS.values()),
        enabled=False,
        diagnostic=True,
    ),
    Metric[Meter](
        "message",
        TEXT,
        lambda m: (m.details.message or "")[:_LONGEST_STATE] or None,
        diagnostic=True,
    ),
    Metric[Meter](
        "message_code", TEXT, lambda m: m.details.message_code, enabled=False, diagnostic=True
    ),
    Metric[Meter]("ean", TEXT, lambda m: m.details.ean, enabled=False, diagnostic=True),
    Metric[Meter](
        "clock_offset", DURATION, lambda m: m.clock_offset_s, enabled=False, diagnostic=True
    ),
    BinaryMetric[Meter](
        "counter_problem",
        lambda m: m.held,
        device_class=BinarySensorDeviceClass.PROBLEM,
        diagnostic=True,
    ),
    BinaryMetric[Meter]("relay_1", lambda m: m.details.relays[0], enabled=False, diagnostic=True),
    BinaryMetric[Meter]("relay_2", lambda m: m.details.relays[1], enabled=False, diagnostic=True),
    BinaryMetric[Meter]("relay_3", lambda m: m.details.relays[2], enabled=False, diagnostic=True),
    BinaryMetric[Meter]("relay_4", lambda m: m.details.relays[3], enabled=False, diagnostic=True),
)

_READ_AT: Final = Metric[MbusMeter](
    "last_reading", TIME, lambda m: m.at, enabled=False, diagnostic=True
)

MBUS_METRICS: Final[Mapping[str, tuple[AnyMetric, ...]]] = {
    "gas": (
        Metric[MbusMeter]("gas", GAS, lambda m: m.value, always=True),
        Metric[MbusMeter]("valve", STATE, lambda m: m.valve, options=_SWITCH, diagnostic=True),
        _READ_AT,
    ),
    "water": (Metric[MbusMeter]("water", WATER, lambda m: m.value, always=True), _READ_AT),
    "heat": (Metric[MbusMeter]("heat", HEAT, lambda m: m.value, always=True), _READ_AT),
}
