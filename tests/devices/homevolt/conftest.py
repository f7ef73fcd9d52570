"""A simulated Homevolt on a frozen clock, and the entry that reads it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.homevolt import Homevolt
from simulator.homevolt.profiles import Profile, single
from simulator.world import BatteryTruth, House, Truth
from tests.helpers import turns

BEGIN = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
START = BEGIN + timedelta(minutes=7)
ECU = "99aabbccdd01"
SECOND = "99aabbccdd02"
GRID = "a499aafffe000001"
SOLAR = "a499aafffe000003"
LOAD = f"{ECU}_load"


@dataclass
class Plant:
    """A Homevolt, the house behind it, and the time that passes for both."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    house: House
    device: Homevolt
    port: int

    @property
    def host(self) -> str:
        """Return where it answers."""
        return f"127.0.0.1:{self.port}"

    @property
    def truth(self) -> Truth:
        """Return what is true now."""
        return self.house.truth(dt_util.utcnow())

    def battery(self, name: str = "homevolt") -> BatteryTruth:
        """Return what a battery does now."""
        return self.truth.batteries[name]

    async def seconds(self, seconds: float, step: float = 2) -> None:
        """Let time pass in steps, with everything that happens meanwhile."""
        for _ in range(round(seconds / step)):
            await self.tick(step)
        await self.hass.async_block_till_done()

    async def until_done[T](self, task: asyncio.Future[T]) -> T:
        """Let time pass until a task is done; returns its result."""
        while not task.done():
            await turns(300)
            if not task.done():
                await self.tick()
        return await task

    async def until(self, happened: Callable[[], bool]) -> None:
        """Let time pass until something happened."""
        while not happened():
            await self.tick()
            await turns(200)

    async def until_slowly(self, happened: Callable[[], bool]) -> None:
        """Let much time pass until something happened."""
        while not happened():
            await self.seconds(20, step=20)

    async def tick(self, seconds: float = 1) -> None:
        """Let some time pass."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await turns(60)

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Return every request: method and path."""
        return [(one.method, one.path) for one in self.device.requests]


type AddEntry = Callable[..., Awaitable[MockConfigEntry]]


@pytest.fixture
def profile() -> Profile:
    """Return which set-up stands there; tests override it."""
    return single()


@pytest.fixture
def begin() -> datetime:
    """Return when the house begins; tests override it."""
    return BEGIN


@pytest.fixture
def fine_from() -> datetime | None:
    """Return until when the house goes on in steps of a minute; tests of long days override it."""
    return None


@pytest.fixture
async def plant(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    profile: Profile,
    begin: datetime,
    fine_from: datetime | None,
) -> AsyncIterator[Plant]:
    """Return a Homevolt that listens on 127.0.0.1."""
    freezer.move_to(begin + timedelta(minutes=7))
    await hass.config.async_set_time_zone("Europe/Brussels")
    house = House(profile.house, begin, fine_from)
    device = Homevolt(house, dt_util.utcnow, profile.device)
    port = await device.start("127.0.0.1")
    yield Plant(hass, freezer, house, device, port)
    await device.stop()
    await turns()


@pytest.fixture
async def add_entry(hass: HomeAssistant, plant: Plant) -> AsyncIterator[AddEntry]:
    """Return a function that sets up the entry of the Homevolt."""

    async def add(options: dict[str, Any] | None = None, **data: object) -> MockConfigEntry:
        given = {"type": "homevolt", "host": plant.host, "device_id": ECU, **data}
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Homevolt",
            options=options or {},
            data=given,
            unique_id=f"homevolt_{given['device_id']}",
        )
        entry.add_to_hass(hass)
        task = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
        await plant.until_done(task)
        await plant.seconds(1)
        return entry

    yield add
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state.recoverable:
            await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


def with_password(profile: Profile) -> Profile:
    """Return a set-up whose web server asks for a password, which is "right"."""
    return Profile(profile.house, replace(profile.device, password="right"))
