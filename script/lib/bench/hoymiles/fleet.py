"""What a large fleet costs: to set it up, to keep it, to refresh it."""

import asyncio
from functools import partial
from statistics import mean
from time import perf_counter, process_time

from ..case import Side
from ..clock import stepped_clock
from ..core import Core, run
from ..cost import async_cost
from .cloud import Cloud
from .pollers import Poller, poller
from .times import START, STEP


def fleet(
    *, side: str, plants: int, inverters: int, count: int, settle_s: float
) -> dict[str, float]:
    """Return what a fleet costs, refreshed `count` times, each time with a new sample."""
    with Cloud(plants, inverters) as cloud:
        return run(partial(_fleet, cloud=cloud, side=Side(side), count=count, settle_s=settle_s))


async def _fleet(
    core: Core, *, cloud: Cloud, side: Side, count: int, settle_s: float
) -> dict[str, float]:
    hass, who = core.hass, poller(side, core.hass, cloud.account)
    calls: list[int] = []
    with stepped_clock(hass, START) as follow:

        async def refresh() -> float:
            for number in range(count):
                now = START + STEP * (number + 1)
                follow(now)
                await hass.async_add_executor_job(cloud.set_clock, now)
                await who.async_refresh()
                calls.append(await hass.async_add_executor_job(cloud.set_clock, now))
            return 0.0

        await hass.async_add_executor_job(cloud.set_clock, START - STEP)
        await who.async_prepare()
        # The same plant is not asked twice within a minute.
        await hass.async_add_executor_job(cloud.set_clock, START)
        figures = await _set_up(core, who, settle_s)
        await hass.async_add_executor_job(cloud.set_clock, START)
        cost = await async_cost(core, refresh, count)
    return {
        **figures,
        "calls": mean(calls),
        "cpu_ms": cost.pop("cpu_us") / 1e3,
        "loop_ms": cost.pop("loop_us") / 1e3,
        **cost,
    }


async def _set_up(core: Core, who: Poller, settle_s: float) -> dict[str, float]:
    hass = core.hass
    await core.async_recorded()
    core.probe.reset()
    began, cpu = perf_counter(), process_time()
    await who.async_begin()
    await hass.async_block_till_done()
    seconds, cpu = perf_counter() - began, process_time() - cpu
    # What Home Assistant writes to its disk a while later is part of the blocks.
    await asyncio.sleep(settle_s)
    longest, longest_cpu = core.probe.longest_seconds, core.probe.longest_cpu_seconds
    return {
        "entities": who.entities(),
        "setup_s": seconds,
        "setup_cpu_ms": cpu * 1e3,
        "setup_block_ms": longest * 1e3,
        "setup_block_cpu_ms": longest_cpu * 1e3,
    }
