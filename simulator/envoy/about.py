"""What a gateway says of itself to anybody."""

from typing import Any

from .moment import Moment


def info(now: Moment, firmware: str) -> str:
    """Return the body of `/info`."""
    config = now.config
    metered = "true" if config.metered else "false"
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f"<envoy_info>\n  <time>{now.epoch_s}</time>\n  <device>\n"
        f"    <sn>{config.serial}</sn>\n    <pn>{config.part_number}</pn>\n"
        f"    <software>{firmware}</software>\n    <euaid>4c8675</euaid>\n"
        "    <seqnum>0</seqnum>\n    <apiver>1</apiver>\n"
        f"    <imeter>{metered}</imeter>\n  </device>\n"
        f"  <web-tokens>{str(not config.legacy).lower()}</web-tokens>\n</envoy_info>\n"
    )


def home(now: Moment) -> dict[str, Any]:
    """Return the body of `/home`."""
    local = now.at.astimezone(now.zone)
    interface = {
        "type": "ethernet",
        "interface": "eth0",
        "mac": "00:1D:C0:99:00:01",
        "dhcp": True,
        "ip": "192.0.2.11",
        "signal_strength": 1,
        "signal_strength_max": 1,
        "carrier": True,
    }
    return {
        "software_build_epoch": 1_700_000_000,
        "is_nonvoy": not now.config.metered,
        "timezone": str(now.zone),
        "current_date": local.strftime("%m/%d/%Y"),
        "current_time": local.strftime("%H:%M"),
        "network": {
            "web_comm": True,
            "ever_reported_to_enlighten": True,
            "last_enlighten_report_time": now.epoch_s // 300 * 300,
            "primary_interface": "eth0",
            "interfaces": [interface],
        },
    }
