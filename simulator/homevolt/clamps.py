"""The sensors of `/ems.json`: clamps at grid and panels, the batteries, the calculated load."""

from datetime import datetime
from typing import Any

from .config import ClampConfig, Layout
from .moment import Moment, Unit

_LOAD_EUID = "0" * 16


def sensors(now: Moment) -> list[dict[str, Any]]:
    """Return all of them in the layout of the firmware."""
    found = [_clamp(now, one) for one in now.config.clamps] + [_load(now)]
    if now.config.layout is Layout.TYPE:
        return [_old(one) for one in found]
    return [_battery(now, one) for one in now.units] + found


def _clamp(now: Moment, clamp: ClampConfig) -> dict[str, Any]:
    truth = now.truth
    if clamp.function == "grid":
        power_w, into, out_of = truth.grid_w, truth.import_kwh, truth.export_kwh
        powers = [float(one.power_w) for one in truth.phases]
    else:
        power_w, into, out_of = truth.solar_w, truth.solar_kwh, 12.85
        powers = [power_w / len(truth.phases)] * len(truth.phases)
    return (
        {"function": clamp.function, "sensor_type": "pulse_ct", "node_id": clamp.node_id}
        | _common(now, clamp.euid, power_w, powers, into, out_of)
        | {"rssi": clamp.rssi, "average_rssi": clamp.rssi + 0.35, "pdr": 100}
    )


def _battery(now: Moment, one: Unit) -> dict[str, Any]:
    truth, phases = one.truth, len(now.truth.phases)
    return {"function": "battery", "sensor_type": "ems"} | _common(
        now,
        one.ecu.euid,
        truth.power_w,
        [truth.power_w / phases] * phases,
        truth.discharged_kwh,
        truth.charged_kwh,
    )


def _load(now: Moment) -> dict[str, Any]:
    """Return the load: calculated, negative while the house consumes, its phases unreliable."""
    others = now.others
    return {"function": "load", "sensor_type": "virtual"} | _common(
        now,
        _LOAD_EUID,
        -now.load_w,
        [0.0] * len(now.truth.phases),
        sum(one.discharged_kwh for one in others),
        now.truth.load_kwh + sum(one.charged_kwh for one in others),
    )


def _common(
    now: Moment, euid: str, power_w: int, powers: list[float], into: float, out_of: float
) -> dict[str, Any]:
    local = datetime.fromtimestamp(now.own_s, now.zone)
    return {
        "euid": euid,
        "interface": 7,
        "available": True,
        "rssi": 0,
        "average_rssi": 0,
        "pdr": 0,
        "phase": [
            {
                "voltage": round(phase.voltage_v, 1),
                "amp": round(abs(power) / phase.voltage_v, 2),
                "power": round(power, 2),
                "pf": 0.95,
            }
            for phase, power in zip(now.truth.phases, powers, strict=True)
        ],
        "frequency": round(now.truth.frequency_hz, 2),
        "total_power": power_w,
        "energy_imported": round(into, 2),
        "energy_exported": round(out_of, 2),
        "timestamp": now.own_s * 1000,
        "timestamp_str": local.strftime("%Y-%m-%d %H:%M:%S.000"),
    }


def _old(sensor: dict[str, Any]) -> dict[str, Any]:
    """Return a sensor as older firmware names it."""
    kept = {key: value for key, value in sensor.items() if key not in {"function", "sensor_type"}}
    return {"type": sensor["function"], **kept}
