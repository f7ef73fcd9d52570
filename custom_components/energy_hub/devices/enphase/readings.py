"""What a gateway tells the house: solar, and the grid and battery that it measures."""

from datetime import datetime, timedelta

from ...reading import Flow, Reading, Shown
from .plant import Plant


def readings(serial: str, plant: Plant, at: datetime, valid_for: timedelta) -> tuple[Reading, ...]:
    """Return the newest reading of each flow, in the signs of the house."""
    said, energy = plant.said, plant.energy
    found = [
        Reading(
            source=serial,
            flow=Flow.SOLAR,
            at=at,
            valid_for=valid_for,
            power_w=said.production_w,
            to_house_kwh=energy.get("production"),
        )
    ]
    if said.sees_grid:
        found.append(
            Reading(
                source=f"{serial}_grid",
                flow=Flow.GRID,
                at=at,
                valid_for=valid_for,
                power_w=said.grid_w,
                to_house_kwh=energy.get("grid_import"),
                from_house_kwh=energy.get("grid_export"),
            )
        )
    if said.has_battery:
        found.append(
            Reading(
                source=f"{serial}_battery",
                flow=Flow.BATTERY,
                at=at,
                valid_for=valid_for,
                power_w=said.battery_w,
                to_house_kwh=energy.get("discharged"),
                from_house_kwh=energy.get("charged"),
            )
        )
    return tuple(found)


def shown(serial: str, flow: Flow) -> Shown:
    """Return which sensors show a flow of a gateway."""
    if flow is Flow.GRID:
        return Shown.of_meter(f"{serial}_grid")
    if flow is Flow.BATTERY:
        return Shown.of_battery(serial)
    return Shown(power=f"{serial}_production_power", to_house=f"{serial}_energy_total")
