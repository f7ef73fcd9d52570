"""Fills gaps of a counter from what its device remembers, before the ledger spreads them.

After an outage the first reading says how much came in all that time, not when. Where the
device remembers, that reading waits until its memory has been fed; where none does, the
ledger spreads the energy evenly and calls it estimated. Nothing is made up either way.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
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
        self._waiting: dict[str, Reading] = {}
        self._gaps: deque[Gap] = deque(maxlen=_SHOWN)

    @callback
    def take(self, device: Source, reading: Reading) -> None:
        """Give a reading to the ledger: at once, or after what fills the gap before it."""
        if reading.source in self._waiting:
            self._waiting[reading.source] = reading
            return
        known = self._energy.reached.get(_register(reading))
        if reading.to_house_kwh is None or known is None or reading.at - known < _GAP:
            self._feed(reading)
            return
        if reading.source not in device.histories:
            self._gaps.append(Gap(reading.flow, known, reading.at, 0))
            self._feed(reading)
            return
        self._waiting[reading.source] = reading
        self._entry.async_create_background_task(
            self._hass,
            self._async_heal(device, reading.source, known),
            f"{DOMAIN} {self._entry.title} gap",
        )

    def diagnostics(self) -> list[dict[str, Any]]:
        """Return the last gaps, and how many readings filled each."""
        return [asdict(gap) for gap in self._gaps]

    async def _async_heal(self, device: Source, source: str, known: datetime) -> None:
        history = None
        try:
            history = await self._async_remembered(device, source, known)
        except DeviceError as err:
            LOGGER.info("A gap of %s is not filled: %s", self._entry.title, err)
        finally:
            newest = self._waiting.pop(source)
            filling = [] if history is None else self._between(history, newest, known)
            for reading in filling:
                self._feed(reading)
            self._feed(newest)
        self._gaps.append(Gap(newest.flow, known, newest.at, len(filling)))
        if filling:
            LOGGER.info(
                "A gap of %s from %s to %s is filled from the memory of its device",
                self._entry.title,
                known,
                newest.at,
            )

    async def _async_remembered(
        self, device: Source, source: str, known: datetime
    ) -> History | None:
        now = dt_util.utcnow()
        if known > dt_util.start_of_local_day(now) - _DAY:
            return await device.async_history(source)
        return await device.async_past(source, known, now)

    def _between(self, history: History, newest: Reading, known: datetime) -> list[Reading]:
        """Return the readings of a gap that lie between the counters on both sides of it."""
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
