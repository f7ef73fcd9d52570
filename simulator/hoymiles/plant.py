"""One plant as the cloud knows it at a moment: its inverters, its samples, its numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from .config import MicroConfig, PlantConfig
from .faults import HoymilesFault as Fault
from .micro import MicroSample, die, report
from .track import Sight, Tracks, midnight

_MISSING: Final = 7
_SHIFT: Final = 2
_ADDED_ID: Final = 9_000_000
_JUMP_WH: Final = 50_000_000.0
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """A plant's own figures: W and Wh; `at` is when its DTU last said something."""

    at: datetime
    power_w: float
    today_wh: int
    month_wh: float
    year_wh: float
    total_wh: float


class Plant:
    """A plant at one moment; `since` says when each fault that strikes it began."""

    def __init__(
        self,
        config: PlantConfig,
        tracks: Tracks,
        now: datetime,
        since: Mapping[Fault, datetime],
        zone: ZoneInfo,
        seed: int,
    ) -> None:
        """Look at a plant; `now` is the moment of its newest possible sample."""
        self.config: Final = config
        self.zone: Final = zone
        self.faults: Final[Collection[Fault]] = since.keys()
        self._tracks: Final = tracks
        self._since: Final = since
        self._seed: Final = seed
        self._now: Final = min(now, since.get(Fault.OFFLINE, now))
        self._today: Final = self._now.astimezone(zone).date()

    @cached_property
    def micros(self) -> tuple[MicroConfig, ...]:
        """Return its inverters as they are now."""
        micros = self.config.micros
        if Fault.REMOVED in self.faults:
            micros = micros[:-1]
        if Fault.ADDED in self.faults:
            number = self.config.id
            micros = (*micros, MicroConfig(f"1121{number:08d}", _ADDED_ID + number, (1, 2)))
        if Fault.SHIFTED_PORTS in self.faults:
            return tuple(
                replace(one, ports=tuple(port + _SHIFT for port in one.ports)) for one in micros
            )
        return micros

    def day(self, micro: MicroConfig, day: date, step_min: int) -> list[MicroSample]:
        """Return the samples of an inverter on a local day, in the order of the cloud."""
        sights = self._sights(day, step_min)
        samples = report(micro, sights, self._shares[micro.id])
        if Fault.DYING in self.faults and micro.id == self.micros[0].id:
            died = self._since[Fault.DYING]
            samples = die(samples, sum(one.at <= died for one in sights))
        if Fault.MISSING_LABEL in self.faults:
            samples = [one for index, one in enumerate(samples) if index % _MISSING != _MISSING - 1]
        if Fault.UNSORTED in self.faults:
            middle = len(samples) // 2
            samples = [*samples[middle:], *reversed(samples[:middle])]
        return samples

    def today_wh(self, step_min: int) -> int:
        """Return the energy of today: that of the ports at their newest label."""
        if Fault.AHEAD in self.faults:
            return self._whole_wh(self._tracks.now(self._now, self.zone))
        sights = self._sights(self._today, step_min)
        if not sights:
            return 0
        if Fault.DYING in self.faults:
            days = (self.day(micro, self._today, step_min) for micro in self.micros)
            return sum(_last_wh(samples) for samples in days)
        return self._whole_wh(sights[-1])

    def numbers(self, step_min: int) -> Numbers | None:
        """Return the plant's own figures; None before its first sample."""
        sights = self._sights(self._today, step_min)
        if not self.micros or not (sights or self._sights(self._today - _DAY, step_min)):
            return None
        last = (sights or self._sights(self._today - _DAY, step_min))[-1]
        # A DTU that is gone leaves its last word; one that sleeps says that there is nothing.
        live = Fault.OFFLINE in self.faults or self._now - last.at < timedelta(minutes=2 * step_min)
        month, year = self._today.replace(day=1), self._today.replace(month=1, day=1)
        if Fault.COUNTER_ZERO in self.faults:
            return Numbers(
                last.at, self._power_w(last, step_min) if live else 0.0, 0, 0.0, 0.0, 0.0
            )
        jump_wh = _JUMP_WH if Fault.COUNTER_JUMP in self.faults else 0.0
        return Numbers(
            at=last.at,
            power_w=self._power_w(last, step_min) if live else 0.0,
            today_wh=self.today_wh(step_min),
            month_wh=self._energy_wh(month, last.at),
            year_wh=self._energy_wh(year, last.at),
            total_wh=self._scale * 1000 * self._tracks.total_kwh(last.at) + jump_wh,
        )

    def is_today(self, now: datetime) -> bool:
        """Return whether its newest possible sample is of the same local day as a moment."""
        return self._today == now.astimezone(self.zone).date()

    def daily_wh(self, day: date) -> float:
        """Return the energy of a local day, as far as it has passed."""
        end = min(self._now, midnight(day + _DAY, self.zone))
        return self._energy_wh(day, end)

    def _energy_wh(self, day: date, end: datetime) -> float:
        start = min(end, midnight(day, self.zone))
        return self._scale * self._tracks.energy_wh(start, end)

    def _power_w(self, last: Sight, step_min: int) -> float:
        if Fault.DYING in self.faults:
            days = [self.day(micro, self._today, step_min) for micro in self.micros]
            return round(sum(_last_w(samples) for samples in days), 1)
        return round(self._scale * last.power_w, 1)

    def _whole_wh(self, sight: Sight) -> int:
        ports = (share for one in self.micros for share in self._shares[one.id])
        return sum(int(share * sight.energy_wh) for share in ports)

    def _sights(self, day: date, step_min: int) -> list[Sight]:
        if Fault.EMPTY_DAY in self.faults:
            return []
        return self._tracks.day(day, self.zone, step_min, self._now)

    @cached_property
    def _scale(self) -> float:
        """Return what the plant gives, as a multiple of the house's array."""
        return sum(share for one in self.micros for share in self._shares[one.id])

    @cached_property
    def _shares(self) -> dict[int, tuple[float, ...]]:
        """Return what each port of each inverter gives, in the same measure."""
        own = self._tracks.array
        count = sum(len(one.ports) for one in self.config.micros)
        name = own.id if self.config.scale == 1 else str(self.config.id)
        shares = iter(replace(own, id=name, panels=count).shares(self._seed) if count else ())
        found = {
            one.id: tuple(self.config.scale * next(shares) for _ in one.ports)
            for one in self.config.micros
        }
        for one in self.micros:
            found.setdefault(one.id, (self.config.scale / max(1, count),) * len(one.ports))
        return found


def _last_wh(samples: list[MicroSample]) -> int:
    """Return the energy of an inverter's ports, also of those that are gone by now."""
    most: dict[int, int] = {}
    for port in (port for one in samples for port in one.ports):
        most[port.port] = max(port.energy_wh, most.get(port.port, 0))
    return sum(most.values())


def _last_w(samples: list[MicroSample]) -> float:
    return max(samples, key=lambda one: one.label).power_w if samples else 0.0
