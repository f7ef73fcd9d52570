"""Polls that begin one interval after the other."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic, perf_counter


class Pace:
    """Lets somebody poll at a pace; `took_seconds` is how long each poll took."""

    def __init__(
        self,
        poll: Callable[[], Awaitable[None]],
        seconds: float,
        interval: timedelta,
        start: datetime,
        follow: Callable[[datetime], None] | None,
    ) -> None:
        """Poll every `seconds`; `follow` is told the time, one interval later at each."""
        self._poll = poll
        self._seconds = seconds
        self._interval = interval
        self._now = start
        self._follow = follow
        self.took_seconds: list[float] = []

    async def async_poll(self, count: int) -> float:
        """Poll so many times; returns 0, as all of it is to be measured."""
        start = monotonic()
        for number in range(count):
            await asyncio.sleep(max(0.0, start + number * self._seconds - monotonic()))
            self._now += self._interval
            if self._follow is not None:
                self._follow(self._now)
            began = perf_counter()
            await self._poll()
            self.took_seconds.append(perf_counter() - began)
        return 0.0
