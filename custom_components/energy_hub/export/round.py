"""The rounds through the plants: what is new of each goes into the queue, what is old goes out."""

from collections.abc import Callable
from datetime import datetime, timedelta
import sqlite3
from typing import Final

from homeassistant.core import HomeAssistant

from ..const import LOGGER
from ..errors import DeviceError
from .collect import DAY, Collector
from .enrg import KIND
from .house_slots import HouseSlots
from .outbox import Outbox
from .plants import async_owner
from .settings import Settings

# Also when nothing was heard: a slot is complete when it was waited for long enough.
_ANYWAY: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)


class Rounds:
    """Goes round, once a minute."""

    def __init__(
        self,
        hass: HomeAssistant,
        settings: Settings,
        outbox: Outbox,
        collector: Collector,
        added: Callable[[], None],
        *,
        house: HouseSlots,
    ) -> None:
        """Prepare; `added` is called when something came into the queue."""
        self._hass: Final = hass
        self._settings: Final = settings
        self._outbox: Final = outbox
        self._collector: Final = collector
        self._added: Final = added
        self._house: Final = house
        self._seen: Final[dict[str, datetime | None]] = {}
        self._done: Final[dict[str, datetime]] = {}
        self._behind: Final[dict[str, datetime]] = {}
        self._try_again: datetime | None = None
        self._tidied: datetime | None = None
        self.disk_fails = False
        self.failed: Final[dict[str, str]] = {}
        """Plants whose memory could not be read last time, and why."""

    @property
    def impossible(self) -> int:
        """How many values could not be true, since the start."""
        return self._collector.impossible

    async def async_go(self, now: datetime) -> None:
        """Go round once; what fails is done in the next round."""
        try:
            for source in self._settings.aims:
                if self._is_due(source, now):
                    await self._look_at(source, now)
            if await self._house.async_collect(now):
                self._added()
            if self._tidied is None or now - self._tidied >= _HOUR:
                self._tidied = now
                await self._outbox.async_tidy(now, self._settings.retention)
        except sqlite3.Error as err:
            if not self.disk_fails:
                LOGGER.error("The queue of a destination cannot be used: %s", err)
            self.disk_fails = True
        else:
            self.disk_fails = False

    def _is_due(self, source: str, now: datetime) -> bool:
        """Return whether a plant said something new, or it is time to look anyway."""
        if async_owner(self._hass, source) is None:
            return False
        done = self._done.get(source)
        return done is None or self._said(source) != self._seen[source] or now - done >= _ANYWAY

    def _said(self, source: str) -> datetime | None:
        """Return when a plant said something last."""
        owner = async_owner(self._hass, source)
        readings = () if owner is None else owner.readings
        return next((one.at for one in readings if one.source == source), None)

    async def _look_at(self, source: str, now: datetime) -> None:
        said = self._said(source)
        try:
            added = await self._collector.async_collect(source, now)
        except DeviceError as err:
            self.failed[source] = err.key
            return
        self.failed.pop(source, None)
        self._seen[source], self._done[source] = said, now
        if added:
            self._added()

    @property
    def is_behind(self) -> bool:
        """Whether there is a past to be made up for."""
        return bool(self._behind)

    async def async_start(self, now: datetime) -> None:
        """Find out which plants nobody looked at for long; raises sqlite3.Error."""
        for source, aim in self._settings.aims.items() if self._settings.sends else ():
            plant = aim.choice.id
            start = await self._outbox.async_behind(KIND, plant, aim.since, now - DAY)
            if start is not None:
                self._behind[source] = start

    async def async_catch_up(self, now: datetime) -> None:
        """Deliver what happened while nobody here looked: once after each start."""
        if self._try_again is not None and now < self._try_again:
            return
        self._try_again = now + _ANYWAY
        for source, start in [*self._behind.items()]:
            if async_owner(self._hass, source) is None:
                continue
            try:
                added = await self._collector.async_catch_up(source, start, now)
            except DeviceError, sqlite3.Error:
                continue
            del self._behind[source]
            if added:
                self._added()
