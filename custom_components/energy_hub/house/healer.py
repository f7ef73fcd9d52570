"""Fills gaps of a counter from what its device remembers, before the ledger spreads them.

After an outage the first reading says how much came in all that time, not when. Where the
device remembers, that reading waits until its memory has been fed, for a while also until the
memory itself has caught up after the outage; where none does, the ledger spreads the energy
evenly and calls it estimated. Nothing is made up either way.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..coordinator import HubConfigEntry
from ..errors import DeviceError
from ..ledger.energy import Energy
from ..ledger.source import Direction, Register
from ..ledger.timegrid import to_instant
from ..ledger.track import KWH
from ..reading import History, Reading
from ..site import Source

# Slow devices have a step of a quarter of an hour; two of them missing are a gap.
_GAP: Final = timedelta(minutes=35)
_SHOWN: Final = 50
# A cloud is asked every five minutes: by then its memory of today reaches to now.
_AGAIN_S: Final = 120
_TRIES: Final = 10
_DAY: Final = timedelta(days=1)

type Feed = Callable[[Reading], None]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of which a counter said nothing."""

    flow: str
    start: datetime
    end: datetime
    readings: int
    """How many readings of the device's memory filled it; 0: it stays a gap."""


@dataclass(slots=True)
class _Wait:
    """A source whose first reading after a gap waits."""

    device: Source
    known: datetime
    """Until when the ledger has its counter."""
    first: Reading
    later: list[Reading] = field(default_factory=list)
    """What came while it waited."""
    tries: int = 0


class Healer:
    """Looks at every reading before the ledger of a house gets it."""

    def __init__(
        self, hass: HomeAssistant, entry: HubConfigEntry, energy: Energy, feed: Feed
    ) -> None:
        """Prepare; `feed` gives a reading to the ledger."""
        self._hass = hass
        self._entry = entry
        self._energy = energy
        self._feed = feed
        self._waiting: dict[str, _Wait] = {}
        self._gaps: deque[Gap] = deque(maxlen=_SHOWN)

    @callback
    def take(self, device: Source, reading: Reading) -> None:
        """Give a reading to the ledger: at once, or after what fills the gap before it."""
        if reading.source in self._waiting:
            self._waiting[reading.source].later.append(reading)
            return
        known = self._energy.reached.get(_register(reading))
        if reading.to_house_kwh is None or known is None or reading.at - known < _GAP:
            self._feed(reading)
            return
        if reading.source not in device.histories:
            self._gaps.append(Gap(reading.flow, known, reading.at, 0))
            self._feed(reading)
            return
        wait = _Wait(device, known, reading)
        self._waiting[reading.source] = wait
        self._try(wait)

    @property
    def waits(self) -> bool:
        """Whether a reading waits for a memory: what its counter does in between is not known."""
        return bool(self._waiting)

    def diagnostics(self) -> list[dict[str, Any]]:
        """Return the last gaps, and how many readings filled each."""
        return [asdict(gap) for gap in self._gaps]

    @callback
    def _try(self, wait: _Wait) -> None:
        wait.tries += 1
        self._entry.async_create_background_task(
            self._hass, self._async_heal(wait), f"{DOMAIN} {self._entry.title} gap"
        )

    async def _async_heal(self, wait: _Wait) -> None:
        history, again = None, False
        try:
            history, again = await self._async_remembered(wait)
        except DeviceError as err:
            LOGGER.info("A gap of %s is not filled: %s", self._entry.title, err)
        finally:
            if again:
                self._later(wait)
            else:
                self._end(wait, history)

    @callback
    def _end(self, wait: _Wait, history: History | None) -> None:
        """Give the ledger what is remembered of a gap, and then what waited."""
        del self._waiting[wait.first.source]
        filling = [] if history is None else self._between(history, wait)
        for reading in (*filling, wait.first, *wait.later):
            self._feed(reading)
        self._gaps.append(Gap(wait.first.flow, wait.known, wait.first.at, len(filling)))
        if filling:
            LOGGER.info(
                "A gap of %s from %s to %s is filled from the memory of its device",
                self._entry.title,
                wait.known,
                wait.first.at,
            )

    @callback
    def _later(self, wait: _Wait) -> None:
        @callback
        def again(_now: datetime) -> None:
            self._try(wait)

        self._entry.async_on_unload(async_call_later(self._hass, _AGAIN_S, again))

    async def _async_remembered(self, wait: _Wait) -> tuple[History | None, bool]:
        """Return what is remembered, and whether it pays to look again a little later."""
        now, source = dt_util.utcnow(), wait.first.source
        if wait.known <= dt_util.start_of_local_day(now) - _DAY:
            # Each look would ask the maker for all these days again.
            return await wait.device.async_past(source, wait.known, now), False
        history = await wait.device.async_history(source)
        return history, wait.tries < _TRIES and not _reaches(history, wait.first.at)

    def _between(self, history: History, wait: _Wait) -> list[Reading]:
        """Return the readings of a gap that lie between the counters on both sides of it."""
        newest, known = wait.first, wait.known
        track = self._energy.as_state()["tracks"].get(str(_register(newest)))
        if track is None or track["at"] is None or newest.to_house_kwh is None:
            return []
        start, low = max(known, to_instant(track["at"])), track["mwh"] / KWH
        found = []
        for reading in history.readings:
            kwh = reading.to_house_kwh
            if kwh is None or not start < reading.at < newest.at:
                continue
            if low <= kwh <= newest.to_house_kwh:
                found.append(reading)
                low = kwh
        return found


def _register(reading: Reading) -> Register:
    return Register(reading.flow, Direction.TO_HOUSE, reading.source)


def _reaches(history: History | None, end: datetime) -> bool:
    """Return whether a memory tells counters up to the end of a gap."""
    return history is not None and any(
        one.to_house_kwh is not None and one.at > end - _GAP for one in history.readings
    )
