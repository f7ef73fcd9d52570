"""The sensors of a gateway, its batteries and its micro-inverters, one line each."""

from collections.abc import Iterator
from typing import Final

from ...coordinator import Part
from ...metric import (
    CAPACITY,
    COUNT,
    ENERGY,
    ENERGY_ROLLING,
    ENERGY_TODAY,
    POWER,
    SOC,
    TEMPERATURE,
    TIME,
    Metric,
)
from .client import Identity
from .fleet import Shown, Unit
from .info import battery_info, gateway_info, inverter_info, unit_info
from .plant import BATTERY, INVERTER, UNIT, Plant


def _kwh(wh: float | None) -> float | None:
    return None if wh is None else wh / 1000


PRODUCTION_METRICS: Final = (
    Metric[Plant]("production_power", POWER, lambda p: p.said.production_w, always=True),
    Metric[Plant]("energy_today", ENERGY_TODAY, lambda p: p.today_kwh, always=True),
    Metric[Plant]("energy_month", ENERGY_TODAY, lambda p: p.month_kwh, always=True),
    Metric[Plant]("energy_seven_days", ENERGY_ROLLING, lambda p: p.seven_days_kwh, always=True),
    Metric[Plant]("energy_total", ENERGY, lambda p: p.energy["production"], always=True),
    Metric[Plant](
        "device_energy_today",
        ENERGY_ROLLING,
        lambda p: _kwh(p.said.today_wh),
        diagnostic=True,
        enabled=False,
    ),
    Metric[Plant](
        "device_energy_seven_days",
        ENERGY_ROLLING,
        lambda p: _kwh(p.said.seven_days_wh),
        diagnostic=True,
        enabled=False,
    ),
    Metric[Plant]("inverters_silent", COUNT, lambda p: p.silent, diagnostic=True, always=True),
)
# What a transformer on the mains adds; a house with other sources has times without a figure.
GRID_METRICS: Final = (
    Metric[Plant]("consumption_power", POWER, lambda p: p.said.consumption_w, always=True),
    Metric[Plant]("grid_power", POWER, lambda p: p.said.grid_w, always=True),
    Metric[Plant]("consumption_total", ENERGY, lambda p: p.energy["consumption"]),
    Metric[Plant]("grid_import_total", ENERGY, lambda p: p.energy["grid_import"]),
    Metric[Plant]("grid_export_total", ENERGY, lambda p: p.energy["grid_export"]),
)
BATTERY_METRICS: Final = (
    Metric[Plant]("battery_power", POWER, lambda p: p.said.battery_w, always=True),
    Metric[Plant]("battery_soc", SOC, lambda p: p.said.battery_soc, always=True),
    Metric[Plant]("battery_charged_total", ENERGY, lambda p: p.energy["charged"]),
    Metric[Plant]("battery_discharged_total", ENERGY, lambda p: p.energy["discharged"]),
    Metric[Plant](
        "battery_capacity", CAPACITY, lambda p: _kwh(p.said.battery_capacity_wh), diagnostic=True
    ),
)
INVERTER_METRICS: Final = (
    Metric[Shown]("power", POWER, lambda i: i.power_w, always=True),
    Metric[Shown]("last_report", TIME, lambda i: i.last_report, diagnostic=True, always=True),
    Metric[Shown]("energy_total", ENERGY, lambda i: i.energy_kwh, enabled=False),
)
UNIT_METRICS: Final = (
    Metric[Unit]("power", POWER, lambda u: u.power_w, always=True),
    Metric[Unit]("battery_soc", SOC, lambda u: u.soc, always=True),
    Metric[Unit]("temperature", TEMPERATURE, lambda u: u.temperature_c, diagnostic=True),
    Metric[Unit]("last_report", TIME, lambda u: u.last_report, diagnostic=True, enabled=False),
)


def main_parts(identity: Identity, model: str, plant: Plant) -> Iterator[Part]:
    """Yield the pages of the gateway and of all its batteries together."""
    serial, info = identity.serial, gateway_info(identity, model)
    grid = GRID_METRICS if plant.said.sees_grid else ()
    yield Part(serial, info, (*PRODUCTION_METRICS, *grid))
    if plant.said.has_battery:
        yield Part(serial, battery_info(identity), BATTERY_METRICS, child=BATTERY)


def new_parts(plant: Plant, known: set[str]) -> Iterator[Part]:
    """Yield the pages of inverters and batteries that are not known yet."""
    for serial in plant.inverters:
        if (child := f"{INVERTER}{serial}") not in known:
            yield Part(serial, inverter_info(serial), INVERTER_METRICS, child=child)
    for serial in plant.units:
        if (child := f"{UNIT}{serial}") not in known:
            yield Part(serial, unit_info(serial), UNIT_METRICS, child=child)
