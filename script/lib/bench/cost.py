"""What work costs a running Home Assistant."""

import asyncio
from collections.abc import Awaitable, Callable
import gc
from time import process_time, thread_time
from typing import Final

from .core import Core

_SETTLE_SECONDS: Final = 0.5


async def async_cost(
    core: Core, work: Callable[[], Awaitable[float]], count: int
) -> dict[str, float]:
    """Return what `work` costs for each of the `count` things that it does.

    It returns the CPU seconds that this process used for it but that are not to be measured.
    The blocks are the longest of all of it. What the recorder still has to write counts.
    """
    await asyncio.sleep(_SETTLE_SECONDS)
    rows = await core.async_recorded()
    gc.collect()
    writes = core.state_writes
    core.probe.reset()
    cpu, loop_cpu = process_time(), thread_time()
    other_cpu = await work()
    await asyncio.sleep(_SETTLE_SECONDS)
    loop_cpu = thread_time() - loop_cpu
    longest, longest_cpu = core.probe.longest_seconds, core.probe.longest_cpu_seconds
    rows = await core.async_recorded() - rows
    cpu = process_time() - cpu - other_cpu
    return {
        "cpu_us": cpu / count * 1e6,
        "loop_us": loop_cpu / count * 1e6,
        "block_ms": longest * 1e3,
        "block_cpu_ms": longest_cpu * 1e3,
        "writes": (core.state_writes - writes) / count,
        "rows": rows / count,
    }
