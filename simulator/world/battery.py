"""Batteries: they hold the meter at a set-point, by default at zero, unless commanded."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Battery:
    """A battery on the AC side; efficiency is that of one way, SoC limits are 0..100 %."""

    id: str
    capacity_wh: int
    charge_w: int
    discharge_w: int
    efficiency: float = 0.95
    min_soc: float = 10.0
    max_soc: float = 100.0
    start_soc: float = 50.0

    def stored_j(self, soc: float) -> float:
        """Return the energy content in J at a state of charge in %."""
        return soc / 100 * self.capacity_wh * 3600

    def soc(self, stored_j: float) -> float:
        """Return the state of charge in % of an energy content in J."""
        return 100 * stored_j / (self.capacity_wh * 3600)

    def room_w(self, stored_j: float, soc: float, step_s: int) -> int:
        """Return the power (>= 0) that fills it up to this state of charge in one step."""
        return max(0, int((self.stored_j(soc) - stored_j) / self.efficiency / step_s))

    def reach(
        self, stored_j: float, step_s: int, target_soc: float | None = None
    ) -> tuple[int, int]:
        """Return how far power can go for one step: charging (<= 0) and discharging (>= 0), W.

        A target ends both ways there, where the battery's own limits do not come first.
        """
        top, bottom = self.max_soc, self.min_soc
        if target_soc is not None:
            top, bottom = min(top, target_soc), max(bottom, target_soc)
        room = self.room_w(stored_j, top, step_s)
        content = (stored_j - self.stored_j(bottom)) * self.efficiency / step_s
        return -min(self.charge_w, room), max(0, min(self.discharge_w, int(content)))

    def change_j(self, power_w: int, step_s: int) -> float:
        """Return what one step at this power adds to the content, losses included."""
        if power_w > 0:
            return -power_w * step_s / self.efficiency
        return -power_w * step_s * self.efficiency


@dataclass(frozen=True, slots=True)
class BatteryCommand:
    """What a battery does until a moment (None: for ever), then it follows the house again.

    `power_w` is its own power, + discharge. When that is None the battery regulates: it keeps
    the grid meter at `grid_w`, + import; that at 0 is what an uncommanded battery does. One that
    `stores_only` takes the surplus and gives nothing back. A command to charge or discharge also
    ends for good when the state of charge reaches `target_soc` in %.
    """

    power_w: int | None
    until: datetime | None = None
    grid_w: int = 0
    target_soc: float | None = None
    stores_only: bool = False


FOLLOW = BatteryCommand(power_w=None)


@dataclass(frozen=True, slots=True)
class BatteryRules:
    """What its owner allows a battery for good; None is what the battery itself can do.

    `grid_w` is how much it may charge beyond what the array of its own inverter gives, and
    `grid_soc` the state of charge up to which it may; with None it may charge from anything.
    `uncommanded` is what it does while no command counts.
    """

    charge_w: int | None = None
    discharge_w: int | None = None
    min_soc: float | None = None
    max_soc: float | None = None
    grid_w: int | None = None
    grid_soc: float = 100.0
    uncommanded: BatteryCommand = FOLLOW

    def limit(self, battery: Battery) -> Battery:
        """Return the battery as these rules leave it."""
        return replace(
            battery,
            charge_w=_least(battery.charge_w, self.charge_w),
            discharge_w=_least(battery.discharge_w, self.discharge_w),
            min_soc=battery.min_soc if self.min_soc is None else self.min_soc,
            max_soc=battery.max_soc if self.max_soc is None else self.max_soc,
        )


def _least(own: int, allowed: int | None) -> int:
    return own if allowed is None else min(own, allowed)
