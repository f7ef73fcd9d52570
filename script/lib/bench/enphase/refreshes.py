"""What a gateway costs: its set-up, and each refresh after it."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Final

from homeassistant.util import dt as dt_util

from ..apart import Apart
from ..case import Side
from ..clock import stepped_clock
from ..core import Core, run
from ..cost import async_cost
from ..pace import Pace
from .readers import async_begin, async_entry, async_refresh, interval, registered, shown

_NOON: Final = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)
"""So that everything is in motion."""
_WARM_UP: Final = 3
_MINUTE: Final = timedelta(minutes=1)


def refreshes(*, side: str, inverters: int, minutes: float, speed: float) -> dict[str, float]:
    """Return what set-up and refreshes of so many minutes cost, at the side's own interval.

    The clocks run so many times as fast as the wall's; at 1 they are those of the wall.
    """
    return run(
        partial(_refreshes, side=Side(side), inverters=inverters, minutes=minutes, speed=speed)
    )


async def _refreshes(
    core: Core, *, side: Side, inverters: int, minutes: float, speed: float
) -> dict[str, float]:
    hass, every = core.hass, interval(side)
    count = round(minutes * _MINUTE / every)
    module, start = f"{__package__}.served", dt_util.utcnow() if speed == 1 else _NOON
    arguments = str(inverters), str(speed), start.isoformat(timespec="seconds")
    envoy = await hass.async_add_executor_job(Apart, module, *arguments)
    with envoy, nullcontext() if speed == 1 else stepped_clock(hass, start) as follow:
        entry = await async_entry(side, envoy.port, start - _MINUTE)
        await hass.async_add_executor_job(envoy.take)
        core.probe.reset()
        began = perf_counter()
        await async_begin(hass, entry)
        setup = perf_counter() - began
        blocks = core.probe.longest_seconds, core.probe.longest_cpu_seconds
        setup_paths = await hass.async_add_executor_job(envoy.take)
        pace = Pace(
            partial(async_refresh, entry), every.total_seconds() / speed, every, start, follow
        )
        await pace.async_poll(_WARM_UP)
        await hass.async_add_executor_job(envoy.take)
        cost = await async_cost(core, partial(pace.async_poll, count), count)
        asked = len(await hass.async_add_executor_job(envoy.take))
        found = registered(hass, entry), shown(hass, entry)
        await hass.config_entries.async_unload(entry.entry_id)
    return {
        "setup_ms": setup * 1e3,
        "setup_block_ms": blocks[0] * 1e3,
        "setup_block_cpu_ms": blocks[1] * 1e3,
        "setup_requests": len(setup_paths),
        "registered": found[0],
        "entities": found[1],
        "requests": asked / count,
        "minute_requests": asked / minutes,
        "minute_cpu_ms": cost["cpu_us"] * count / minutes / 1e3,
        **cost,
    }
