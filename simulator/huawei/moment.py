"""What one inverter knows at one moment of the house."""

from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import degrees
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from simulator.world import Battery, BatteryTruth, House, InverterTruth, PvArray, Truth
from simulator.world.sun import sun_position

from .config import InverterConfig

_DUSK_DEG = -3.0
"""Below this the sun leaves too little for the electronics: they stop answering."""
_HALF_DAY_MIN = 720


class Unit(NamedTuple):
    """One battery unit: what it is, what it does."""

    battery: Battery
    truth: BatteryTruth

    @property
    def charge_w(self) -> int:
        """Return its power as the registers count it: + charging."""
        return -self.truth.power_w


class Moment:
    """One inverter at one moment; `skew` is how much its own clock is ahead.

    When it is `dark` its panels give nothing, whatever the sun does.
    """

    def __init__(
        self,
        house: House,
        inverter: InverterConfig,
        at: datetime,
        *,
        skew: timedelta = timedelta(),
        dark: bool = False,
    ) -> None:
        """Look at an inverter; raises KeyError when the house does not have it."""
        self.inverter: Final = inverter
        self.at: Final = at
        self.dark: Final = dark
        self.truth: Final = house.truth(at)
        self._house = house
        self._zone = ZoneInfo(house.config.place.zone)
        self._skew = skew
        self.local: Final = (at + skew).astimezone(self._zone)
        self.joined: Final = {one.id: one for one in house.config.inverters}[inverter.source]
        self.limit_w: Final = self.joined.limit_w

    @cached_property
    def array(self) -> PvArray:
        """Return its panels."""
        return {one.id: one for one in self._house.config.arrays}[self.joined.array]

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Return its battery units."""
        bank = {one.id: one for one in self._house.config.batteries}
        return tuple(Unit(bank[name], self.truth.batteries[name]) for name in self.joined.batteries)

    @property
    def array_w(self) -> int:
        """Return what the panels give, AC W."""
        return 0 if self.dark else self.truth.arrays[self.joined.array].power_w

    @property
    def dc_w(self) -> float:
        """Return what comes in from the panels, DC W."""
        return self.array_w / self.inverter.efficiency

    @property
    def output(self) -> InverterTruth:
        """Return the AC side."""
        return self.truth.inverters[self.inverter.source]

    @property
    def output_w(self) -> int:
        """Return the power on the AC side, + into the house."""
        return self.array_w + sum(one.truth.power_w for one in self.units)

    def dc_kwh(self, truth: Truth) -> float:
        """Return the energy that the panels had given at some moment, DC."""
        return truth.arrays[self.joined.array].energy_kwh / self.inverter.efficiency

    def ac_kwh(self, truth: Truth) -> float:
        """Return the energy that had left the inverter at some moment, AC."""
        return truth.inverters[self.inverter.source].energy_kwh

    @cached_property
    def hour(self) -> Truth:
        """Return the truth at the beginning of this local hour."""
        return self._since(self.local.replace(minute=0))

    @cached_property
    def day(self) -> Truth:
        """Return the truth at the last local midnight."""
        return self._since(self.local.replace(hour=0, minute=0, fold=0))

    @cached_property
    def month(self) -> Truth:
        """Return the truth at the beginning of this local month."""
        return self._since(self.local.replace(day=1, hour=0, minute=0, fold=0))

    @cached_property
    def year(self) -> Truth:
        """Return the truth at the beginning of this local year."""
        return self._since(self.local.replace(month=1, day=1, hour=0, minute=0, fold=0))

    def _since(self, local: datetime) -> Truth:
        start = local.replace(second=0, microsecond=0).astimezone(UTC) - self._skew
        return self._house.truth(max(self._house.begin, start))

    def local_epoch(self, at: datetime) -> int:
        """Return a moment as this inverter counts it: seconds since 1970 on a local clock."""
        local = (at + self._skew).astimezone(self._zone)
        return int(local.replace(tzinfo=UTC).timestamp())

    @property
    def asleep(self) -> bool:
        """Return whether the sun is so low that an inverter without battery does not answer."""
        return not self.units and self._elevation(self.at) < _DUSK_DEG

    @property
    def wake(self) -> datetime:
        """Return when the sun last rose."""
        return self._last_turn(0, lambda at: self._elevation(at) > 0)

    @property
    def rest(self) -> datetime:
        """Return when the sun last set."""
        return self._last_turn(_HALF_DAY_MIN, lambda at: self._elevation(at) <= 0)

    def _last_turn(self, first_min: int, turned: Callable[[datetime], bool]) -> datetime:
        midnight = self.local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        today, yesterday = (
            self._turn(midnight - timedelta(days=back, minutes=-first_min), turned)
            for back in (0, 1)
        )
        return today if today <= self.at else yesterday

    def _turn(self, local: datetime, turned: Callable[[datetime], bool]) -> datetime:
        start = local.astimezone(UTC)
        minutes = [start + timedelta(minutes=one) for one in range(_HALF_DAY_MIN)]
        return minutes[bisect_left(minutes, True, hi=_HALF_DAY_MIN - 1, key=turned)]

    def _elevation(self, at: datetime) -> float:
        return degrees(sun_position(self._house.config.place, at.timestamp()).elevation)
