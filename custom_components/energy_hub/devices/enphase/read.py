"""What the library made of one pass -> what this house's entities and counters need. Pure.

Readings of the transformers come first: they are of one moment, and their counters are the
best that a gateway has. Then its production report, then the sum of the inverters. Powers
are W with the signs of the house: + production, + import, + discharge.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from .client import CtType, EnvoyData, EnvoyMeterData, EnvoySystemProduction
from .paths import BATTERY_POWER, BATTERY_STATE, READINGS, REPORTS, SUMMARY

# Production, grid and battery are measured by different transformers.
_SKEW_W: Final = 50.0
_INVERTERS: Final = "inverters"


class Count(NamedTuple):
    """A counter: Wh, and whose it is."""

    wh: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One pass; None is unknown."""

    production_w: float | None
    consumption_w: float | None
    grid_w: float | None
    battery_w: float | None
    battery_soc: float | None
    battery_capacity_wh: float | None
    has_battery: bool
    production: Count | None
    consumption: Count | None
    grid_import: Count | None
    grid_export: Count | None
    charged: Count | None
    discharged: Count | None
    today_wh: float | None
    """What the gateway itself says of the day and the seven days."""
    seven_days_wh: float | None
    measured: bool
    """Whether a transformer measures production."""
    sees_grid: bool
    """Whether one measures what the house draws."""


def read(data: EnvoyData, is_stale: Callable[[str], bool]) -> Said:
    """Return what was said; what comes from stale answers is unknown."""
    return _Reader(data, is_stale).said()


