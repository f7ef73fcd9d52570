"""How often which call is made: as often as its data changes, or as calls are left. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, override

from .budget import Budget
from .plan import Task

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
_LEAST_STEP: Final = timedelta(minutes=5)
_MOST_STEP: Final = timedelta(minutes=20)
_STATUS: Final = timedelta(minutes=15)
_KEY_STEP: Final = timedelta(minutes=15)
_KEY_STATUS: Final = timedelta(hours=1)
_LONGEST: Final = timedelta(hours=6)
_SLOW_FOR: Final = timedelta(hours=1)
_MOST_STRETCH: Final = 8
_DAILY: Final = frozenset({Task.PLANTS, Task.INVERTERS, Task.YESTERDAY})
_PAGE: Final = 10


@dataclass(frozen=True, slots=True)
class Fleet:
    """What there is to ask about: numbers of plants and inverters, minutes of light a day."""

    plants: int
    inverters: int
    waking_minutes: float


class Pace:
    """The intervals of an account; everything slows down for an hour when the cloud asks."""

    def __init__(self) -> None:
        """Start at full pace."""
        self._stretch = 1
        self._slowed: datetime | None = None

    def every(self, task: Task, step: timedelta, fleet: Fleet, now: datetime) -> timedelta:
        """Return how long after a call the next one of its kind is due."""
        if task in _DAILY:
            return _DAY
        return self._stretched(now) * self._normal(task, step, fleet, now)

    def least(self, task: Task, step: timedelta, fleet: Fleet, now: datetime) -> timedelta:
        """Return how long to wait after a first failure."""
        return _MINUTE

    def slow_down(self, now: datetime) -> None:
        """Note that the cloud was asked too often."""
        self._stretch = min(2 * self._stretched(now), _MOST_STRETCH)
        self._slowed = now

    def _normal(self, task: Task, step: timedelta, fleet: Fleet, now: datetime) -> timedelta:
        if task is Task.STATUS:
            return _STATUS
        return min(max(step, _LEAST_STEP), _MOST_STEP)

    def _stretched(self, now: datetime) -> int:
        if self._slowed is None or now - self._slowed >= _SLOW_FOR:
            return 1
        return self._stretch


class KeyPace(Pace):
    """The intervals of a key: what is left of its calls is spread over the light of the days."""

    def __init__(self, budget: Budget) -> None:
        """Spread the calls of this budget."""
        super().__init__()
        self._budget = budget

    @override
    def least(self, task: Task, step: timedelta, fleet: Fleet, now: datetime) -> timedelta:
        return _MINUTE if task in _DAILY else self._normal(task, step, fleet, now)

    @override
    def _normal(self, task: Task, step: timedelta, fleet: Fleet, now: datetime) -> timedelta:
        a_round = fleet.plants + fleet.inverters
        # Flags every hour of light, two lists and the days before, and the end of the day.
        fixed = fleet.plants * (fleet.waking_minutes / 60 + 2) + 1 + fleet.plants / _PAGE
        left = self._budget.a_day(now) - fixed - a_round
        if left <= 0:
            return _LONGEST
        if task is Task.STATUS:
            return _KEY_STATUS
        spread = timedelta(minutes=fleet.waking_minutes * a_round / left)
        return min(max(_KEY_STEP, spread), _LONGEST)
