"""Numbers of a SUN2000 that stand for words. Unknown numbers stay unknown: firmware adds some.

Source: Huawei, Solar Inverter Modbus Interface Definitions, Issue 05; 0x030C is from the field.
"""

from collections.abc import Mapping
from typing import Final

STATUS: Final[Mapping[int, str]] = {
    0x0000: "standby",
    0x0001: "insulation_check",
    0x0002: "irradiation_check",
    0x0003: "grid_check",
    0x0100: "starting",
    0x0200: "on_grid",
    0x0201: "on_grid_limited",
    0x0202: "on_grid_derated",
    0x0203: "off_grid",
    0x0300: "shutdown_fault",
    0x0301: "shutdown_command",
    0x0302: "shutdown_ovgr",
    0x0303: "shutdown_communication",
    0x0304: "shutdown_limited",
    0x0305: "shutdown_manual_start",
    0x0306: "shutdown_dc_switch",
    0x0307: "shutdown_rapid",
    0x0308: "shutdown_low_input",
    0x030C: "shutdown_battery_empty",
    0x0401: "grid_scheduling",
    0x0402: "grid_scheduling",
    0x0403: "grid_scheduling",
    0x0404: "grid_scheduling",
    0x0405: "grid_scheduling",
    0x0500: "spot_check",
    0x0501: "spot_check",
    0x0600: "inspecting",
    0x0700: "afci_check",
    0x0800: "iv_scan",
    0x0900: "dc_detection",
    0x0A00: "off_grid_charging",
    0xA000: "no_irradiation",
}

BATTERY_STATUS: Final[Mapping[int, str]] = {
    0: "offline",
    1: "standby",
    2: "running",
    3: "fault",
    4: "sleeping",
}

BATTERY_MODES: Final[Mapping[int, str]] = {
    0: "none",
    1: "forced",
    2: "time_of_use",
    3: "fixed",
    4: "self_consumption",
    5: "full_solar_export",
    6: "time_of_use",
    7: "remote",
    8: "remote",
    9: "remote",
    10: "ai",
    11: "ai",
}
"""The working mode that runs (37006)."""

EXPORT_MODES: Final[Mapping[int, str]] = {
    0: "unlimited",
    1: "dry_contact",
    5: "zero",
    6: "power",
    7: "percent",
}
"""How the feed-in is limited (47415)."""

METER_NORMAL: Final = 1

# Bit of the three alarm registers, lowest first -> Huawei's number of the alarm.
_ALARM_1: Final = (
    "a2001", "a2002", "a2011", "a2012", "a2013", "a2021", "a2031", "a2032",
    "a2033", "a2034", "a2035", "a2036", "a2037", "a2038", "a2039", "a2040",
)  # fmt: skip
_ALARM_2: Final = (
    "a2051", "a2061", "a2062", "a2063", "a2064", "a2065", "a2066", "a61440",
    "a2067", "a2068", "a2070", "a2071", "a2072", "a2075", "a2077", "a2080",
)  # fmt: skip
_ALARM_3: Final = (
    "a2081", "a2085", "a2014", "a2086", "a2069", "a2082", "a2015", "a2087",
    "a2088", "a2089", "a2090", "a2091", "a2092", "a2003", "a2093", "a2094",
)  # fmt: skip
NO_ALARM: Final = "none"
ALARM_OPTIONS: Final = (NO_ALARM, *_ALARM_1, *_ALARM_2, *_ALARM_3)


def word(table: Mapping[int, str], number: float | None) -> str | None:
    """Return the word of a number; None for an unknown number."""
    return None if number is None else table.get(int(number))


def number(table: Mapping[int, str], text: str) -> int:
    """Return the number of a word; raises StopIteration for one that is not in the table."""
    return next(raw for raw, one in table.items() if one == text)


def alarms(first: float | None, second: float | None, third: float | None) -> list[str] | None:
    """Return the alarms that are on; None while the registers are not known."""
    if first is None or second is None or third is None:
        return None
    bits = int(first) | int(second) << 16 | int(third) << 32
    return [word for place, word in enumerate(ALARM_OPTIONS[1:]) if bits >> place & 1]
