"""The energy partner: pushes a plan for today and the days after while local mode is off."""

from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from .schedule import Entry, Plan, Type

_DAY: Final = (
    (0, Type.IDLE, None, None),
    (2, Type.INVERTER_CHARGE, 1500, 60),
    (5, Type.GRID_CHARGE, 0, None),
    (16, Type.GRID_DISCHARGE, 0, None),
)
"""From this local hour on: type, set-point in W, highest state of charge in %."""
_RAMPS: Final = {"main_fuse": 25_000, "charge_ramp_up": 1000, "discharge_ramp_up": 1000}
SHOWN_DAYS: Final = 2


def partner_plan(at: datetime, zone: ZoneInfo, days: int = SHOWN_DAYS) -> Plan:
    """Return the plan that the partner pushes at a moment."""
    entries = []
    for day in range(days):
        date = (at.astimezone(zone) + timedelta(days=day)).date()
        starts = [_local_s(date.year, date.month, date.day, hour, zone) for hour, *_ in _DAY]
        after = date + timedelta(days=1)
        ends = [*starts[1:], _local_s(after.year, after.month, after.day, 0, zone)]
        for start_s, end_s, (_, kind, setpoint, top) in zip(starts, ends, _DAY, strict=True):
            if end_s > at.timestamp():
                params = {} if setpoint is None else _RAMPS | {"setpoint": setpoint}
                entries.append(Entry(kind, start_s, end_s, max_soc=top, params=params))
    return Plan(str(uuid5(NAMESPACE_URL, at.isoformat())), tuple(entries))


def _local_s(year: int, month: int, day: int, hour: int, zone: ZoneInfo) -> int:
    return int(datetime(year, month, day, hour, tzinfo=zone).timestamp())
