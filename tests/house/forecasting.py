"""A house under the sky of the simulated world, on a frozen clock."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.house.coordinator import HouseCoordinator
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.weather import WeatherService
from simulator.world import BRUSSELS_PLACE, PvArray, Weather
from tests.helpers import until

BEGIN = datetime(2026, 6, 17, 10, 0, 5, tzinfo=UTC)
ROOF = PvArray("roof", 5.0, 12, 35, 185, 4600)
PLANE = {
    "tilt": ROOF.tilt_deg,
    "azimuth": ROOF.azimuth_deg,
    "peak_w": ROOF.kwp * 1000,
    "limit_w": ROOF.limit_w,
    "losses": 14,
    "horizon": [],
}
SOLAR = {"flow": "solar", "to_house": "sensor.solar"}
GRID = {"flow": "grid", "to_house": "sensor.import", "from_house": "sensor.export"}

type Build = Callable[..., Awaitable[MockConfigEntry]]


class Under:
    """The sky over the house, who tells of it, and the time."""

    def __init__(
        self, hass: HomeAssistant, freezer: FrozenDateTimeFactory, service: WeatherService, url: str
    ) -> None:
        self.hass = hass
        self.freezer = freezer
        self.service = service
        self.url = url
        self.weather = service._weather

    async def at(self, moment: datetime) -> None:
        """Let it be a moment, and let everything happen that falls due."""
        self.freezer.move_to(moment)
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def passes(self, span: timedelta) -> None:
        """Let time pass at once."""
        await self.at(dt_util.utcnow() + span)

    def truth_wh(self, start: datetime, end: datetime) -> float:
        """Return what the roof gives between two moments."""
        step = 300
        first, last = int(start.timestamp()), int(end.timestamp())
        return sum(
            ROOF.power_w(self.weather.sky(at)) * step / 3600 for at in range(first, last, step)
        )

    def show(self, **kwh: float) -> None:
        """Let the counters stand somewhere."""
        for name, value in kwh.items():
            self.hass.states.async_set(
                f"sensor.{name}", str(value), {"unit_of_measurement": "kWh"}, force_update=True
            )


@pytest.fixture
async def under(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, socket_enabled: None
) -> AsyncIterator[Under]:
    """Return the sky, with a service that tells of it."""
    freezer.move_to(BEGIN)
    service = WeatherService(Weather(BRUSSELS_PLACE, 1), lambda: datetime.now(UTC))
    url = await service.start()
    await hass.config.async_update(latitude=50.85, longitude=4.35, time_zone="Europe/Brussels")
    yield Under(hass, freezer, service, url)
    await service.stop()


@pytest.fixture
async def build(hass: HomeAssistant, under: Under) -> Build:
    """Return a function that sets up a house; its weather comes from the service."""

    async def add(
        *planes: dict[str, Any],
        sources: tuple[dict[str, Any], ...] = (),
        weather: dict[str, Any] | None = None,
    ) -> MockConfigEntry:
        said = {"service": True, "url": under.url} if weather is None else weather
        parts = (("plane", planes), ("weather", [said]), ("sensors", sources))
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={"type": "house", "device_id": "home"},
            options={"grid": [], "solar": [], "battery": []},
            unique_id="house_home",
            subentries_data=[
                ConfigSubentryData(
                    data=part, subentry_type=kind, title=f"{kind} {number}", unique_id=None
                )
                for kind, every in parts
                for number, part in enumerate(every)
            ],
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return add


def coordinator(entry: MockConfigEntry) -> HouseCoordinator:
    """Return the house behind an entry."""
    found = entry.runtime_data
    assert isinstance(found, HouseCoordinator)
    return found


async def told(under: Under, entry: MockConfigEntry) -> None:
    """Let the first weather come, and be shown."""
    feed = coordinator(entry)._forecast.feed
    await under.passes(timedelta(seconds=1))
    await until(lambda: feed.made is not None)
    await under.passes(timedelta(seconds=20))