class _Reader:
    """One pass, asked piece by piece."""

    def __init__(self, data: EnvoyData, is_stale: Callable[[str], bool]) -> None:
        """Leave out what is too old."""

        def fresh(paths: Iterable[str]) -> bool:
            return not any(path in data.raw and is_stale(path) for path in paths)

        self._data = data
        self._meters = data.ctmeters if fresh([READINGS]) else {}
        report = fresh([*REPORTS, SUMMARY])
        self._made = data.system_production if report else None
        self._used = data.system_consumption if report else None
        self._net = data.system_net_consumption if report else None
        self._storage = (data.encharge_power or {}) if fresh([BATTERY_POWER]) else {}
        self._state = fresh([BATTERY_STATE])

    def said(self) -> Said:
        """Return everything."""
        production_w, grid_w, battery_w = self._production_w(), self._grid_w(), self._battery_w()
        made = self._made_of_days()
        return Said(
            production_w=production_w,
            consumption_w=self._consumption_w(production_w, grid_w, battery_w),
            grid_w=grid_w,
            battery_w=battery_w,
            battery_soc=self._soc(),
            battery_capacity_wh=self._capacity_wh(),
            has_battery=self._has_battery,
            production=self._production(),
            consumption=self._consumption(),
            grid_import=self._delivered(CtType.NET_CONSUMPTION),
            grid_export=self._received(CtType.NET_CONSUMPTION),
            charged=self._received(CtType.STORAGE),
            discharged=self._delivered(CtType.STORAGE),
            today_wh=None if made is None else made.watt_hours_today,
            seven_days_wh=None if made is None else made.watt_hours_last_7_days,
            measured=CtType.PRODUCTION in self._data.ctmeters,
            sees_grid=self._sees_grid,
        )

    def _meter(self, kind: CtType) -> EnvoyMeterData | None:
        return self._meters.get(kind)

    def _power(self, kind: CtType) -> float | None:
        meter = self._meter(kind)
        return None if meter is None else meter.active_power

    def _delivered(self, kind: CtType) -> Count | None:
        meter = self._meter(kind)
        return None if meter is None else _count(meter.energy_delivered, "meter")

    def _received(self, kind: CtType) -> Count | None:
        meter = self._meter(kind)
        return None if meter is None else _count(meter.energy_received, "meter")

    def _production_w(self) -> float | None:
        if CtType.PRODUCTION in self._data.ctmeters:
            return self._power(CtType.PRODUCTION)
        return None if self._made is None else self._made.watts_now

    def _grid_w(self) -> float | None:
        known = self._data.ctmeters
        if CtType.NET_CONSUMPTION in known:
            return self._power(CtType.NET_CONSUMPTION)
        if {CtType.TOTAL_CONSUMPTION, CtType.PRODUCTION} <= set(known):
            return _less(
                self._power(CtType.TOTAL_CONSUMPTION),
                self._power(CtType.PRODUCTION),
                self._battery_w() if self._has_battery else 0,
            )
        return None if self._net is None else self._net.watts_now

    def _battery_w(self) -> float | None:
        if CtType.STORAGE in self._data.ctmeters:
            return self._power(CtType.STORAGE)
        powers = [unit.real_power_mw / 1000 for unit in self._storage.values()]
        if self._data.acb_power is not None:
            powers.append(self._data.acb_power.power)
        return sum(powers) if powers else None

    @property
    def _sees_grid(self) -> bool:
        known = {CtType.NET_CONSUMPTION, CtType.TOTAL_CONSUMPTION} & set(self._data.ctmeters)
        return bool(known) or self._data.system_net_consumption is not None

    @property
    def _has_battery(self) -> bool:
        data = self._data
        return bool(data.encharge_inventory or data.acb_power or CtType.STORAGE in data.ctmeters)

    def _consumption_w(
        self, production_w: float | None, grid_w: float | None, battery_w: float | None
    ) -> float | None:
        """Return what the house draws: with a battery the gateway's own figure is not that."""
        if CtType.TOTAL_CONSUMPTION in self._data.ctmeters:
            return self._power(CtType.TOTAL_CONSUMPTION)
        if production_w is None or grid_w is None or (self._has_battery and battery_w is None):
            return None
        used = production_w + grid_w + (battery_w or 0)
        if used < -_SKEW_W:
            # Something that the gateway does not measure feeds the house.
            return None
        return max(0.0, used)

    def _production(self) -> Count | None:
        """Return the counter of production; a gateway that starts shows 0, which is unknown."""
        if CtType.PRODUCTION in self._data.ctmeters:
            count = self._delivered(CtType.PRODUCTION)
        elif self._made is None:
            count = None
        else:
            count = _count(self._made.watt_hours_lifetime, self._origin())
        return count if count and count.wh > 0 else None

    def _made_of_days(self) -> EnvoySystemProduction | None:
        """Return what has figures of days that belong to the counter it shows.

        The sum of the inverters has none; beside it stand those of a transformer that is
        switched off, or zeros.
        """
        made = self._made
        return None if made is None or self._origin() == _INVERTERS else made

    def _origin(self) -> str:
        """Return whose counter the production report shows."""
        if SUMMARY in self._data.raw:
            return "summary"
        for path in REPORTS:
            for one in self._data.raw.get(path, {}).get("production", ()):
                if one.get("type") == "eim" and one.get("activeCount"):
                    return "report"
        return _INVERTERS

    def _consumption(self) -> Count | None:
        """Return the counter of what the house drew.

        The gateway's own counts what goes into a battery as drawn and what comes out as not;
        with a transformer for the battery that is put right, without one it is unknown.
        """
        if CtType.TOTAL_CONSUMPTION in self._data.ctmeters:
            return self._delivered(CtType.TOTAL_CONSUMPTION)
        if not self._has_battery:
            return None if self._used is None else _count(self._used.watt_hours_lifetime, "report")
        made = self._meter(CtType.PRODUCTION)
        net, storage = self._meter(CtType.NET_CONSUMPTION), self._meter(CtType.STORAGE)
        if made is None or net is None or storage is None:
            return None
        drawn = made.energy_delivered + net.energy_delivered - net.energy_received
        return _count(drawn + storage.energy_delivered - storage.energy_received, "meters")

    def _soc(self) -> float | None:
        data = self._data
        if not self._state or not self._has_battery:
            return None
        if data.battery_aggregate is not None:
            return data.battery_aggregate.state_of_charge
        if data.encharge_inventory and data.encharge_aggregate is not None:
            return data.encharge_aggregate.state_of_charge
        return None if data.acb_power is None else data.acb_power.state_of_charge

    def _capacity_wh(self) -> float | None:
        data = self._data
        if data.battery_aggregate is not None:
            return data.battery_aggregate.max_available_capacity
        if data.encharge_inventory and data.encharge_aggregate is not None:
            return data.encharge_aggregate.max_available_capacity
        return None


def _count(wh: float | None, source: str) -> Count | None:
    """Return a counter; one below zero counts nothing."""
    return None if wh is None or wh < 0 else Count(wh, source)


def _less(value: float | None, *others: float | None) -> float | None:
    if value is None:
        return None
    for other in others:
        if other is None:
            return None
        value -= other
    return value
