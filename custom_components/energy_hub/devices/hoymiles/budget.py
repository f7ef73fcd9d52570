"""How many calls a key has left. Pure."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

_MINUTE: Final = timedelta(minutes=1)
_MOST_RECENT: Final = 100
_RESERVE: Final = 0.1
"""The part of a month's calls that is kept for restarts, forms and other clients."""
_HALF_PACE: Final = 62


class Plan(NamedTuple):
    """What the maker sells: calls in a minute and in a month."""

    per_minute: int
    per_month: int


PLANS: Final[Mapping[str, Plan]] = {
    "a": Plan(10, 10_000),
    "b": Plan(50, 30_000),
    "c": Plan(100, 350_000),
}


@dataclass(frozen=True, slots=True)
class _Month:
    name: str
    days_left: float


class Budget:
    """Counts the calls of one key by the minute and by the month (of UTC)."""

    def __init__(self, plan: Plan) -> None:
        """Start with nothing spent."""
        self.plan = plan
        self._recent: deque[datetime] = deque(maxlen=_MOST_RECENT)
        self._month = ""
        self._spent = 0

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on with what `as_state` remembered."""
        self._month, self._spent = str(state.get("month", "")), int(state.get("spent", 0))

    def as_state(self) -> dict[str, Any]:
        """Return what a restart must remember."""
        return {"month": self._month, "spent": self._spent}

    def wait(self, now: datetime, share: float = 1.0) -> float:
        """Return for how many seconds no call may be made, if this share of a minute's are ours."""
        month = _month(now)
        if self.left(now) <= 0:
            return month.days_left * 86_400
        recent = [one for one in self._recent if now - one < _MINUTE]
        most = max(1, int(share * self.plan.per_minute))
        if len(recent) < most:
            return 0.0
        return (recent[-most] + _MINUTE - now).total_seconds()

    def spend(self, now: datetime) -> None:
        """Count a call."""
        left = self.left(now)
        self._month, self._spent = _month(now).name, self.plan.per_month - left + 1
        self._recent.append(now)

    def left(self, now: datetime) -> int:
        """Return how many calls of this month are left."""
        spent = self._spent if self._month == _month(now).name else 0
        return max(0, self.plan.per_month - spent)

    def is_tight(self, now: datetime) -> bool:
        """Return whether the present needs what is left: it gets half of an even pace or less."""
        return self.a_day(now) < self.plan.per_month / _HALF_PACE

    def a_day(self, now: datetime) -> float:
        """Return how many calls each day of the rest of the month may take."""
        reserve = _RESERVE * self.plan.per_month
        return max(0.0, self.left(now) - reserve) / max(1.0, _month(now).days_left)


def _month(now: datetime) -> _Month:
    utc = now.astimezone(UTC)
    first = utc.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    return _Month(f"{utc:%Y-%m}", (following - utc) / timedelta(days=1))
