"""What a poll costs, and how long a new entry waits for its first."""

from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from statistics import mean, median
from time import perf_counter
from typing import Final

from homeassistant.util import dt as dt_util

from ..apart import Apart
from ..case import Side
from ..clock import stepped_clock
from ..core import Core, run
from ..cost import async_cost
from ..pace import Pace
from .device import Read, by_poll, device, take_reads
from .pollers import poller
from .served import START

INTERVAL: Final = timedelta(seconds=10)
"""Our default."""
_WARM_UP: Final = 3


def polls(*, side: str, setup: str, count: int, seconds: float, real: bool) -> dict[str, float]:
    """Return what `count` polls cost that begin every `seconds` on the clock.

    Unless `real`, a whole interval passes in these seconds for Home Assistant and the inverter.
    """
    with device(setup, 1 if real else INTERVAL.total_seconds() / seconds) as inverter:
        return run(
            partial(
                _polls,
                inverter=inverter,
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
    inverter: Apart,
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
        await who.async_begin(inverter.port)
        first_value = perf_counter() - began
        pace = Pace(who.async_poll, seconds, INTERVAL, start, follow)
        await pace.async_poll(_WARM_UP)
        await hass.async_add_executor_job(inverter.take)
        cost = await async_cost(core, partial(pace.async_poll, count), count)
        reads = await hass.async_add_executor_job(take_reads, inverter)
        await who.async_end()
    return {
        "first_value_s": first_value,
        "poll_ms": median(pace.took_seconds[_WARM_UP:]) * 1e3,
        **cost,
        **_asked(reads),
    }


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
