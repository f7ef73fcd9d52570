"""What written registers change in the world: batteries and limits of one inverter."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from simulator.world import Battery, BatteryCommand, BatteryRules, House, InverterLimits

from .moment import Moment
from .settings import Settings

_START, _STOP = 40200, 40201
_PERCENT, _WATTS = 40125, 40126
_CHARGE_W, _DISCHARGE_W, _FULL, _EMPTY = 47075, 47077, 47081, 47082
_MINUTES, _MODE, _GRID_CHARGE, _GRID_FULL = 47083, 47086, 47087, 47088
_FORCE, _TARGET, _GRID_W, _TO_TARGET = 47100, 47101, 47242, 47246
_FORCED_W = {1: 47247, 2: 47249}
_EXPORT, _EXPORT_W, _EXPORT_PERCENT = 47415, 47416, 47418

_RULES = frozenset(
    {_CHARGE_W, _DISCHARGE_W, _FULL, _EMPTY, _MODE, _GRID_CHARGE, _GRID_FULL, _GRID_W}
)
_LIMITS = frozenset({_START, _STOP, _PERCENT, _WATTS, _EXPORT, _EXPORT_W, _EXPORT_PERCENT})

_FORCED_MODE = 1
_MODES = {0: 4, 1: 3, 2: 4, 3: 2, 4: 5, 5: 6}
"""The working mode that runs (37006) by the one that is set (47086)."""
_FOLLOW = BatteryCommand(None)
_STORE = BatteryCommand(None, stores_only=True)
_REST = BatteryCommand(0)


class Steering:
    """Batteries and output of one inverter, steered by its settings."""

    def __init__(self, house: House, source: str, settings: Settings) -> None:
        """Steer the inverter of the house with this id; nothing changes before a write."""
        self._house: Final = house
        self._source: Final = source
        self._settings: Final = settings
        self._bank: Final = _bank(house, source)
        self._given: dict[str, BatteryCommand] = {}
        self._since: datetime | None = None
        self.stopped = False

    def write(self, values: Mapping[int, int], now: Moment) -> None:
        """Take values that the settings have decoded, and do what they mean from now on."""
        for address, raw in values.items():
            self._settings[address] = raw
        if _START in values or _STOP in values:
            self.stopped = _STOP in values
        if values.keys() & _RULES:
            self._allow(now.at)
        if values.keys() & _LIMITS:
            self._limit(now)
        if _FORCE in values:
            self._force(now.at)

    def forced(self, at: datetime) -> dict[str, BatteryCommand]:
        """Return the forcible command that still runs, for each battery unit.

        In the world it counts from the next whole second; the registers show it at once.
        """
        at = max(at, self._since or at)
        return {
            name: command
            for name, command in self._given.items()
            if self._house.order(name, at) == command
        }

    def mode(self, at: datetime) -> int:
        """Return the working mode that runs (37006)."""
        return _FORCED_MODE if self.forced(at) else _MODES[self._settings[_MODE]]

    def left_min(self, at: datetime) -> int | None:
        """Return the minutes that are left of a forcible command with an end."""
        ends = [one.until for one in self.forced(at).values() if one.until]
        return max((int((end - at) / timedelta(minutes=1)) for end in ends), default=None)

    def forced_w(self, at: datetime) -> int:
        """Return the power of the running forcible command, + charging (47084)."""
        return -sum(one.power_w or 0 for one in self.forced(at).values())

    def refresh(self, at: datetime) -> None:
        """Let the forcible command read "stop" once it has ended."""
        if self._given and not self.forced(at):
            self._settings[_FORCE] = 0
            self._given.clear()

    def _part(self, battery: Battery, raw: int) -> int:
        return raw * battery.charge_w // sum(one.charge_w for one in self._bank)

    def _force(self, at: datetime) -> None:
        kind = self._settings[_FORCE]
        self._since = at + timedelta(microseconds=-at.microsecond % 1_000_000)
        for battery in self._bank:
            # One that has ended replaces what runs, and the battery follows its rules again.
            command = BatteryCommand(None, until=at)
            if kind:
                power_w = self._part(battery, self._settings[_FORCED_W[kind]])
                command = self._forcible(-power_w if kind == 1 else power_w, at)
            self._house.command(battery.id, command, at)
            self._given[battery.id] = command

    def _forcible(self, power_w: int, at: datetime) -> BatteryCommand:
        if self._settings[_TO_TARGET]:
            return BatteryCommand(power_w, target_soc=self._settings[_TARGET] / 10)
        until = at + timedelta(minutes=self._settings[_MINUTES])
        return BatteryCommand(power_w, until)

    def _allow(self, at: datetime) -> None:
        settings = self._settings
        for battery in self._bank:
            grid_w = self._part(battery, settings[_GRID_W]) if settings[_GRID_CHARGE] else 0
            rules = BatteryRules(
                charge_w=self._part(battery, settings[_CHARGE_W]),
                discharge_w=self._part(battery, settings[_DISCHARGE_W]),
                min_soc=settings[_EMPTY] / 10,
                max_soc=settings[_FULL] / 10,
                grid_w=grid_w,
                grid_soc=settings[_GRID_FULL] / 10,
                uncommanded=_uncommanded(settings[_MODE], battery),
            )
            self._house.allow(battery.id, rules, at)

    def _limit(self, now: Moment) -> None:
        settings = self._settings
        power_w = min(settings[_WATTS], now.limit_w * settings[_PERCENT] // 1000)
        export_w = {
            5: 0,
            6: settings[_EXPORT_W],
            7: now.inverter.rated_w * settings[_EXPORT_PERCENT] // 1000,
        }.get(settings[_EXPORT])
        # Without a meter the inverter does not know what the house exports.
        limits = InverterLimits(
            power_w=0 if self.stopped else power_w,
            export_w=export_w if now.inverter.meter else None,
        )
        self._house.limit(self._source, limits, now.at)


def _bank(house: House, source: str) -> list[Battery]:
    names = {one.id: one for one in house.config.inverters}[source].batteries
    return [one for one in house.config.batteries if one.id in names]


def _uncommanded(mode: int, battery: Battery) -> BatteryCommand:
    """Return what a working mode (47086) means for a battery that nothing commands.

    Time-of-use stores the surplus and, having no periods here, never discharges.
    """
    if mode in {3, 5}:
        return _STORE
    if mode == 4:
        return BatteryCommand(battery.discharge_w)
    return _REST if mode == 1 else _FOLLOW
