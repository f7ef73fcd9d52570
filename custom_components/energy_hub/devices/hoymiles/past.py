"""Days that have passed, asked for on request: slowly, and behind everything that is due."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .absorb import absorb
from .cloud import Cloud
from .model import Inverter
from .plant import PlantState

_DAY: Final = timedelta(days=1)
_DAY_MINUTES: Final = 24 * 60
_GAP_SECONDS: Final = 5.0
"""Between two calls: nobody waits for what has been."""


class Past:
    """The days that a cloud remembers of the plants of an entry."""

    def __init__(
        self, hass: HomeAssistant, cloud: Cloud, turn: asyncio.Lock, pause: Callable[[], float]
    ) -> None:
        """Prepare; `turn` is held by whoever asks, `pause` says for how long nobody may."""
        self._hass = hass
        self._cloud = cloud
        self._turn = turn
        self._pause = pause

    async def async_days(
        self, state: PlantState, start: datetime, end: datetime
    ) -> dict[date, bytes]:
        """Return the series of the days of a span, packed; those of today and tomorrow are not past.

        Raises DeviceError; NoCallsLeftError when the calls of a key are needed for the present.
        """
        days = {}
        for day in _days(state, start, end):
            if (packed := state.days.get(day) or await self._day(state, day)) is not None:
                days[day] = packed
        return days

    async def _day(self, state: PlantState, day: date) -> bytes | None:
        packed = None
        for some in self._groups(state.inverters):
            await self._wait()
            async with self._turn:
                answer = await self._cloud.day(state.plant.id, day, _DAY_MINUTES, some)
            if answer.series:
                packed, _ = await self._hass.async_add_executor_job(absorb, packed, answer.series)
        return packed

    async def _wait(self) -> None:
        """Wait until a call would be in nobody's way."""
        seconds = _GAP_SECONDS
        while seconds > 0:
            await asyncio.sleep(seconds)
            seconds = max(self._pause(), self._cloud.wait_for_past(dt_util.utcnow()))

    def _groups(self, inverters: Sequence[Inverter]) -> Iterator[Sequence[Inverter]]:
        """Yield the inverters that one call is about."""
        if self._cloud.by_inverter:
            yield from ((one,) for one in inverters)
        elif inverters:
            yield inverters


def _days(state: PlantState, start: datetime, end: datetime) -> Iterator[date]:
    """Yield the days of a span that are over, or of which something is known."""
    today, day = state.local(dt_util.utcnow()).date(), state.local(start).date()
    while day <= today and datetime.combine(day, time(), state.zone) < end:
        if day < today or day in state.days:
            yield day
        day += _DAY
