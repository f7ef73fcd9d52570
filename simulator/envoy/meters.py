"""The current transformers: `/ivp/meters` says which there are, `/ivp/meters/readings` what flows.

A reading is the sum of its channels, one for each phase; there are always three channels.
"""

from collections.abc import Sequence
from math import hypot
from typing import Any, NamedTuple

from .config import Ct
from .moment import Moment

_EIDS = {Ct.PRODUCTION: 704643328, Ct.NET: 704643584, Ct.TOTAL: 704643584, Ct.STORAGE: 704643840}
_CHANNELS = 3
_FIRST_CHANNEL = 1778385169
_REACTIVE_VAR = 40.0


class Line(NamedTuple):
    """What one transformer sees on one phase: W and Wh with their directions."""

    power_w: float
    delivered_wh: float
    received_wh: float


def lines(now: Moment, ct: Ct) -> list[Line]:
    """Return what a transformer sees, phase by phase."""
    match ct:
        case Ct.PRODUCTION:
            used = now.array.phases if now.config.phases > 1 else (1,)
            powers = _spread(now.production_w, used, now.config.phases)
            return _lines(powers, now.production_wh, 0.0, used)
        case Ct.NET:
            powers = [one.power_w for one in now.truth.phases]
            return _lines(powers, now.import_wh, now.export_wh)
        case Ct.STORAGE:
            used = tuple(range(1, now.config.phases + 1))
            powers = _spread(now.battery_w, used, now.config.phases)
            return _lines(powers, now.discharged_wh, now.charged_wh)
        case Ct.TOTAL:
            parts = [lines(now, one) for one in (Ct.PRODUCTION, Ct.NET, Ct.STORAGE)]
            return [_used(_sum(column)) for column in zip(*parts, strict=True)]


def meters(now: Moment) -> list[dict[str, Any]]:
    """Return the configuration of the transformers."""
    return [
        {
            "eid": _EIDS[ct],
            "state": "enabled",
            "measurementType": str(ct),
            "phaseMode": "three",
            "phaseCount": now.config.phases,
            "meteringStatus": "normal",
            "statusFlags": [],
        }
        for ct in now.config.cts
    ]


def readings(now: Moment, *, half: bool, zero: bool) -> list[dict[str, Any]]:
    """Return the reading of each transformer.

    When `half` the sums lack half of everything, when `zero` production shows nothing.
    """
    return [
        _reading(now, ct, index, 0.0 if zero and ct is Ct.PRODUCTION else 0.5 if half else 1.0)
        for index, ct in enumerate(now.config.cts)
    ]


def _reading(now: Moment, ct: Ct, index: int, part: float) -> dict[str, Any]:
    found = lines(now, ct)
    first = _FIRST_CHANNEL + 256 * index
    channels = [
        {"eid": first + phase, **_values(now, one, now.truth.phases[phase].voltage_v)}
        for phase, one in enumerate(found)
    ]
    channels += [
        {"eid": first + phase, **_values(now, Line(0, 0, 0), 0.0)}
        for phase in range(len(found), _CHANNELS)
    ]
    whole = Line(*(part * value for value in _sum(found)))
    volts = sum(one.voltage_v for one in now.truth.phases)
    reading = _values(now, whole, volts)
    reading["current"] = round(sum(one["current"] for one in channels), 3)
    return {"eid": _EIDS[ct], **reading, "channels": channels}


def _values(now: Moment, line: Line, volts: float) -> dict[str, Any]:
    apparent_va = hypot(line.power_w, _REACTIVE_VAR) if volts else 0.0
    return {
        "timestamp": now.epoch_s,
        "actEnergyDlvd": round(line.delivered_wh, 3),
        "actEnergyRcvd": round(line.received_wh, 3),
        "apparentEnergy": round(line.delivered_wh + line.received_wh, 3),
        "reactEnergyLagg": 0.0,
        "reactEnergyLead": 0.0,
        "instantaneousDemand": float(line.power_w),
        "activePower": float(line.power_w),
        "apparentPower": round(apparent_va, 3),
        "reactivePower": _REACTIVE_VAR if volts else 0.0,
        "pwrFactor": round(line.power_w / apparent_va, 3) if apparent_va else 0.0,
        "voltage": round(volts, 3),
        "current": round(apparent_va / volts, 3) if volts else 0.0,
        "freq": round(now.truth.frequency_hz, 2),
    }


def _spread(power_w: int, used: Sequence[int], phases: int) -> list[int]:
    # As the house feeds its phases: floor division with a shifted remainder.
    parts = {phase: (power_w + index) // len(used) for index, phase in enumerate(used)}
    return [parts.get(phase, 0) for phase in range(1, phases + 1)]


def _lines(
    powers: Sequence[float], delivered_wh: float, received_wh: float, used: Sequence[int] = ()
) -> list[Line]:
    phases = used or range(1, len(powers) + 1)
    return [
        Line(power_w, delivered_wh / len(phases), received_wh / len(phases))
        if phase in phases
        else Line(power_w, 0.0, 0.0)
        for phase, power_w in enumerate(powers, 1)
    ]


def _used(one: Line) -> Line:
    return Line(one.power_w, one.delivered_wh - one.received_wh, 0.0)


def _sum(parts: Sequence[Line]) -> Line:
    return Line(*(sum(column) for column in zip(*parts, strict=True)))
