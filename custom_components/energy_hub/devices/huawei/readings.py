"""What an inverter tells the house: solar, and the battery and grid that hang on it."""

from datetime import datetime, timedelta

from ...reading import Flow, Reading, Shown
from .inverter import Inverter
from .probe import Identity


def readings(inverter: Inverter, at: datetime, valid_for: timedelta) -> tuple[Reading, ...]:
    """Return the newest reading of each flow, in the signs of the house."""
    serial = inverter.identity.serial
    found = [
        Reading(
            source=serial,
            flow=Flow.SOLAR,
            at=at,
            valid_for=valid_for,
            power_w=inverter.solar_w,
            to_house_kwh=inverter.solar_kwh,
        )
    ]
    if (meter := inverter.block("meter")) is not None:
        found.append(
            Reading(
                source=f"{serial}_meter",
                flow=Flow.GRID,
                at=at,
                valid_for=valid_for,
                power_w=negative(meter.get("meter_export_w")),
                to_house_kwh=meter.get("meter_import_kwh"),
                from_house_kwh=meter.get("meter_export_kwh"),
            )
        )
    if (battery := inverter.block("battery")) is not None:
        found.append(
            Reading(
                source=f"{serial}_battery",
                flow=Flow.BATTERY,
                at=at,
                valid_for=valid_for,
                power_w=negative(battery.get("charge_w")),
                to_house_kwh=battery.get("discharged_kwh"),
                from_house_kwh=battery.get("charged_kwh"),
            )
        )
    return tuple(found)


def shown(identity: Identity, flow: Flow) -> Shown:
    """Return which sensors show a flow of an inverter."""
    serial = identity.serial
    if flow is Flow.GRID:
        return Shown.of_meter(f"{serial}_meter")
    if flow is Flow.BATTERY:
        return Shown.of_battery(serial)
    # With a battery the output is not what the sun gives.
    if identity.battery_units:
        return Shown(power=f"{serial}_pv_power", to_house=f"{serial}_pv_energy_total")
    return Shown(power=f"{serial}_ac_power", to_house=f"{serial}_energy_total")


def negative(value: float | None) -> float | None:
    """Return the value with the sign of the house: the device counts the other way round."""
    return None if value is None else 0.0 - value
