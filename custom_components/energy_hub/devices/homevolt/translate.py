"""Commands of the hub as entries of a plan, and back. Pure."""

from datetime import datetime
from typing import Final

from ...command import CHARGING, BatteryPlan, Command, Mode, Schedule
from .plan import Entry, Plan

# What regulates the meter moves the battery as far as it can, unless it is told how far.
_BOUNDED: Final = frozenset(
    {
        Mode.GRID_CHARGE,
        Mode.GRID_DISCHARGE,
        Mode.GRID_CHARGE_DISCHARGE,
        Mode.SOLAR_CHARGE,
        Mode.SOLAR_CHARGE_DISCHARGE,
    }
)


def entry_of(
    command: Command, start: datetime, end: datetime | None, ceiling_w: int | None
) -> Entry:
    """Return the entry that makes a battery do what a command says.

    A target is told as the limit of the state of charge on the way there; `ceiling_w` is the
    most that the owner allows the battery.
    """
    low, high = command.min_soc, command.max_soc
    if command.target_soc is not None and command.mode in CHARGING:
        high = command.target_soc if high is None else min(high, command.target_soc)
    elif command.target_soc is not None:
        low = command.target_soc if low is None else max(low, command.target_soc)
    power_w, most_w = _whole(command.power_w), None
    if command.mode in _BOUNDED:
        most_w = ceiling_w
    if command.mode is Mode.SOLAR_CHARGE:
        power_w, most_w = None, power_w or ceiling_w
    return Entry(
        mode=command.mode,
        start=start,
        end=end,
        power_w=power_w,
        min_soc=_whole(low),
        max_soc=_whole(high),
        max_charge_w=most_w,
        max_discharge_w=None if command.mode is Mode.SOLAR_CHARGE else most_w,
        import_limit_w=_whole(command.import_limit_w),
        export_limit_w=_whole(command.export_limit_w),
    )


def schedule_of(entry: Entry) -> Schedule | None:
    """Return an entry in the words of the hub; None for a type that nobody has described."""
    if entry.mode is None:
        return None
    power_w = entry.max_charge_w if entry.mode is Mode.SOLAR_CHARGE else entry.power_w
    command = Command(
        mode=entry.mode,
        power_w=power_w,
        min_soc=entry.min_soc,
        max_soc=entry.max_soc,
        import_limit_w=entry.import_limit_w,
        export_limit_w=entry.export_limit_w,
    )
    return Schedule(command=command, start=entry.start, end=entry.end)


def plan_of(plan: Plan) -> BatteryPlan:
    """Return a plan in the words of the hub."""
    found = (schedule_of(entry) for entry in plan.entries)
    return BatteryPlan(plan.local, tuple(one for one in found if one is not None))


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
