"""The sensors of an account, a plant, an inverter and a port, one line each."""

from dataclasses import replace
from typing import Final

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass

from ...coordinator import Part
from ...metric import (
    COUNT,
    CURRENT,
    ENERGY,
    ENERGY_TODAY,
    FREQUENCY,
    POWER,
    TEMPERATURE,
    TIME,
    VOLTAGE,
    AnyMetric,
    BinaryMetric,
    Metric,
)
from .info import inverter_info, plant_info, port_info
from .model import Inverter, Plant
from .views import CloudView, InverterView, PlantView, PortView

_PROBLEM: Final = BinarySensorDeviceClass.PROBLEM

KEY_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[CloudView]("calls_left", COUNT, lambda v: v.calls_left, diagnostic=True, always=True),
)

PLANT_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[PlantView]("power", POWER, lambda v: v.power_w, always=True),
    Metric[PlantView]("energy_today", ENERGY_TODAY, lambda v: v.today_kwh, always=True),
    Metric[PlantView]("energy_month", ENERGY_TODAY, lambda v: v.month_kwh),
    Metric[PlantView]("energy_year", ENERGY_TODAY, lambda v: v.year_kwh),
    Metric[PlantView]("energy_total", ENERGY, lambda v: v.total_kwh, always=True),
    Metric[PlantView]("last_data", TIME, lambda v: v.last_data, diagnostic=True, always=True),
    BinaryMetric[PlantView](
        "offline", lambda v: v.flags.offline, device_class=_PROBLEM, always=True
    ),
    BinaryMetric[PlantView](
        "unstable", lambda v: v.flags.unstable, device_class=_PROBLEM, always=True
    ),
    BinaryMetric[PlantView](
        "unmatched", lambda v: v.flags.unmatched, device_class=_PROBLEM, always=True
    ),
    BinaryMetric[PlantView](
        "inverter_warning", lambda v: v.flags.inverter_warning, device_class=_PROBLEM, always=True
    ),
    BinaryMetric[PlantView](
        "grid_warning", lambda v: v.flags.grid_warning, device_class=_PROBLEM, always=True
    ),
)

INVERTER_METRICS: Final[tuple[Metric[InverterView], ...]] = (
    Metric[InverterView]("power", POWER, lambda v: v.power_w, always=True),
    Metric[InverterView](
        "temperature", TEMPERATURE, lambda v: v.temperature_c, diagnostic=True, always=True
    ),
    Metric[InverterView]("voltage", VOLTAGE, lambda v: v.volt(0), always=True),
    Metric[InverterView]("voltage_l2", VOLTAGE, lambda v: v.volt(1)),
    Metric[InverterView]("voltage_l3", VOLTAGE, lambda v: v.volt(2)),
    Metric[InverterView]("frequency", FREQUENCY, lambda v: v.frequency_hz, always=True),
    Metric[InverterView]("energy_today", ENERGY_TODAY, lambda v: v.today_kwh, always=True),
)

PORT_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[PortView]("power", POWER, lambda v: v.power_w, always=True),
    Metric[PortView]("voltage", VOLTAGE, lambda v: v.voltage_v, always=True),
    Metric[PortView]("current", CURRENT, lambda v: v.current_a, always=True),
    Metric[PortView]("energy_today", ENERGY_TODAY, lambda v: v.today_kwh, always=True),
)


def plant_part(plant: Plant) -> Part:
    """Return the page of a plant."""
    number = str(plant.id)
    return Part(number, plant_info(plant), PLANT_METRICS, child=number)


# What is worth its memory, and its rows in the database, of an inverter that is one of very many.
_OF_A_FLEET: Final = frozenset({"power"})
_FLEET_METRICS: Final = tuple(
    replace(metric, enabled=metric.key in _OF_A_FLEET) for metric in INVERTER_METRICS
)


def inverter_part(plant: Part, inverter: Inverter, *, detail: bool) -> Part:
    """Return the page of an inverter; without `detail` it shows little unless it is asked to."""
    serial = inverter.serial
    metrics = INVERTER_METRICS if detail else _FLEET_METRICS
    return Part(serial, inverter_info(inverter), metrics, child=serial, via=plant)


def port_part(owner: Part, inverter: Inverter, port: int) -> Part:
    """Return the page of a port of an inverter."""
    name = f"{inverter.serial}_{port}"
    return Part(name, port_info(inverter, port), PORT_METRICS, name, via=owner, piece=True)
