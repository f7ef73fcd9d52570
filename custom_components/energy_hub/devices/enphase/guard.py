"""The way of a gateway's counters through the guard, and what they counted by the calendar.

What the counters of gateways do is known from captures and from the issues of other
programs: sums of inverters turn over at 2**32 J, in old firmware all together, later each
by itself; zeros after a start; a phase that is missing from a sum for a while; sources that
differ by megawatt-hours.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from ...counter import Habits
from ...counters import Counters
from ...days import Days
from .fleet import Fleet
from .read import Count, Said

_WRAP_KWH: Final = 2**32 / 3_600_000
# Inverters report within the hour, so their sum may rise by an hour's energy at once.
_HABITS: Final = Habits(
    wrap=_WRAP_KWH, dip=0.001, late=timedelta(hours=1), settle=timedelta(minutes=10)
)
# The report is asked for every few minutes.
_REPORTED: Final = replace(_HABITS, late=timedelta(minutes=10))
# What a transformer counts is of this moment: a leap of an hour's energy is none.
_MEASURED: Final = replace(_HABITS, late=timedelta(0))
# A transformer may see more than the inverters: all that a connection can carry.
_MOST_KW: Final = 100.0
_HEADROOM: Final = 1.5
_STEP_KWH: Final = 0.001
_COUNTERS: Final = (
    "production",
    "consumption",
    "grid_import",
    "grid_export",
    "charged",
    "discharged",
)
_LOST_BASE: Final = 0.9
"""A figure of some days that is nearly the lifetime has lost its beginning."""
_WEEK_HOURS: Final = 7 * 24


def believed(
    counters: Counters, serial: str, said: Said, fleet: Fleet, now: datetime
) -> dict[str, float | None]:
    """Return the counters in kWh as far as they can be believed, by name."""
    found: dict[str, float | None] = {}
    for name in _COUNTERS:
        count: Count | None = getattr(said, name)
        found[name] = counters.update(
            f"{serial}/{name}",
            None if count is None else count.wh / 1000,
            at=now,
            seen=now,
            max_per_hour=_most_kw(said, fleet) if name == "production" else _MOST_KW,
            step=_STEP_KWH,
            habits=_habits(name, said),
            source=None if count is None else count.source,
        )
    return found


def believed_inverters(counters: Counters, fleet: Fleet, now: datetime) -> dict[str, float | None]:
    """Return the energy of each inverter in kWh, by serial number, where it says it."""
    return {
        one.serial: counters.update(
            f"{one.serial}/lifetime",
            one.lifetime_wh / 1000,
            at=one.at,
            seen=now,
            max_per_hour=_HEADROOM * one.most_w / 1000 or _MOST_KW,
            step=_STEP_KWH,
            habits=_HABITS,
        )
        for one in fleet
        if one.lifetime_wh is not None
    }


def days_of(
    counters: Counters, serial: str, kwh: float | None, said: Said, fleet: Fleet, now: datetime
) -> Days:
    """Return the days of the production counter; how the first one began the gateway may know."""
    local = dt_util.as_local(now)
    days = counters.days(f"{serial}/production", kwh, local)
    hours = (now - dt_util.start_of_local_day(local)) / timedelta(hours=1)
    if (counted := _plausible(said, said.today_wh, _most_kw(said, fleet) * hours)) is not None:
        days.begin_today(counted, local)
    return days


def seven_days(days: Days, said: Said, fleet: Fleet, now: datetime) -> float | None:
    """Return the kWh of seven days; in the first week what the gateway says, if it can be."""
    own = days.seven_days(dt_util.as_local(now))
    if own is not None:
        return own
    return _plausible(said, said.seven_days_wh, _most_kw(said, fleet) * _WEEK_HOURS) or None


def _plausible(said: Said, wh: float | None, most_kwh: float) -> float | None:
    """Return in kWh what the gateway says of some days, None where that cannot be."""
    if wh is None or wh < 0 or said.production is None:
        return None
    if wh > _LOST_BASE * said.production.wh or wh / 1000 > most_kwh:
        return None
    return wh / 1000


def _habits(name: str, said: Said) -> Habits:
    if name == "consumption":
        return _REPORTED
    return _HABITS if name == "production" and not said.measured else _MEASURED


def _most_kw(said: Said, fleet: Fleet) -> float:
    inverters_kw = _HEADROOM * fleet.most_kw
    return _MOST_KW if said.measured or not inverters_kw else inverters_kw
