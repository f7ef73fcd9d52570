"""What a gateway can be asked for, and how long each answer is good.

Response times and rates of change: the project's notes on the Envoy, from captures of real
gateways. Readings of the transformers change every second, inverters report every 5 to 15
minutes, what is installed hardly ever changes.
"""

from collections.abc import Mapping
import json
from typing import Final

INFO: Final = "/info"
CHECK: Final = "/auth/check_jwt"
METERS: Final = "/ivp/meters"
READINGS: Final = "/ivp/meters/readings"
REPORTS: Final = ("/production.json?details=1", "/production")
SUMMARY: Final = "/api/v1/production"
INVERTERS: Final = ("/ivp/pdm/device_data", "/api/v1/production/inverters")
BATTERY_POWER: Final = "/ivp/ensemble/power"
BATTERY_STATE: Final = "/ivp/ensemble/secctrl"
BATTERIES: Final = "/ivp/ensemble/inventory"
AC_BATTERIES: Final = "/inventory.json?deleted=1"
SOURCES: Final = frozenset(
    {METERS, READINGS, *REPORTS, SUMMARY, *INVERTERS, BATTERY_POWER, BATTERIES, AC_BATTERIES}
)
"""What entities come from: what of it a gateway has once answered is waited for at a start."""
UNUSED: Final[Mapping[str, str]] = {
    "/admin/lib/tariff": "{}",
    "/ivp/ensemble/dry_contacts": '{"dry_contacts": []}',
    "/ivp/ss/dry_contact_settings": '{"dry_contacts": []}',
    "/ivp/ss/gen_config": "{}",
}
"""What the library wants and nobody here reads, with an answer that keeps it content."""
EMPTY: Final[Mapping[str, str]] = {
    READINGS: "[]",
    BATTERY_POWER: '{"devices:": []}',
    BATTERY_STATE: json.dumps(
        dict.fromkeys(
            (
                "ENC_agg_avail_energy",
                "ENC_agg_backup_energy",
                "ENC_agg_soc",
                "Enc_max_available_capacity",
                "adjusted_backup_soc",
                "configured_backup_soc",
            )
        )
    ),
}
"""What the library cannot do without; where a gateway has never answered it, nothing is known."""

_LIVE: Final = 60.0
_SLOW: Final = 300.0
_HOUR: Final = 3600.0

PERIODS: Final[Mapping[str, float]] = {
    READINGS: 0.0,
    SUMMARY: _LIVE,
    BATTERY_POWER: _LIVE,
    BATTERY_STATE: _LIVE,
    METERS: _HOUR,
}
"""Seconds that an answer is good; 0: for one pass. What is not here is good for `OTHER`."""
OTHER: Final = _SLOW
LIVE_REPORT: Final[Mapping[str, float]] = dict.fromkeys(REPORTS, _LIVE)
"""Where no transformer measures production, the report is the live picture of it."""
