"""What a Homevolt tells the house: its battery, and what its clamps measure."""

from datetime import datetime, timedelta
from typing import Final

from ...reading import Flow, Reading, Shown
from .cluster import Cluster, Totals

_FLOWS: Final = {"grid": Flow.GRID, "solar": Flow.SOLAR}


def readings(
    main: str, cluster: Cluster, at: datetime, valid_for: timedelta
) -> tuple[Reading, ...]:
    """Return the newest reading of each flow, in the signs of the house."""
    found = [
        Reading(
            source=main,
            flow=Flow.BATTERY,
            at=at,
            valid_for=valid_for,
            power_w=cluster.power_w,
            to_house_kwh=cluster.discharged_kwh,
            from_house_kwh=cluster.charged_kwh,
        )
    ]
    for clamp in cluster.clamps:
        flow = _FLOWS.get(clamp.function)
        if flow is None or not clamp.id:
            continue
        totals = cluster.totals.get(clamp.id, Totals())
        found.append(
            Reading(
                source=clamp.id,
                flow=flow,
                at=at,
                valid_for=valid_for,
                power_w=clamp.power_w,
                to_house_kwh=totals.into,
                from_house_kwh=totals.out_of if flow is Flow.GRID else None,
            )
        )
    return tuple(found)


def shown(reading: Reading) -> Shown:
    """Return the sensors that show what a reading says; their ids begin with its source."""
    source = reading.source
    if reading.flow is Flow.BATTERY:
        return Shown.of_battery(source)
    if reading.flow is Flow.GRID:
        return Shown.of_meter(source)
    return Shown(power=f"{source}_power", to_house=f"{source}_import_total")
