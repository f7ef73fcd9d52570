"""Where the simulator's time comes from: any callable that returns an aware UTC datetime."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
import time

type Clock = Callable[[], datetime]

_SECOND = timedelta(seconds=1)
_SHORTEST_WAIT_S = 0.01


class RunningClock:
    """A clock that starts at a chosen moment and runs `speed` times as fast as the wall's."""

    def __init__(self, start: datetime | None = None, speed: float = 1.0) -> None:
        """Start at this moment (default: now)."""
        self._start = start.astimezone(UTC) if start else datetime.now(UTC)
        self._speed = speed
        self._zero_s = time.monotonic()

    def __call__(self) -> datetime:
        """Return the simulated time."""
        passed_s = (time.monotonic() - self._zero_s) * self._speed
        return self._start + timedelta(seconds=passed_s)


async def whole_seconds(clock: Clock, speed: float = 1.0) -> AsyncIterator[datetime]:
    """Yield now and at each new second; those that a fast clock has passed are left out."""
    while True:
        shown = clock().replace(microsecond=0)
        yield shown
        while (now := clock()) < shown + _SECOND:
            left_s = (shown + _SECOND - now) / _SECOND / speed
            await asyncio.sleep(max(_SHORTEST_WAIT_S, left_s))
