"""What entities show of a plant, of an inverter and of a port. None is unknown."""

from datetime import datetime
from typing import NamedTuple

from ...reading import Flags


class CloudView(NamedTuple):
    """Calls that a key has left this month."""

    calls_left: int | None


class PlantView(NamedTuple):
    """W and kWh; `last_data` is the plant's own time of its newest figures."""

    power_w: float | None
    today_kwh: float | None
    month_kwh: float | None
    year_kwh: float | None
    total_kwh: float | None
    flags: Flags
    last_data: datetime | None


class InverterView(NamedTuple):
    """W, Hz, V and kWh."""

    power_w: float | None
    frequency_hz: float | None
    temperature_c: float | None
    volts: tuple[float | None, ...]
    today_kwh: float | None

    def volt(self, phase: int) -> float | None:
        """Return the voltage of a phase, from 0; None for one that it does not have."""
        return self.volts[phase] if phase < len(self.volts) else None


class PortView(NamedTuple):
    """V, A, W on the DC side, kWh on the AC side."""

    voltage_v: float | None
    current_a: float | None
    power_w: float | None
    today_kwh: float | None


type View = CloudView | PlantView | InverterView | PortView
