"""What the sun made of the house's array on one day, sample by sample."""

from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from simulator.world import House

_ARRAY: Final = "hoymiles"
_KEPT_DAYS: Final = 8
_SECOND: Final = timedelta(seconds=1)


class Sight(NamedTuple):
    """The house's array at one moment: power (W), energy since local midnight (Wh), its phases.

    `label` is the local clock, `outside_c` the temperature of the air.
    """

    at: datetime
    label: str
    power_w: float
    energy_wh: float
    volts: tuple[float, float, float]
    frequency_hz: float
    outside_c: float


class Tracks:
    """The days of a house, each computed once."""

    def __init__(self, house: House) -> None:
        """Look at a house; raises KeyError when it has no Hoymiles array."""
        self._house: Final = house
        self.array: Final = {one.id: one for one in house.config.arrays}[_ARRAY]
        self._days: dict[tuple[str, int, date], list[Sight]] = {}

    def day(self, day: date, zone: ZoneInfo, step_min: int, until: datetime) -> list[Sight]:
        """Return the samples with light of a local day, at most up to a moment."""
        sights = self._all(day, zone, step_min, until)
        return [one for one in sights if one.power_w > 0 and one.at <= until]

    def now(self, at: datetime, zone: ZoneInfo) -> Sight:
        """Return one moment."""
        return self._sight(at, zone, self.total_kwh(midnight(at.astimezone(zone).date(), zone)))

    def energy_wh(self, start: datetime, end: datetime) -> float:
        """Return the energy between two moments, from the beginning of the house on."""
        return 1000 * (self.total_kwh(end) - self.total_kwh(start))

    def total_kwh(self, at: datetime) -> float:
        """Return the energy of its life at a moment; that of the beginning before it."""
        return self._house.truth(max(self._house.begin, at)).arrays[_ARRAY].energy_kwh

    def _all(self, day: date, zone: ZoneInfo, step_min: int, until: datetime) -> list[Sight]:
        start, step = midnight(day, zone), timedelta(minutes=step_min)
        end = min(until, midnight(day + timedelta(days=1), zone) - _SECOND)
        known = self._known((zone.key, step_min, day))
        at = known[-1].at + step if known else start
        if at <= end:
            base_kwh = self.total_kwh(start)
            while at <= end:
                if at >= self._house.begin:
                    known.append(self._sight(at, zone, base_kwh))
                at += step
        return known

    def _known(self, key: tuple[str, int, date]) -> list[Sight]:
        if key not in self._days and len(self._days) >= _KEPT_DAYS:
            del self._days[next(iter(self._days))]
        return self._days.setdefault(key, [])

    def _sight(self, at: datetime, zone: ZoneInfo, base_kwh: float) -> Sight:
        truth = self._house.truth(at)
        volts = [one.voltage_v for one in truth.phases]
        array = truth.arrays[_ARRAY]
        return Sight(
            at=at,
            label=f"{at.astimezone(zone):%H:%M}",
            power_w=array.power_w,
            energy_wh=1000 * (array.energy_kwh - base_kwh),
            volts=(volts[0], volts[len(volts) // 2], volts[-1]),
            frequency_hz=truth.frequency_hz,
            outside_c=truth.temperature_c,
        )


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the beginning of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
