"""How long a new entry takes until it shows something."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import islice, takewhile
from time import perf_counter
from typing import Final

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ..case import Side
from ..core import Core, run
from ..entry import has_value
from .outlet import Outlet
from .readers import Reader, reader
from .telegram import stream

_WAIT_SECONDS: Final = 60


def first_value(*, side: str) -> dict[str, float]:
    """Return the seconds from adding an entry with its default options to its power.

    The meter sends a telegram a second, the first one a whole second after the connection.
    """
    return run(partial(_first_value, side=Side(side)))


async def _first_value(core: Core, *, side: Side) -> dict[str, float]:
    hass, who = core.hass, reader(side)
    found = asyncio.Event()
    flow = takewhile(lambda _: not found.is_set(), stream(dt_util.utcnow()))
    stop = hass.bus.async_listen(EVENT_STATE_CHANGED, _once_power(hass, who, found.set))
    with Outlet() as outlet:
        sending = hass.async_add_executor_job(outlet.pace, islice(flow, _WAIT_SECONDS), 1)
        start = perf_counter()
        await hass.config_entries.async_add(who.entry(outlet.port, None))
        await found.wait()
        seconds = perf_counter() - start
        stop()
        await sending
    return {"first_value_s": seconds}


def _once_power(
    hass: HomeAssistant, who: Reader, found: Callable[[], None]
) -> Callable[[Event[EventStateChangedData]], None]:
    registry = er.async_get(hass)

    @callback
    def look(event: Event[EventStateChangedData]) -> None:
        entity = registry.async_get(event.data["entity_id"])
        if entity and entity.unique_id == who.power and has_value(event.data["new_state"]):
            found()

    return look
