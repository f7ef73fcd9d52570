"""What a cluster of ECUs knows at one moment of the house."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from simulator.world import Battery, BatteryTruth, House, Truth

from .config import EcuConfig, HomevoltConfig
from .schedule import Entry


class Unit(NamedTuple):
    """One ECU: what it is, its battery, what that does."""

    ecu: EcuConfig
    battery: Battery
    truth: BatteryTruth

    @property
    def content_wh(self) -> float:
        """Return the energy in it."""
        return 1000 * self.truth.stored_kwh

    @property
    def reach_w(self) -> tuple[int, int]:
        """Return the power that it could charge and discharge with now."""
        low_w, high_w = self.battery.reach(self.truth.stored_kwh * 3_600_000, 60)
        return -low_w, high_w


class Moment:
    """The cluster at one moment."""

    def __init__(
        self,
        house: House,
        config: HomevoltConfig,
        at: datetime,
        own_s: int,
        zone: ZoneInfo,
        active: Entry | None,
    ) -> None:
        """Look at the cluster; `own_s` is what its clock shows, `active` the running schedule."""
        self.config: Final = config
        self.at: Final = at
        self.own_s: Final = own_s
        self.zone: Final = zone
        self.active: Final = active
        self.truth: Final[Truth] = house.truth(at)
        bank = {one.id: one for one in house.config.batteries}
        self.units: Final = tuple(
            Unit(one, bank[one.battery], self.truth.batteries[one.battery]) for one in config.ecus
        )

    @property
    def power_w(self) -> int:
        """Return the power of the whole cluster, + discharge."""
        return sum(one.truth.power_w for one in self.units)

    @property
    def load_w(self) -> int:
        """Return what is left for the house behind clamps and batteries, other batteries in it."""
        return self.truth.grid_w + self.truth.solar_w + self.power_w

    @property
    def others(self) -> Sequence[BatteryTruth]:
        """Return the batteries of other makes, which count as load."""
        own = {one.battery.id for one in self.units}
        return [one for name, one in self.truth.batteries.items() if name not in own]
