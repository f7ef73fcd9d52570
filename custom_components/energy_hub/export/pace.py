"""How fast the queue may empty: one request after the other, and rarely while nobody answers."""

from collections.abc import Callable
from datetime import datetime, timedelta
import random
from typing import Final

SPACING: Final = timedelta(seconds=1)
BACKLOG_SPACING: Final = timedelta(seconds=2)
"""30 a minute."""
LONGEST: Final = timedelta(minutes=30)
_FIRST: Final = timedelta(seconds=30)
_DOUBLINGS: Final = 6
_TRIPS_AT: Final = 5
_LONGEST_WISH: Final = timedelta(days=1)

type Jitter = Callable[[], float]


def jitter() -> float:
    """Return the factor that keeps many houses from knocking at the same time."""
    return random.uniform(0.8, 1.2)  # noqa: S311 - no secret


def back_off(failures: int, factor: float) -> timedelta:
    """Return how long to wait after so many failures in a row (at least one)."""
    return min(_FIRST * (1 << min(failures - 1, _DOUBLINGS)) * factor, LONGEST)


class Pace:
    """When the next request may leave; knows what came of the last ones."""

    def __init__(
        self,
        last: datetime | None = None,
        last_backlog: datetime | None = None,
        factor: Jitter = jitter,
    ) -> None:
        """Start with the moments of the last requests of the last run."""
        self._last = last
        self._last_backlog = last_backlog
        self._factor: Final = factor
        self._held: datetime | None = None
        self.failures = 0
        """Requests in a row that did not get through."""

    @property
    def tripped(self) -> bool:
        """Whether nobody seems to be there, so that only a probe is sent now and then."""
        return self.failures >= _TRIPS_AT

    def ready(self, now: datetime) -> datetime:
        """Return from when on a request may leave; not after `now` if it may."""
        after = _after(self._last, SPACING, now)
        if self._held is None or self._held - now > _LONGEST_WISH:
            return after
        return max(after, self._held)

    def backlog_ready(self, now: datetime) -> datetime:
        """Return from when on a request of the backlog may leave."""
        return max(self.ready(now), _after(self._last_backlog, BACKLOG_SPACING, now))

    def sent(self, now: datetime, *, backlog: bool) -> None:
        """Note a request that leaves now."""
        self._last = now
        if backlog:
            self._last_backlog = now

    def answered(self) -> None:
        """Note that somebody is there."""
        self.failures, self._held = 0, None

    def failed(self, now: datetime, wish: timedelta | None = None) -> None:
        """Note a request that did not get through; `wish` is how long the server says to wait."""
        self.failures += 1
        if wish is not None:
            self._held = now + min(wish, _LONGEST_WISH)
        elif self.tripped:
            self._held = now + back_off(self.failures - _TRIPS_AT + 1, self._factor())

    def hold(self, now: datetime) -> None:
        """Wait long: somebody must do something first, or it comes right by itself."""
        self._held = now + LONGEST


def _after(last: datetime | None, spacing: timedelta, now: datetime) -> datetime:
    # A clock that was set back makes the last request one of the future.
    return now if last is None or last > now else last + spacing
