"""The smaller documents: status, nodes, their metrics, the error report."""

from typing import Any

from .config import ClampConfig
from .moment import Moment


def status(now: Moment, up_ms: int) -> dict[str, Any]:
    """Return `/status.json`; everything that would tell of a place or a person is made up."""
    return {
        "up_time": up_ms,
        "firmware": {"esp": now.config.firmware, "efr": "804-99aabbcc"},
        "wifi_status": {
            "wifi_mode": "sta",
            "ip": "192.0.2.7",
            "ssid": "made-up",
            "bssid": "99aabbccdd99",
            "rssi": -43,
            "connected": True,
        },
        "lte_status": {
            "imei": "990000000000001",
            "imsi": "990000000000002",
            "iccid": "9900000000000000003",
            "operator_name": "Nobody",
            "area_code": '"999"',
            "cell_id": '"99FFFFF"',
            "rssi_db": -65,
        },
        "mqtt_status": {"connected": True, "subscribed": True},
        "ota_update_running": False,
        "ems_status": {
            "ems_info": {
                "fw_version": "v31.4",
                "rated_power": now.units[0].battery.charge_w,
                "rated_cap": now.units[0].battery.capacity_wh,
            },
        },
    }


def nodes(now: Moment) -> list[dict[str, Any]]:
    """Return `/nodes.json`: the clamps, and one that is paired and never seen."""
    shown = [_node(one, seen=True) for one in now.config.clamps]
    lost = ClampConfig(2, "a499aafffe000002", "unspecified", 0)
    return [*shown, _node(lost, seen=False)]


def _node(clamp: ClampConfig, *, seen: bool) -> dict[str, Any]:
    return {
        "node_id": clamp.node_id,
        "product_model": "TBF01",
        "eui": clamp.euid,
        "version": "1220-99aabbcc",
        "average_rssi": clamp.rssi,
        "rssi": clamp.rssi,
        "lqi": 255 if seen else 0,
        "pdr": 100 if seen else 0,
        "last_seen_ms": 4908 if seen else 2_147_483_647,
        "available": seen,
        "paired": True,
        "model": "tibber-pulse-clamp-node-efr32-fg23",
    }


def node_metrics(now: Moment, node_id: int) -> dict[str, Any] | None:
    """Return `/node_metrics.json` of a clamp; None when there is no such node."""
    if node_id not in {one.node_id for one in now.config.clamps}:
        return None
    return {
        "node": {
            "node_id": node_id,
            "timestamp": now.own_s,
            "battery_voltage": round(3.05 - node_id / 100, 2),
            "temperature": round(now.truth.temperature_c, 2),
            "avg_rssi": -76.22,
            "node_uptime": 2_043_675_213,
            "usb_power": False,
        },
        "packet_delivery_rate": 100,
    }


def error_report(now: Moment, *, local: bool, warning: bool, alarm: bool) -> list[dict[str, Any]]:
    """Return `/error_report.json`: every check of every part, as real ones fail harmlessly too."""
    checks = (
        ("ECU", "power_24v", "ok", ""),
        ("ECU", "local_mode_disabled", "warning" if local else "ok", ""),
        ("EMS", "ems_connectivity", "ok", ""),
        ("EMS", "ems_alarm", "error" if alarm else "ok", "1 EMS alarms" if alarm else ""),
        ("EMS", "ems_warning", "warning" if warning else "ok", ""),
        ("CONNECTIVITY", "lte", "error", "LTE error: 5"),
        ("PULSE SOLAR", "distribute status", "unknown", ""),
        ("PULSE GRID", "available", "ok", ""),
        ("EFR_HUB", "ac_voltage", "ok", f"AC voltage: {now.truth.phases[0].voltage_v:.2f} V"),
    )
    return [
        {
            "sub_system_id": number,
            "sub_system_name": part,
            "error_id": number,
            "error_name": name,
            "activated": activated,
            "message": message,
            "details": [],
        }
        for number, (part, name, activated, message) in enumerate(checks)
    ]
