"""`/ems.json`: what the inverters and batteries of the cluster do."""

from math import sqrt
from typing import Any

from .clamps import sensors
from .moment import Moment, Unit

_BLADES = 2
_RAW_LESS_WH = 812_000
"""The raw counters of the inverter have lost this much in a reset."""
_WARNING, _ALARM = "EMS_WARNING_UNDER_SOC_MIN_WARNING", "EMS_ALARM_BMS_COMMUNICATION_LOST"


def document(now: Moment, *, warning: bool, alarm: bool) -> dict[str, Any]:
    """Return the document."""
    said = {
        "warning": 64 * warning,
        "warning_str": [_WARNING] * warning,
        "alarm": 2 * alarm,
        "alarm_str": [_ALARM] * alarm,
    }
    return {
        "$type": "ems_data",
        "ts": now.own_s,
        "ems": [_ecu(now, one, said) for one in now.units],
        "aggregated": _sum(now, said),
        "sensors": sensors(now),
    }


def _ecu(now: Moment, one: Unit, said: dict[str, Any]) -> dict[str, Any]:
    follows = one is not now.units[0]
    return {
        "ecu_id": one.ecu.ecu_id,
        "ecu_host": "[2001:db8::2]:5259" if follows else "",
        "ecu_version": "",
        "error": 0,
        "error_str": "No error",
        **_state(one.truth.power_w),
        "ems_info": {
            "protocol_version": 5,
            "fw_version": "v31.4",
            "rated_capacity": one.battery.capacity_wh,
            "rated_power": one.battery.charge_w,
            "rated_pv_power": 0,
            "model": "B6",
        },
        "bms_info": [_blade_info(one, number) for number in range(_BLADES)],
        "inv_info": {"fw_version": "V1.10-97.0", "serial_number": f"F499AA{one.ecu.euid[-6:]}"},
        "ems_control": _control(now, (one,)),
        "ems_data": _data(now, (one,)) | said,
        "bms_data": [_blade(now, one) for _ in range(_BLADES)],
        "ems_prediction": _prediction((one,)),
        "ems_voltage": _voltages(now),
        "ems_current": _currents(now, one),
        "ems_aggregate": {
            "imported_kwh": round(one.truth.discharged_kwh, 2),
            "exported_kwh": round(one.truth.charged_kwh, 2),
        },
        "error_cnt": 0,
    } | ({"peer": {"last_seq": 629_530, "last_decrypt_age_ms": 517}} if follows else {})


def _sum(now: Moment, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "error": 0,
        "error_str": "No error",
        **_state(now.power_w),
        "ems_control": _control(now, now.units),
        "ems_data": _data(now, now.units) | said,
        "ems_prediction": _prediction(now.units),
    }


def _state(power_w: int) -> dict[str, Any]:
    if power_w < 0:
        return {"op_state": 2, "op_state_str": "charging"}
    if power_w > 0:
        return {"op_state": 3, "op_state_str": "discharging"}
    return {"op_state": 1, "op_state_str": "idle"}


def _control(now: Moment, units: tuple[Unit, ...]) -> dict[str, Any]:
    charge_w, discharge_w = _reach(units)
    return {
        "mode_sel": 1,
        "mode_sel_str": "operational",
        "pwr_ref": sum(one.truth.power_w for one in units) if now.active else 0,
        "act_pwr_ch_lim": charge_w,
        "act_pwr_di_lim": discharge_w,
    }


def _data(now: Moment, units: tuple[Unit, ...]) -> dict[str, Any]:
    power_w = sum(one.truth.power_w for one in units)
    capacity_wh = sum(one.battery.capacity_wh for one in units)
    return {
        "timestamp_ms": now.own_s * 1000,
        "state": 4 if power_w == 0 else 5,
        "state_str": "Throttled" if power_w == 0 else "Running",
        "info": 13,
        "info_str": ["EMS_INFO_CONNECTED_TO_BACKEND", "EMS_INFO_RTC_SYNCRONIZED"],
        "frequency": round(1000 * now.truth.frequency_hz),
        "power": power_w,
        "apparent_power": abs(power_w),
        "reactive_power": 0,
        "energy_produced": _raw_wh(sum(one.truth.discharged_kwh for one in units), len(units)),
        "energy_consumed": _raw_wh(sum(one.truth.charged_kwh for one in units), len(units)),
        "sys_temp": round(10 * _temperature_c(now, units[0])),
        "avail_cap": capacity_wh,
        "soc_avg": round(10_000 * sum(one.content_wh for one in units) / capacity_wh),
    }


def _raw_wh(kwh: float, units: int) -> int:
    return max(0, int(1000 * kwh) - units * _RAW_LESS_WH)


def _prediction(units: tuple[Unit, ...]) -> dict[str, int]:
    charge_w, discharge_w = _reach(units)
    content_wh = sum(round(one.content_wh) for one in units)
    return {
        "avail_ch_pwr": charge_w,
        "avail_di_pwr": discharge_w,
        "avail_ch_energy": sum(one.battery.capacity_wh for one in units) - content_wh,
        "avail_di_energy": content_wh,
        "avail_inv_ch_pwr": charge_w,
        "avail_inv_di_pwr": discharge_w,
    }


def _reach(units: tuple[Unit, ...]) -> tuple[int, int]:
    reaches = [one.reach_w for one in units]
    return sum(charge_w for charge_w, _ in reaches), sum(discharge_w for _, discharge_w in reaches)


def _blade_info(one: Unit, number: int) -> dict[str, Any]:
    return {
        "fw_version": "v6",
        "serial_number": f"899{one.ecu.euid[-6:]}99{number:04d}",
        "rated_cap": one.battery.capacity_wh // _BLADES,
        "id": number,
        "battery_type": 1,
        "battery_type_str": "NMC 210 10A",
    }


def _blade(now: Moment, one: Unit) -> dict[str, Any]:
    warm = round(10 * _temperature_c(now, one))
    return {
        "energy_avail": round(one.content_wh / _BLADES),
        "cycle_count": int(1000 * one.truth.discharged_kwh / one.battery.capacity_wh),
        "soc": round(100 * one.truth.soc_percent),
        "state": 5,
        "state_str": "Connected",
        "alarm": 0,
        "alarm_str": [],
        "tmin": warm - 6,
        "tmax": warm + 11,
    }


def _temperature_c(now: Moment, one: Unit) -> float:
    return 17.0 + 0.2 * now.truth.temperature_c + abs(one.truth.power_w) / 900


def _voltages(now: Moment) -> dict[str, int]:
    """Return the voltages; a house of one phase has the same on all three."""
    volts = [one.voltage_v for one in now.truth.phases]
    a, b, c = volts if len(volts) == 3 else volts * 3
    between = [sqrt(x * x + y * y + x * y) for x, y in ((a, b), (b, c), (c, a))]
    names = ("l1", "l2", "l3", "l1_l2", "l2_l3", "l3_l1")
    return {name: round(10 * value) for name, value in zip(names, (a, b, c, *between), strict=True)}


def _currents(now: Moment, one: Unit) -> dict[str, int]:
    volts = [one.voltage_v for one in now.truth.phases]
    part_w = abs(one.truth.power_w) / len(volts)
    amps = [now.config.current_per_a * part_w / voltage for voltage in volts]
    amps += [0.0] * (3 - len(amps))
    return {f"l{number}": round(value) for number, value in enumerate(amps, 1)}
