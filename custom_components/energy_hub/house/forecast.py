"""The forecast of one house: weather in, expectations out, and what became of them learnt."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import HubConfigEntry
from ..ledger.account import hour_of
from ..ledger.days import day_of
from ..ledger.energy import Row
from ..ledger.source import Total
from ..memory import memory_store
from ..metric import AnyMetric
from ..plan.forecast import Expected, expect
from ..plan.learn import Correction
from ..plan.outlook import Outlook, Power
from ..plan.skill import Skill
from ..plan.sky import HOUR, QUARTER, Sky
from ..plan.sun import Place
from ..plan.trust import Hour, lesson
from ..site import async_get_site
from .forecast_metrics import FORECAST_METRICS
from .forecast_series import ForecastSeries
from .foresight import Foresight
from .planes import WeatherChoice, planes_of, weather_of
from .provider import async_provided, provided
from .sky_sensors import SkySensors
from .weather import WeatherFeed

_LOOK_BACK: Final = timedelta(hours=26)
_DAY: Final = timedelta(days=1)
_SLOTS: Final = 12
_SAVE_SOON_S: Final = 30
# What a crash loses comes again: the hours that are settled are saved with what they taught.
_SAVE_EVERY_S: Final = 900
# Where no plane says how much the roof can give.
_USUAL_PEAK_W: Final = 5000.0


class HouseForecast:
    """What a house with planes, or with another forecast, expects."""

    def __init__(self, hass: HomeAssistant, entry: HubConfigEntry, house_id: str) -> None:
        """Prepare; nothing is asked before `async_start`."""
        self._hass = hass
        self._entry = entry
        self._planes = planes_of(entry)
        said = weather_of(entry)
        self._choice = said or WeatherChoice()
        self.wanted: Final = bool(self._planes or said)
        """Whether there is anything to forecast with."""
        self._place = Place(hass.config.latitude, hass.config.longitude)
        self._peak_w = sum(plane.peak_w for plane in self._planes) or _USUAL_PEAK_W
        self.feed: Final = WeatherFeed(hass, entry, self._choice.url, self._heard)
        self._sensors = SkySensors(
            hass, self._place, self._choice.irradiance, self._choice.temperature
        )
        self.series: Final = ForecastSeries(house_id, entry.title)
        self._store = memory_store(hass, entry)
        self._correction = Correction()
        self._skill = Skill()
        self._skies: Mapping[datetime, Sky] = {}
        self._expected: Mapping[datetime, Expected] = {}
        self._outlook = Outlook({})
        self._provided: Mapping[datetime, float] = {}
        self._settled: datetime | None = None
        self._fixed: dict[datetime, Power] = {}
        self._held: set[datetime] = set()
        self._fresh = True
        self._turn = asyncio.Lock()

    @property
    def url(self) -> str | None:
        """The user's own weather server."""
        return self._choice.url

    @property
    def metrics(self) -> Sequence[AnyMetric]:
        """The sensors that show it."""
        return FORECAST_METRICS if self.wanted else ()

    async def async_start(self) -> None:
        """Remember what was learnt, and ask for the weather."""
        if not self.wanted:
            return
        state = await self._store.async_load() or {}
        self._correction = Correction.from_state(state.get("correction", {}))
        self._skill = Skill.from_state(state.get("skill", {}))
        self._settled = dt_util.parse_datetime(state.get("settled") or "")
        self._held = {datetime.fromisoformat(at) for at in state.get("held", ())}
        self._fixed = {
            datetime.fromisoformat(at): Power(*energy)
            for at, energy in state.get("fixed", {}).items()
        }
        self._sensors.restore(state.get("measured", []))
        self._entry.async_on_unload(self._async_save)
        if self._choice.service:
            self.feed.start(state.get("weather", {}))
        await self._async_hear()

    @callback
    def view(self, now: datetime) -> Foresight | None:
        """Return what is expected now; to be called every few seconds."""
        if not self.wanted:
            return None
        self._sensors.listen(now)
        sources = async_get_site(self._hass).sources.values()
        if any(source.held_back for source in sources):
            self._held.add(hour_of(now))
        return Foresight.of(self._outlook, self._skill, self.feed.made, now)

    @property
    def hours(self) -> Mapping[datetime, Power]:
        """Return Wh of each hour that is expected, by its start (UTC)."""
        return self._outlook.hours()

    @property
    def fixed(self) -> Mapping[datetime, Power]:
        """Return what was expected of the last hours as they began, by their start (UTC)."""
        return self._fixed

    async def async_settle(self, now: datetime, rows: Sequence[Row]) -> None:
        """Compare what was expected with what the ledger says, think again, and write it."""
        if not self.wanted:
            return
        async with self._turn:
            await self._async_think(now)
            self._judge(rows, now)
        hour = hour_of(now)
        if hour not in self._fixed and (energy := self._outlook.energy(hour, hour + HOUR)):
            # What was expected of an hour is fixed when it begins.
            self._fixed[hour] = energy
        self._fixed = {at: one for at, one in self._fixed.items() if at > now - _LOOK_BACK}
        await self.series.async_write(self._hass, self._skies, self._fixed, now)
        self._store.async_delay_save(self._as_state, _SAVE_EVERY_S)

    @callback
    def _heard(self) -> None:
        """Think as soon as there is new weather, and remember it."""
        self._fresh = True
        self._store.async_delay_save(self._as_state, _SAVE_SOON_S)
        self._entry.async_create_background_task(
            self._hass, self._async_hear(), f"{DOMAIN} {self._entry.title} forecast"
        )

    async def _async_hear(self) -> None:
        async with self._turn:
            await self._async_think(dt_util.utcnow())

    async def _async_think(self, now: datetime) -> None:
        """Make the outlook of what is known now."""
        skies = self._sensors.over(self.feed.known(now))
        if self._choice.provider:
            self._provided = await async_provided(self._hass, self._choice.provider)
        # Thousands of sines and cosines are not for the event loop.
        expected, outlook = await self._hass.async_add_executor_job(self._made, skies)
        self._skies, self._expected, self._outlook = skies, expected, outlook
        if self._fresh or self._choice.provider:
            self._fresh = False
            ahead = {at: one for at, one in outlook.hours().items() if at >= now}
            self._skill.note(now, ahead)

    def _made(self, skies: Mapping[datetime, Sky]) -> tuple[dict[datetime, Expected], Outlook]:
        if self._choice.provider:
            quarters = list(provided(self._provided, self._place))
        else:
            quarters = list(expect(self._planes, self._place, skies.values()))
        outlook = Outlook.of(quarters, self._correction)
        return {one.sky.start: one for one in quarters}, outlook

    def _judge(self, rows: Sequence[Row], now: datetime) -> None:
        """Learn from the hours whose energy has become known, in their order."""
        truths = solar_hours(rows)
        zone = dt_util.get_default_time_zone()
        first = self._settled or now - _LOOK_BACK
        for hour in sorted(truths):
            if hour < first or hour + HOUR > now:
                continue
            wh = truths[hour]
            quarters = tuple(
                self._expected[at]
                for at in (hour + number * QUARTER for number in range(4))
                if at in self._expected
            )
            if quarters:
                held = hour in self._held
                seen = Hour(quarters, wh, held_back=held, cold_c=self._cold(hour))
                if taught := lesson(seen, self._peak_w):
                    self._correction.learn(taught)
            self._skill.judge(hour, wh, day_of(hour, zone))
            self._settled = hour + HOUR
        self._held = {at for at in self._held if at > now - 2 * _LOOK_BACK}

    def _cold(self, hour: datetime) -> float | None:
        """Return the lowest temperature of the day before an hour."""
        air = [
            sky.temperature_c
            for at, sky in self._skies.items()
            if hour - _DAY <= at <= hour and sky.temperature_c is not None
        ]
        return min(air, default=None)

    async def _async_save(self) -> None:
        await self._store.async_save(self._as_state())

    def _as_state(self) -> dict[str, Any]:
        return {
            "correction": self._correction.as_state(),
            "skill": self._skill.as_state(),
            "settled": self._settled and self._settled.isoformat(),
            "fixed": {at.isoformat(): [*energy] for at, energy in self._fixed.items()},
            "held": [at.isoformat() for at in self._held],
            "measured": self._sensors.as_state(),
            "weather": self.feed.as_state(),
        }

    def diagnostics(self) -> dict[str, Any]:
        """Return how the forecast fares."""
        return {
            "made": self.feed.made,
            "quarters": len(self._outlook.quarters),
            "learnt": self._correction.whole._asdict(),
            "positions": self._correction.positions,
            "settled": self._settled,
        }


def solar_hours(rows: Sequence[Row]) -> dict[datetime, float]:
    """Return the solar energy in Wh of each hour that the ledger wholly knows."""
    slots: dict[datetime, list[float]] = {}
    for row in rows:
        amount = row.sums.get(Total.SOLAR)
        if amount is not None and amount.kwh is not None:
            slots.setdefault(hour_of(row.start), []).append(amount.kwh)
    return {hour: 1000 * sum(kwh) for hour, kwh in slots.items() if len(kwh) == _SLOTS}
