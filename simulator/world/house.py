"""The house: advances lazily, remembers every minute, answers for any moment since it began."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from .appliances import Habit, car, heat_pump
from .battery import BatteryCommand, BatteryRules
from .config import HouseConfig
from .inverter import InverterLimits
from .load import MINUTE_S, Load
from .minute import Minute, Physics, advance
from .past import first_state
from .state import State
from .tariff import QUARTER_S
from .truth import Means, Truth, means
from .turn import Ruled
from .view import view
from .weather import Weather

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT_MINUTES = 8


class House:
    """One house from `begin` on, which is rounded down to a quarter of an hour.

    Steps last one second, in the minutes before `fine_from` a whole minute (sixty times faster,
    for a long history). What was true stays true, in whatever order it is asked for; only a
    command changes what comes after its own start.
    """

    def __init__(
        self, config: HouseConfig, begin: datetime, fine_from: datetime | None = None
    ) -> None:
        """Make the house; nothing is computed before it is asked for."""
        self.config: Final = config
        self._zone: Final = ZoneInfo(config.place.zone)
        self.weather: Final = Weather(config.place, config.seed)
        self._begin_s: Final = _whole(begin) // QUARTER_S * QUARTER_S
        self._fine_s: Final = _whole(fine_from) if fine_from else self._begin_s
        habits: tuple[Habit, ...] = (heat_pump,) * config.heat_pump + (car,) * config.car
        load = Load(config.seed, config.place.zone, self.weather, habits)
        self._physics: Final = Physics(config, self.weather, load)
        self._states: Final = [first_state(config, self._begin_s)]
        self._minutes: Final[dict[int, Minute]] = {}

    @property
    def begin(self) -> datetime:
        """Return the first moment that can be asked for."""
        return _EPOCH + timedelta(seconds=self._begin_s)

    def truth(self, at: datetime) -> Truth:
        """Return what is true at a moment; raises ValueError before the beginning."""
        index, passed_s = self._locate(at)
        minute = self._minute(index)
        state = self._states[index]
        now = advance(state, minute, passed_s) if passed_s else state
        return view(self.config, self.weather.sky(at.timestamp()), now, minute, at)

    def mean(self, start: datetime, end: datetime) -> Means:
        """Return the mean powers of a time span; raises ValueError when it is empty."""
        return means(self.truth(start), self.truth(end))

    def panel_w(self, array_id: str, at: datetime) -> tuple[float, ...]:
        """Return the AC power of each panel of an array; raises KeyError when there is none."""
        array = {one.id: one for one in self.config.arrays}[array_id]
        power_w = self.truth(at).arrays[array_id].power_w
        return tuple(share * power_w for share in array.shares(self.config.seed))

    def command(self, battery_id: str, command: BatteryCommand, at: datetime) -> None:
        """Give a battery a command that counts from the first whole second at or after `at`.

        It replaces the one before. What was computed for later times is forgotten, so a command
        in the past changes what followed it. Raises KeyError when there is no such battery.
        """
        self._forget(self._physics.bank.commands[battery_id].add(command, at))

    def allow(self, battery_id: str, rules: BatteryRules, at: datetime) -> None:
        """Set the rules of a battery; from when and errors as with a command."""
        ruled = self._ruled(battery_id, rules)
        self._forget(self._physics.bank.rules[battery_id].add(ruled, at))

    def plan(
        self, battery_id: str, rules: Iterable[tuple[datetime, BatteryRules]], since: datetime
    ) -> None:
        """Set the rules of a battery for times to come, instead of all those from `since` on.

        Raises KeyError when there is no such battery.
        """
        ruled = [(at, self._ruled(battery_id, one)) for at, one in rules]
        self._forget(self._physics.bank.rules[battery_id].replace(ruled, since))

    def limit(self, inverter_id: str, limits: InverterLimits, at: datetime) -> None:
        """Limit the output of an inverter; from when and errors as with a command."""
        self._forget(self._physics.bank.limits[inverter_id].add(limits, at))

    def order(self, battery_id: str, at: datetime) -> BatteryCommand | None:
        """Return the command that a battery obeys at a moment; None: it follows its rules.

        Raises KeyError when there is no such battery, ValueError before the beginning.
        """
        index, passed_s = self._locate(at)
        order = self._physics.bank.commands[battery_id].steps(_whole(at), 1, 1)[0]
        place = [one.id for one in self.config.batteries].index(battery_id)
        minute = self._minute(index)
        step, _rest_s = minute.split(passed_s)
        if order is None or order.start_s <= minute.done_s[place][step]:
            return None
        return order.command

    def _ruled(self, battery_id: str, rules: BatteryRules) -> Ruled:
        battery = {one.id: one for one in self.config.batteries}[battery_id]
        return Ruled(rules.limit(battery), rules)

    def _forget(self, start_s: int) -> None:
        index = max(0, (start_s - self._begin_s) // MINUTE_S)
        del self._states[index + 1 :]
        for later in [one for one in self._minutes if one >= index]:
            del self._minutes[later]

    def _locate(self, at: datetime) -> tuple[int, float]:
        since = at - self.begin
        if since < timedelta():
            raise ValueError(f"the house began at {self.begin.isoformat()}")
        index, rest = divmod(since, timedelta(seconds=MINUTE_S))
        passed_s = rest / timedelta(seconds=1)
        return index, int(passed_s) if passed_s.is_integer() else passed_s

    def _minute(self, index: int) -> Minute:
        while len(self._states) <= index:
            last = len(self._states) - 1
            minute = self._make(last)
            after = advance(self._states[last], minute, MINUTE_S)
            self._states.append(self._tick(after, minute.start_s + MINUTE_S))
        known = self._minutes.get(index)
        return known or self._make(index)

    def _tick(self, state: State, at_s: int) -> State:
        ticked = replace(state, registers=state.registers.tick(at_s))
        local = datetime.fromtimestamp(at_s, self._zone)
        if (local.hour, local.minute) == (0, 0):
            return replace(ticked, peak_w=(0,) * len(state.peak_w))
        return ticked

    def _make(self, index: int) -> Minute:
        start_s = self._begin_s + index * MINUTE_S
        step_s = 1 if start_s >= self._fine_s - self._fine_s % MINUTE_S else MINUTE_S
        if len(self._minutes) >= _KEPT_MINUTES:
            del self._minutes[next(iter(self._minutes))]
        minute = self._physics.minute(self._states[index], start_s, step_s)
        self._minutes[index] = minute
        return minute


def _whole(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(seconds=1)
