"""What a gateway knows at one moment of the house."""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from simulator.world import Battery, BatteryTruth, House, PvArray, Truth

from .config import EnvoyConfig

_WEEK_DAYS = 7


class Moment:
    """One gateway at one moment; energies in Wh since long ago, powers in W."""

    def __init__(self, house: House, config: EnvoyConfig, at: datetime) -> None:
        """Look at a gateway; raises KeyError when the house lacks its array or battery."""
        self.house: Final = house
        self.config: Final = config
        self.at: Final = at
        self.zone: Final = ZoneInfo(house.config.place.zone)
        self.epoch_s: Final = int(at.timestamp())
        self.array: Final[PvArray] = {one.id: one for one in house.config.arrays}[config.array]
        known = {one.id: one for one in house.config.batteries}
        self.batteries: Final[tuple[Battery, ...]] = tuple(known[one] for one in config.batteries)

    @cached_property
    def truth(self) -> Truth:
        """Return what is true now."""
        return self.house.truth(self.at)

    @cached_property
    def day(self) -> Moment:
        """Return the same gateway at the last local midnight."""
        return self._midnight(0)

    @cached_property
    def week(self) -> Moment:
        """Return the same gateway at the midnight that began the last seven days, this included."""
        return self._midnight(_WEEK_DAYS - 1)

    @cached_property
    def week_before(self) -> Moment:
        """Return the same gateway seven days before the last midnight."""
        return self._midnight(_WEEK_DAYS)

    def _midnight(self, days_back: int) -> Moment:
        local = self.at.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        start = (local.replace(fold=0) - timedelta(days=days_back)).astimezone(UTC)
        return Moment(self.house, self.config, max(self.house.begin, start))

    @property
    def production_w(self) -> int:
        """Return what its inverters give."""
        return self.truth.arrays[self.config.array].power_w

    @property
    def production_wh(self) -> float:
        """Return what they have given."""
        return 1000 * self.truth.arrays[self.config.array].energy_kwh

    @property
    def net_w(self) -> int:
        """Return the power from the grid, + import."""
        return self.truth.grid_w

    @property
    def import_wh(self) -> float:
        """Return what came from the grid."""
        return 1000 * self.truth.import_kwh

    @property
    def export_wh(self) -> float:
        """Return what went to the grid."""
        return 1000 * self.truth.export_kwh

    @property
    def units(self) -> tuple[BatteryTruth, ...]:
        """Return what its batteries do."""
        return tuple(self.truth.batteries[one.id] for one in self.batteries)

    @property
    def battery_w(self) -> int:
        """Return the power of its batteries, + discharge."""
        return sum(one.power_w for one in self.units)

    @property
    def charged_wh(self) -> float:
        """Return what its batteries have taken."""
        return 1000 * sum(one.charged_kwh for one in self.units)

    @property
    def discharged_wh(self) -> float:
        """Return what its batteries have given."""
        return 1000 * sum(one.discharged_kwh for one in self.units)

    @property
    def soc(self) -> float:
        """Return the state of charge of all its batteries in %."""
        whole_wh = sum(one.capacity_wh for one in self.batteries)
        return 100_000 * sum(one.stored_kwh for one in self.units) / whole_wh if whole_wh else 0.0
