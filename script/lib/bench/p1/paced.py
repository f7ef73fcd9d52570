"""What a telegram costs when they come one by one."""

from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Final

from homeassistant.util import dt as dt_util

from ..case import Side
from ..clock import stepped_clock
from ..core import Core, run
from ..cost import async_cost
from .entry import async_add, async_until_value
from .outlet import Outlet
from .readers import reader
from .telegram import stream

# A quarter ends and gas and water are read while this is measured.
_START: Final = datetime(2026, 3, 18, 11, 8, tzinfo=UTC)
# Longer than the longest interval.
_WARM_UP: Final = 40


def paced(
    *, side: str, entities: int, interval: int, telegrams: int, per_second: float, real: bool
) -> dict[str, float]:
    """Return what each of `telegrams` telegrams costs at an interval (s) between states.

    Unless `real`, the wall clock is the telegrams' own: each second of it takes
    1 / `per_second`.
    """
    return run(
        partial(
            _paced,
            side=Side(side),
            entities=entities,
            interval=interval,
            telegrams=telegrams,
            per_second=per_second,
            real=real,
        )
    )


async def _paced(
    core: Core,
    *,
    side: Side,
    entities: int,
    interval: int,
    telegrams: int,
    per_second: float,
    real: bool,
) -> dict[str, float]:
    hass, who = core.hass, reader(side)
    start = dt_util.utcnow() if real else _START
    flow = stream(start)
    warm_up, work = list(islice(flow, _WARM_UP)), list(islice(flow, telegrams))
    with Outlet() as outlet, nullcontext() if real else stepped_clock(hass, start) as follow:
        warming = hass.async_add_executor_job(outlet.pace, warm_up, per_second, follow)
        await async_add(hass, who, outlet.port, interval=interval, entities=entities)
        await warming
        await async_until_value(hass, who, entities)

        async def send() -> float:
            return await hass.async_add_executor_job(outlet.pace, work, per_second, follow)

        return await async_cost(core, send, telegrams)
