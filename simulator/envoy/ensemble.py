"""Batteries and the system controller."""

from collections.abc import Iterator
from typing import Any

from simulator.world import Battery, BatteryTruth

from .moment import Moment

_BORN_S = 1_700_000_000
_CONTROLLER = "122990000001"


def serial(index: int) -> str:
    """Return the made-up serial number of a battery."""
    return f"{122_990_000_100 + index}"


def inventory(now: Moment) -> list[dict[str, Any]]:
    """Return the body of `/ivp/ensemble/inventory`; empty without batteries."""
    if not now.batteries:
        return []
    batteries = [
        _battery(now, index, *pair)
        for index, pair in enumerate(zip(now.batteries, now.units, strict=True))
    ]
    return [
        {"type": "ENCHARGE", "devices": batteries},
        {"type": "ENPOWER", "devices": [_controller(now)]},
    ]


def power(now: Moment) -> dict[str, Any]:
    """Return the body of `/ivp/ensemble/power`; its key has a colon in real gateways too."""
    return {
        "devices:": [
            {
                "serial_num": serial(index),
                "real_power_mw": 1000 * one.power_w,
                "apparent_power_mva": 1000 * one.power_w,
                "soc": int(one.soc_percent),
            }
            for index, one in enumerate(now.units)
        ]
    }


def security(now: Moment) -> dict[str, Any]:
    """Return the body of `/ivp/ensemble/secctrl`: all batteries together."""
    capacity_wh = sum(one.capacity_wh for one in now.batteries)
    reserve = int(max((one.min_soc for one in now.batteries), default=0.0))
    return {
        "shutdown": False,
        "freq_bias_hz": 0.0,
        "voltage_bias_v": 0.0,
        "configured_backup_soc": reserve,
        "adjusted_backup_soc": reserve,
        "agg_soc": int(now.soc),
        "Max_energy": capacity_wh,
        "ENC_agg_soc": int(now.soc),
        "ENC_agg_soh": 100 if now.batteries else 0,
        "ENC_agg_backup_energy": capacity_wh * reserve // 100,
        "ENC_agg_avail_energy": round(1000 * sum(one.stored_kwh for one in now.units)),
        "Enc_commissioned_capacity": capacity_wh,
        "Enc_max_available_capacity": capacity_wh,
        "ACB_agg_soc": 0,
        "ACB_agg_energy": 0,
    }


def contacts(_now: Moment) -> dict[str, Any]:
    """Return the body of `/ivp/ensemble/dry_contacts`."""
    return {"dry_contacts": [{"id": name, "status": "open"} for name in _relays()]}


def contact_settings(_now: Moment) -> dict[str, Any]:
    """Return the body of `/ivp/ss/dry_contact_settings`."""
    settings = {
        "type": "NONE",
        "grid_action": "none",
        "micro_grid_action": "none",
        "gen_action": "none",
        "essential_start_time": 32400.0,
        "essential_end_time": 57600.0,
        "priority": 1.0,
        "black_s_start": 5.0,
        "override": "false",
        "manual_override": "false",
        "load_name": "",
        "mode": "manual",
        "soc_low": 30.0,
        "soc_high": 70.0,
        "pv_serial_nb": [],
    }
    return {"dry_contacts": [{"id": name} | settings for name in _relays()]}


def tariff(now: Moment) -> dict[str, Any]:
    """Return the body of `/admin/lib/tariff`."""
    storage = {
        "mode": "self-consumption",
        "operation_mode_sub_type": "",
        "reserved_soc": float(max((one.min_soc for one in now.batteries), default=0.0)),
        "very_low_soc": 5,
        "charge_from_grid": False,
        "date": str(_BORN_S),
    }
    season = {
        "id": "all_year_long",
        "start": "1/1",
        "days": [
            {
                "id": "all_days",
                "days": "Mon,Tue,Wed,Thu,Fri,Sat,Sun",
                "must_charge_start": 0,
                "must_charge_duration": 0,
                "must_charge_mode": "CG",
                "enable_discharge_to_grid": False,
                "periods": [{"id": "period_1", "start": 0, "rate": 0.31}],
            }
        ],
        "tiers": [],
    }
    found = {
        "currency": {"code": "EUR"},
        "logger": "mylogger",
        "date": str(_BORN_S),
        "storage_settings": storage,
        "single_rate": {"rate": 0.31, "sell": 0.05},
        "seasons": [season],
        "seasons_sell": [],
    }
    return {"tariff": found, "schedule": {"source": "Tariff", "version": "00.00.02"}}


def _relays() -> Iterator[str]:
    yield from ("NC1", "NC2", "NO1", "NO2")


def _battery(now: Moment, index: int, battery: Battery, truth: BatteryTruth) -> dict[str, Any]:
    temperature_c = round(18 + 0.2 * now.truth.temperature_c + abs(truth.power_w) / 500)
    return _device(now, "830-01760-r37", serial(index)) | {
        "admin_state": 6,
        "admin_state_str": "ENCHG_STATE_READY",
        "bmu_fw_version": "2.1.34",
        "sleep_enabled": False,
        "percentFull": int(truth.soc_percent),
        "temperature": temperature_c,
        "maxCellTemp": temperature_c + 1,
        "reported_enc_grid_state": "grid-tied",
        "led_status": 12 if truth.power_w < 0 else 13 if truth.power_w else 14,
        "dc_switch_off": False,
        "encharge_rev": 2,
        "encharge_capacity": battery.capacity_wh,
        "phase": "ph-a",
        "der_index": index + 1,
    }


def _controller(now: Moment) -> dict[str, Any]:
    return _device(now, "860-00276-r42", _CONTROLLER) | {
        "admin_state": 24,
        "admin_state_str": "ENPWR_STATE_OPER_CLOSED",
        "temperature": round(now.truth.temperature_c * 9 / 5 + 50),
        "mains_admin_state": "closed",
        "mains_oper_state": "closed",
        "Enpwr_grid_mode": "multimode-ongrid",
        "Enchg_grid_mode": "multimode-ongrid",
        "Enpwr_relay_state_bm": 496,
        "Enpwr_curr_state_id": 16,
    }


def _device(now: Moment, part: str, number: str) -> dict[str, Any]:
    return {
        "part_num": part,
        "serial_num": number,
        "installed": _BORN_S,
        "device_status": ["envoy.global.ok", "prop.done"],
        "last_rpt_date": now.epoch_s // 60 * 60,
        "created_date": _BORN_S,
        "img_load_date": _BORN_S,
        "img_pnum_running": "2.6.5973_rel/22.11",
        "communicating": True,
        "comm_level_sub_ghz": 5,
        "comm_level_2_4_ghz": 5,
    }
