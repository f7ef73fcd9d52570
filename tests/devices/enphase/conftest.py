"""A simulated Envoy on a frozen clock, and the entry that reads it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import logging
from typing import Any

from envoy_utils.envoy_utils import EnvoyUtils
from freezegun.api import FrozenDateTimeFactory
from pyenphase.auth import EnvoyTokenAuth
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN, LOGGER
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.envoy import LOG_IN, TOKENS, Envoy
from simulator.envoy.profiles import Profile, three_phase
from simulator.world import House
from tests.helpers import turns

START = datetime(2026, 6, 17, 9, 7, tzinfo=UTC)
READINGS = "/ivp/meters/readings"
_BEFORE = timedelta(hours=24, minutes=7)


@dataclass
class Plant:
    """A gateway, the house behind it, and the time that passes for both."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    house: House
    envoy: Envoy
    host: str

    @property
    def serial(self) -> str:
        """Return the serial number of the gateway."""
        return self.envoy.config.serial

    @property
    def paths(self) -> list[str]:
        """Return what was asked for since the requests were last cleared."""
        return [one.path for one in self.envoy.requests]

    async def seconds(self, seconds: float, step: float = 5) -> None:
        """Let time pass step by step, with everything that happens meanwhile."""
        for _ in range(round(seconds / step)):
            await self.tick(step)
        await self.hass.async_block_till_done()

    async def until_done(self, task: asyncio.Task[Any]) -> Any:
        """Let time pass, if it must, until a task is done; returns its result."""
        for number in range(200):
            if task.done():
                return task.result()
            # What needs no time is given none.
            await (turns(150) if number < 40 else self.tick(2.5))
        raise AssertionError("it does not end")

    async def until(
        self, happened: Callable[[], bool], most_s: float = 600, step: float = 1
    ) -> None:
        """Let time pass until something happened."""
        for _ in range(round(most_s / step)):
            if happened():
                return
            await self.tick(step)
        raise AssertionError("it did not happen")

    async def tick(self, seconds: float) -> None:
        """Let a moment pass."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await turns(150)


type AddEntry = Callable[..., Awaitable[MockConfigEntry]]


@pytest.fixture
def start() -> datetime:
    """Return when a test begins; tests of other days override it."""
    return START


@pytest.fixture
def profile() -> Profile:
    """Return which set-up stands there; tests override it."""
    return three_phase()


@pytest.fixture
async def plant(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    profile: Profile,
    start: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Plant]:
    """Return a gateway that listens on 127.0.0.1, with its cloud."""
    freezer.move_to(start)
    await hass.config.async_set_time_zone("Europe/Brussels")
    hass.config.latitude, hass.config.longitude = 50.85, 4.35
    # Whole minutes: sixty times faster where hours pass.
    house = House(profile.house, start - _BEFORE, fine_from=start + timedelta(days=400))
    # What the library derives from the serial number, for old firmware.
    password = EnvoyUtils.get_password(profile.device.serial, "installer")
    device = replace(profile.device, installer_password=password)
    envoy = Envoy(house, dt_util.utcnow, device)
    host = f"127.0.0.1:{await envoy.start()}"
    cloud = f"http://127.0.0.1:{await envoy.cloud.start()}"
    monkeypatch.setattr(EnvoyTokenAuth, "JSON_LOGIN_URL", f"{cloud}{LOG_IN}?")
    monkeypatch.setattr(EnvoyTokenAuth, "TOKEN_URL", f"{cloud}{TOKENS}")
    yield Plant(hass, freezer, house, envoy, host)
    await envoy.stop()
    await turns()


@pytest.fixture
async def add_entry(hass: HomeAssistant, plant: Plant) -> AsyncIterator[AddEntry]:
    """Return a function that sets up the entry of the gateway."""

    async def add(options: dict[str, Any] | None = None, **data: object) -> MockConfigEntry:
        given = {"type": "enphase", "host": plant.host, "token": plant.envoy.cloud.token()}
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Envoy",
            options=options or {},
            data={**given, "device_id": plant.serial, **data},
            unique_id=f"enphase_{data.get('device_id', plant.serial)}",
        )
        entry.add_to_hass(hass)
        task = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
        await plant.until_done(task)
        await hass.async_block_till_done()
        return entry

    yield add
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.state.recoverable:
            await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture
async def entry(add_entry: AddEntry) -> MockConfigEntry:
    """Return the entry of the gateway."""
    return await add_entry()


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what our logger warned or complained of."""
    return [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.name == LOGGER.name and record.levelno >= logging.WARNING
    ]
