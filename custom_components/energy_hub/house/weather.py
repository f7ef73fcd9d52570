"""The weather over a house: asked once for each run of the models, and kept when nobody answers.

The models behind the service run every three hours; a house asks once in each such span,
at a minute of its own, so that not all houses ask at once.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zlib import crc32

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, LOGGER
from ..coordinator import HubConfigEntry
from ..errors import DeviceError
from ..plan.sky import Light, Sky
from .weather_service import async_forecast

RUN: Final = timedelta(hours=3)
STALE: Final = timedelta(hours=24)
"""How old the last good answer may be before nothing is forecast any more."""
_AGAIN: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
_KEPT: Final = timedelta(hours=50)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class WeatherFeed:
    """Quarters of weather, by their start (UTC)."""

    def __init__(
        self, hass: HomeAssistant, entry: HubConfigEntry, url: str | None, heard: Callable[[], None]
    ) -> None:
        """Prepare; `heard` is called after each good answer."""
        self._hass = hass
        self._entry = entry
        self._url = url
        self._heard = heard
        self._offset = timedelta(minutes=20 + crc32(entry.entry_id.encode()) % 90)
        self._failures = 0
        self._timer: CALLBACK_TYPE | None = None
        self.skies: Mapping[datetime, Sky] = {}
        self.made: datetime | None = None
        """When the last good answer came."""

    def known(self, now: datetime) -> Mapping[datetime, Sky]:
        """Return the weather, nothing when the last good answer is too old."""
        return self.skies if self.made is not None and now - self.made < STALE else {}

    @callback
    def start(self, state: Mapping[str, Any]) -> None:
        """Go on from what was remembered, and ask whenever the models have run."""
        self._restore(state)
        self._entry.async_on_unload(self._stop)
        now = dt_util.utcnow()
        self._wait(self._next(self.made) if self.made else now)

    def as_state(self) -> dict[str, Any]:
        """Return what a restart must remember (JSON)."""
        return {
            "made": self.made and self.made.isoformat(),
            "skies": [
                [int(start.timestamp()), *(sky.light or (None,) * 3), sky.temperature_c]
                for start, sky in self.skies.items()
            ],
        }

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.made = dt_util.parse_datetime(state.get("made") or "")
        skies = {}
        for at, level, direct, diffuse, air in state.get("skies", ()):
            start = datetime.fromtimestamp(at, UTC)
            light = None if level is None else Light(level, direct, diffuse)
            skies[start] = Sky(start, light, air)
        self.skies = skies

    @callback
    def _stop(self) -> None:
        if self._timer is not None:
            self._timer()
            self._timer = None

    def _wait(self, until: datetime) -> None:
        self._stop()
        self._timer = async_track_point_in_utc_time(self._hass, self._due, until)

    @callback
    def _due(self, _now: datetime) -> None:
        self._timer = None
        self._entry.async_create_background_task(
            self._hass, self._async_ask(), f"{DOMAIN} {self._entry.title} weather"
        )

    def _next(self, after: datetime) -> datetime:
        """Return when the models will have run again."""
        passed = (after - _EPOCH - self._offset) // RUN
        return _EPOCH + self._offset + (passed + 1) * RUN

    async def _async_ask(self) -> None:
        try:
            told = await async_forecast(self._hass, self._url)
        except DeviceError as err:
            if not self._failures:
                LOGGER.warning("The weather service does not answer: %s", err)
            self._wait(dt_util.utcnow() + _AGAIN[min(self._failures, len(_AGAIN) - 1)])
            self._failures += 1
            return
        now = dt_util.utcnow()
        if self._failures:
            LOGGER.info("The weather service answers again")
            self._failures = 0
        if max(one.start for one in told) < now:
            # The service lives, its models do not: what was known before is not older.
            self._wait(self._next(now))
            return
        fresh = {one.start: one for one in told}
        kept = {at: sky for at, sky in self.skies.items() if at > now - _KEPT}
        self.skies = dict(sorted({**kept, **fresh}.items()))
        self.made = now
        self._wait(self._next(now))
        self._heard()
