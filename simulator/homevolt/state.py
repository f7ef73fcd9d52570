"""What an ECU remembers and does: its clock, its parameters, its plan, its partner."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from simulator.clock import Clock
from simulator.world import House

from .config import HomevoltConfig
from .parameters import Parameters
from .partner import partner_plan
from .schedule import MANUAL, Entry, Plan
from .steering import Steering

_AHEAD_DAYS: Final = 8
"""For so long the world goes on by itself when nobody talks to the ECU."""
_BOOT: Final = timedelta(seconds=20)
_GREETING: Final = timedelta(seconds=40)
"""So long after a boot the partner pushes its plan again."""


class State:
    """The ECU behind the documents; every change is at the clock's now."""

    def __init__(self, house: House, clock: Clock, config: HomevoltConfig) -> None:
        """Begin with the house, with the partner's plan; KeyError if the house lacks a battery."""
        bank = {one.id: one for one in house.config.batteries}
        self.batteries: Final = [bank[one.battery] for one in config.ecus]
        self.parameters: Final = Parameters()
        self._house: Final = house
        self._clock: Final = clock
        self._config: Final = config
        self._steering: Final = Steering(house, self.batteries)
        self._booted = house.begin - timedelta(days=3, hours=21)
        self._plan = Plan(MANUAL)
        self._next_push: datetime | None = house.begin if config.partner else None
        self.skew = timedelta()
        self.zone_name: str | None = None
        self._steer(house.begin)

    @property
    def now(self) -> datetime:
        """Return the true time."""
        return self._clock()

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of its clock."""
        return ZoneInfo(self.zone_name or self._config.zone or self._house.config.place.zone)

    @property
    def own_s(self) -> int:
        """Return the epoch second that its clock shows."""
        return int((self.now + self.skew).timestamp())

    def local(self, at_s: float) -> str:
        """Return a moment as its clock writes it."""
        return datetime.fromtimestamp(at_s, self.zone).strftime("%Y-%m-%dT%H:%M:%S")

    @property
    def up_ms(self) -> int:
        """Return how long it has been up."""
        return int((self.now - self._booted) / timedelta(milliseconds=1))

    @property
    def booting(self) -> bool:
        """Return whether it does not answer yet after a boot."""
        return self.now < self._booted + _BOOT

    @property
    def plan(self) -> Plan:
        """Return the plan; what the partner has pushed meanwhile is in it."""
        self._catch_up()
        return self._plan

    @property
    def active(self) -> Entry | None:
        """Return the schedule that runs now."""
        return self.plan.active(self.own_s)

    def write(self, plan: Plan) -> None:
        """Take a plan that somebody wrote."""
        self._catch_up()
        self._plan = plan
        self._steer(self.now)

    def push(self, entries: tuple[Entry, ...]) -> None:
        """Let the partner push these schedules now; local mode blocks it."""
        if not self.parameters.local:
            self.write(Plan(partner_plan(self.now, self.zone).id, entries))

    def set(self, name: str, text: str, *, store: bool) -> None:
        """Set a parameter; errors as with `Parameters.set`."""
        self._catch_up()
        was_local = self.parameters.local
        self.parameters.set(name, text, store=store)
        if was_local and not self.parameters.local and self._config.partner:
            self._next_push = self._slot(self.now) + self._config.push_every
        self._steer(self.now)

    def reboot(self) -> None:
        """Boot: parameters come from flash, the plan is lost, the partner calls a little later."""
        self._catch_up()
        self.parameters.reboot()
        self._booted = self.now
        self._plan = Plan(MANUAL)
        if self._config.partner:
            self._next_push = self.now + _GREETING
        self._steer(self.now)

    def retime(self, skew: timedelta, zone_name: str | None) -> None:
        """Let the clock be ahead, or in another zone; the plan moves with it."""
        self.skew, self.zone_name = skew, zone_name
        self._steer(self.now)

    def _slot(self, at: datetime) -> datetime:
        every = self._config.push_every / timedelta(seconds=1)
        return datetime.fromtimestamp(at.timestamp() // every * every, UTC)

    def _catch_up(self) -> None:
        """Take over the newest plan that the partner has pushed until now."""
        if self.parameters.local or self._next_push is None or self._next_push > self.now:
            return
        pushed = max(self._next_push, self._slot(self.now))
        self._plan = partner_plan(pushed, self.zone)
        self._next_push = self._slot(pushed) + self._config.push_every
        self._steer(self.now)

    def _steer(self, since: datetime) -> None:
        plans = [(since, self._plan)]
        if not self.parameters.local and self._next_push is not None:
            start = max(since, self._next_push)
            plans.append((start, partner_plan(start, self.zone, _AHEAD_DAYS)))
        self._steering.follow(plans, self.skew, since)
