"""The keys of a message with micro-inverters, and which values can be true.

Source: docs/enrg-openapi.yaml, which says where it has them from.
"""

from collections.abc import Mapping
import math
from typing import Final, NamedTuple

PORTS: Final = range(1, 9)
PHASES: Final = range(1, 4)
FLAGS: Final = ("OFFLINE", "UNSTABLE", "UMATCHED", "MICROINVERT_WARN", "GRID_WARN")
_DECIMALS: Final = 3


class Range(NamedTuple):
    """The least and the most that a value can be."""

    least: float
    most: float


VOLTS: Final = Range(0, 1_500)
AMPERES: Final = Range(0, 200)
HERTZ: Final = Range(40, 70)
CELSIUS: Final = Range(-60, 150)
WATTS: Final = Range(-math.inf, math.inf)
ENERGY_KWH: Final = Range(0, 100_000)
ENERGY_WH: Final = Range(0, 2_000_000)
"""Of one input in a day."""

MEASURED: Final[Mapping[str, Range]] = {
    "TEMPERATURE_INVERTER": CELSIUS,
    **{f"VOLTAGE_{port}_DC": VOLTS for port in PORTS},
    **{f"CURRENT_{port}_DC": AMPERES for port in PORTS},
    **{f"VOLTAGE_{phase}_AC": VOLTS for phase in PHASES},
    "GRID_FREQUENCY": HERTZ,
    "POWER_SNAPSHOT": WATTS,
}
"""What is measured, and within which limits."""
UNMEASURED: Final = (
    *(f"CURRENT_{phase}_AC" for phase in PHASES),
    "APPARENT_POWER",
    "REACTIVE_POWER",
    "POWER_FACTOR",
    "IRRADIANCE",
    "TEMPERATURE_PANEL",
    "TEMPERATURE_ENVIRONMENT",
    "TEMPERATURE_PCB",
    "HEATSINK_TEMPERATURE",
    "WIND_SPEED",
    "WIND_DIRECTION",
    "HUMIDITY",
    "F1",
    "F2",
    "F3",
    "F4",
)
"""Keys for which no inverter has a value."""


def possible(value: float | None, limits: Range, decimals: int = _DECIMALS) -> float | None:
    """Return a value as it is sent; None for one that cannot be true."""
    if value is None or not math.isfinite(value) or not limits.least <= value <= limits.most:
        return None
    return round(value, decimals)
