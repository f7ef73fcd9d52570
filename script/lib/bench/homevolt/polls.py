"""What a poll costs, and how long a new entry waits for its first."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from time import perf_counter
from typing import Final

from homeassistant.util import dt as dt_util

from ..apart import Apart
from ..case import Side
from ..clock import stepped_clock
from ..core import Core, run
from ..cost import async_cost
from ..pace import Pace
from .pollers import Poller, async_begin, async_poll, poller, shown

_NOON: Final = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)
"""So that everything is in motion."""
_FIRST: Final = "/ems.json"
"""What every poll begins with."""
_WARM_UP: Final = 3
_MINUTE: Final = timedelta(minutes=1)


def polls(*, side: str, setup: str, minutes: float, speed: float) -> dict[str, float]:
    """Return what the polls of so many minutes cost, each side at its default interval.

    The clocks run so many times as fast as the wall's; at 1 they are those of the wall.
    """
    return run(partial(_polls, who=poller(Side(side)), setup=setup, minutes=minutes, speed=speed))


async def _polls(
    core: Core, *, who: Poller, setup: str, minutes: float, speed: float
) -> dict[str, float]:
    hass = core.hass
    count = round(minutes * _MINUTE / who.interval)
    module, start = f"{__package__}.served", dt_util.utcnow() if speed == 1 else _NOON
    arguments = setup, str(speed), start.isoformat(timespec="seconds")
    ecu = await hass.async_add_executor_job(Apart, module, *arguments)
    with ecu, nullcontext() if speed == 1 else stepped_clock(hass, start) as follow:
        began = perf_counter()
        entry = await async_begin(hass, who, ecu.port)
        first_value = perf_counter() - began
        first_asked = len(await hass.async_add_executor_job(ecu.take))
        seconds = who.interval.total_seconds() / speed
        pace = Pace(partial(async_poll, entry), seconds, who.interval, start, follow)
        await pace.async_poll(_WARM_UP)
        await hass.async_add_executor_job(ecu.take)
        cost = await async_cost(core, partial(pace.async_poll, count), count)
        paths: list[str] = await hass.async_add_executor_job(ecu.take)
        entities = shown(hass, entry)
        await hass.config_entries.async_unload(entry.entry_id)
    return {
        "first_value_s": first_value,
        "first_requests": first_asked,
        "requests": median(_by_poll(paths)),
        "minute_requests": len(paths) / minutes,
        "minute_cpu_ms": cost["cpu_us"] * count / minutes / 1e3,
        "entities": entities,
        **cost,
    }


def _by_poll(paths: list[str]) -> list[int]:
    """Return the number of requests of each poll."""
    starts = [place for place, path in enumerate(paths) if path == _FIRST]
    return [end - start for start, end in zip(starts, [*starts[1:], len(paths)], strict=True)]
