"""What a poll costs, and how long a new entry waits for its first."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import partial
from statistics import mean, median
from time import monotonic, perf_counter
from typing import Final

from homeassistant.util import dt as dt_util

from ..case import Side
from ..clock import stepped_clock
from ..core import Core, run
from ..cost import async_cost
from .device import Device, Read, by_poll
from .pollers import Poller, poller
from .served import START

INTERVAL: Final = timedelta(seconds=10)
"""Our default."""
_WARM_UP: Final = 3


def polls(*, side: str, setup: str, count: int, seconds: float, real: bool) -> dict[str, float]:
    """Return what `count` polls cost that begin every `seconds` on the clock.

    Unless `real`, a whole interval passes in these seconds for Home Assistant and the inverter.
    """
    with Device(setup, 1 if real else INTERVAL.total_seconds() / seconds) as device:
        return run(
            partial(
                _polls,
                device=device,
                side=Side(side),
                setup=setup,
                count=count,
                seconds=seconds,
                real=real,
            )
        )


async def _polls(
    core: Core,
    *,
    device: Device,
    side: Side,
    setup: str,
    count: int,
    seconds: float,
    real: bool,
) -> dict[str, float]:
    hass, who = core.hass, poller(side, core.hass, setup)
    start = dt_util.utcnow() if real else START
    with nullcontext() if real else stepped_clock(hass, start) as follow:
        began = perf_counter()
        await who.async_begin(device.port)
        first_value = perf_counter() - began
        pace = _Pace(who, seconds, start, follow)
        await pace.async_poll(_WARM_UP)
        await hass.async_add_executor_job(device.take_reads)
        cost = await async_cost(core, partial(pace.async_poll, count), count)
        reads = await hass.async_add_executor_job(device.take_reads)
        await who.async_end()
    return {
        "first_value_s": first_value,
        "poll_ms": median(pace.took_seconds[_WARM_UP:]) * 1e3,
        **cost,
        **_asked(reads),
    }


class _Pace:
    """Polls that begin one interval after the other."""

    def __init__(
        self,
        who: Poller,
        seconds: float,
        start: datetime,
        follow: Callable[[datetime], None] | None,
    ) -> None:
        """Poll every `seconds`; `follow` is told the time of each."""
        self._who = who
        self._seconds = seconds
        self._now = start
        self._follow = follow
        self.took_seconds: list[float] = []

    async def async_poll(self, count: int) -> float:
        """Poll so many times; returns 0, as all of it is to be measured."""
        start = monotonic()
        for number in range(count):
            await asyncio.sleep(max(0.0, start + number * self._seconds - monotonic()))
            self._now += INTERVAL
            if self._follow is not None:
                self._follow(self._now)
            began = perf_counter()
            await self._who.async_poll()
            self.took_seconds.append(perf_counter() - began)
        return 0.0


def _asked(reads: list[Read]) -> dict[str, float]:
    """Return requests and words of a poll: of most of them, and the mean of all."""
    asked = by_poll(reads)
    requests = [len(poll) for poll in asked]
    words = [sum(read.words for read in poll) for poll in asked]
    return {
        "requests": median(requests),
        "words": median(words),
        "mean_requests": mean(requests),
        "mean_words": mean(words),
    }
