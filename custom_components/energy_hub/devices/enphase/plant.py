"""What the entities of a gateway show: one pass, with counters as far as they are believed."""

from collections.abc import Mapping
from dataclasses import dataclass

from .fleet import Shown, Unit
from .read import Said

INVERTER = "inverter/"
UNIT = "unit/"
BATTERY = "battery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A gateway with its inverters and batteries."""

    said: Said
    energy: Mapping[str, float | None]
    """Believed counters in kWh, by their name in `Said`."""
    today_kwh: float | None
    month_kwh: float | None
    seven_days_kwh: float | None
    inverters: Mapping[str, Shown]
    units: Mapping[str, Unit]

    @property
    def silent(self) -> int:
        """How many inverters have not reported for too long."""
        return sum(one.stale for one in self.inverters.values())

    def child(self, name: str) -> Plant | Shown | Unit | None:
        """Return what a sub-device shows; None while it is not there."""
        if name.startswith(INVERTER):
            return self.inverters.get(name.removeprefix(INVERTER))
        if name.startswith(UNIT):
            return self.units.get(name.removeprefix(UNIT))
        return self if self.said.has_battery else None
