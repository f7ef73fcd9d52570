"""The production reports, each with its own peculiarities.

`/production.json` and `/production` hold a segment of the inverters, which counts in 32 bits on
old firmware, and, where there are transformers, one of the meter with counters of day and week
that are its lifetime less a whole number. `/api/v1/production` repeats the one or the other.
"""

from collections.abc import Callable, Sequence
from math import floor
from typing import Any, NamedTuple

from .config import Ct
from .inverters import WRAP_J, Fleet
from .meters import Line, lines
from .moment import Moment

_WRAP_WH = WRAP_J / 3600
_SUM_WRAPS_BEFORE = (8, 2, 4200)
"""Before this firmware the sum of the inverters wraps, from then on each of them."""
_V1_ZEROS_FROM = (8, 3, 5422)
"""From this firmware on a gateway without transformers has only zeros in /api/v1/production."""


class Shown(NamedTuple):
    """What faults change in a report."""

    wrapped: bool = False
    zero: bool = False
    half: bool = False
    stuck: bool = False
    inactive: bool = False


def report(now: Moment, fleet: Fleet, shown: Shown, *, details: bool) -> dict[str, Any]:
    """Return the body of `/production.json` and `/production`."""
    production = [_inverters(now, fleet, shown)]
    consumption = []
    if Ct.PRODUCTION in now.config.cts:
        production.append(_meter(now, shown, "production", _production, details=details))
    if {Ct.NET, Ct.TOTAL} & set(now.config.cts):
        consumption = [
            _meter(now, shown, "total-consumption", _total, details=details),
            _meter(now, shown, "net-consumption", _net, details=details)
            | {"whToday": 0, "whLastSevenDays": 0},
        ]
    storage = {"type": "acb", "activeCount": 0, "readingTime": 0, "wNow": 0, "whNow": 0}
    found: dict[str, Any] = {"production": production, "storage": [storage | {"state": "idle"}]}
    return found | {"consumption": consumption} if consumption else found


def summary(now: Moment, fleet: Fleet, shown: Shown) -> dict[str, Any]:
    """Return the body of `/api/v1/production`."""
    if shown.zero or (not now.config.cts and now.config.version >= _V1_ZEROS_FROM):
        return dict.fromkeys(_SUMMARY, 0)
    if Ct.PRODUCTION in now.config.cts:
        meter = _meter(now, shown, "production", _production, details=False)
        values = (meter["whToday"], meter["whLastSevenDays"], meter["whLifetime"], meter["wNow"])
        return dict(zip(_SUMMARY, map(round, values), strict=True))
    life_wh = fleet.production_wh(now.at)
    day = now.week_before if shown.stuck else now.day
    values = (
        life_wh - fleet.production_wh(day.at),
        fleet.production_wh(now.day.at) - fleet.production_wh(now.week_before.at),
        life_wh % _WRAP_WH if shown.wrapped else life_wh,
        sum(one.power_w for one in fleet.reports(now.at)),
    )
    return dict(zip(_SUMMARY, map(round, values), strict=True))


_SUMMARY = ("wattHoursToday", "wattHoursSevenDays", "wattHoursLifetime", "wattsNow")


def _inverters(now: Moment, fleet: Fleet, shown: Shown) -> dict[str, Any]:
    reports = fleet.reports(now.at)
    life_j = sum(one.life_j for one in reports)
    if shown.wrapped or now.config.version < _SUM_WRAPS_BEFORE:
        life_j %= WRAP_J
    else:
        life_j = sum(one.life_j % WRAP_J for one in reports)
    return {
        "type": "inverters",
        "activeCount": len(reports),
        "readingTime": max(one.end_s for one in reports),
        "wNow": 0 if shown.zero else sum(one.power_w for one in reports),
        "whLifetime": 0 if shown.zero else round(life_j / 3600),
    }


def _production(now: Moment) -> list[Line]:
    return lines(now, Ct.PRODUCTION)


def _net(now: Moment) -> list[Line]:
    return lines(now, Ct.NET)


def _total(now: Moment) -> list[Line]:
    """Return production and grid together: batteries are not in it, whatever its name says."""
    pairs = zip(_production(now), _net(now), strict=True)
    return [
        Line(
            made.power_w + net.power_w,
            made.delivered_wh + net.delivered_wh - net.received_wh,
            0.0,
        )
        for made, net in pairs
    ]


def _meter(
    now: Moment,
    shown: Shown,
    kind: str,
    of: Callable[[Moment], list[Line]],
    *,
    details: bool,
) -> dict[str, Any]:
    day = now.week_before if shown.stuck else now.day
    rows = [
        _values(one, starts, shown)
        for one, *starts in zip(of(now), of(day), of(now.week), strict=True)
    ]
    whole = {name: round(sum(row[name] for row in rows), 3) for name in rows[0]}
    found = {
        "type": "eim",
        "activeCount": 0 if shown.inactive and kind == "production" else 1,
        "measurementType": kind,
        "readingTime": now.epoch_s,
        **whole,
    }
    return found | {"lines": rows} if details and len(rows) > 1 else found


def _values(one: Line, begins: Sequence[Line], shown: Shown) -> dict[str, float]:
    part = 0.0 if shown.zero else 0.5 if shown.half else 1.0
    life_wh = (one.delivered_wh - one.received_wh) * part
    # The gateway keeps the start of day and week as whole numbers.
    starts = [floor((start.delivered_wh - start.received_wh) * part) for start in begins]
    return {
        "wNow": round(one.power_w * part, 3),
        "whLifetime": round(life_wh, 3),
        "whToday": round(life_wh - starts[0], 3),
        "whLastSevenDays": round(life_wh - starts[1], 3),
    }
