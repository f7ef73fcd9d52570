"""A simulated SUN2000 on a frozen clock, and the entry that reads it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.huawei import Sun2000
from simulator.huawei.profiles import Profile, hybrid
from simulator.world import House
from tests.helpers import turns

BEGIN = datetime(2026, 6, 17, 9, 0, tzinfo=UTC)
LEAD = timedelta(minutes=7)
START = BEGIN + LEAD


@dataclass
class Plant:
    """An inverter, the house behind it, and the time that passes for both."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    house: House
    device: Sun2000
    port: int
    serial: str

    async def seconds(self, seconds: float, step: float = 0.5) -> None:
        """Let time pass in half seconds, with everything that happens meanwhile."""
        for _ in range(round(seconds / step)):
            await self.tick(step)
        await self.hass.async_block_till_done()

    async def until_done(self, task: asyncio.Task[Any]) -> Any:
        """Let time pass until a task is done; returns its result."""
        while not task.done():
            await self.tick()
            await turns(500)
        return await task

    async def until(self, happened: Callable[[], bool]) -> None:
        """Let time pass until something happened."""
        while not happened():
            await self.tick()
            await turns(500)

    async def call(self, domain: str, action: str, **data: object) -> Any:
        """Call an action and let time pass until it is done; returns its answer, if any."""
        answers = self.hass.services.supports_response(domain, action) is not SupportsResponse.NONE
        return await self.until_done(
            self.hass.async_create_task(
                self.hass.services.async_call(
                    domain, action, data, blocking=True, return_response=answers
                )
            )
        )

    async def tick(self, seconds: float = 0.5) -> None:
        """Let half a second pass."""
        self.freezer.tick(timedelta(seconds=seconds))
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await turns(60)


_WRITE_MANY = 16

type Act = Callable[..., Awaitable[dict[str, Any]]]
type AddEntry = Callable[..., Awaitable[MockConfigEntry]]


@pytest.fixture
def profile() -> Profile:
    """Return which set-up stands there; tests override it."""
    return hybrid()


@pytest.fixture
def begin() -> datetime:
    """Return when the house begins, some minutes before the test; tests override it."""
    return BEGIN


@pytest.fixture
async def plant(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    profile: Profile,
    begin: datetime,
) -> AsyncIterator[Plant]:
    """Return an inverter that listens on 127.0.0.1."""
    freezer.move_to(begin + LEAD)
    house = House(profile.house, begin)
    config = replace(profile.device, quiet_s=0.0, spacing_s=0.0)
    device = Sun2000(house, dt_util.utcnow, config)
    port = await device.start("127.0.0.1")
    yield Plant(hass, freezer, house, device, port, config.inverters[0].serial)
    await device.stop()
    await turns()


@pytest.fixture
async def add_entry(hass: HomeAssistant, plant: Plant) -> AsyncIterator[AddEntry]:
    """Return a function that sets up the entry of the inverter."""

    async def add(options: dict[str, Any] | None = None, **data: object) -> MockConfigEntry:
        given = {"type": "huawei", "host": "127.0.0.1", "port": plant.port, "unit_id": 1}
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Inverter",
            options=options or {},
            data={**given, "device_id": plant.serial, **data},
            unique_id=f"huawei_{data.get('device_id', plant.serial)}",
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


@pytest.fixture
async def entry(add_entry: AddEntry) -> MockConfigEntry:
    """Return the entry of an inverter that may be controlled."""
    return await add_entry(options={"control": True})


@pytest.fixture
def act(hass: HomeAssistant, plant: Plant, entry: MockConfigEntry) -> Act:
    """Return a function that calls an action for the battery and returns its answer."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{plant.serial}_battery"), entry.entry_id
    )
    assert device is not None

    async def call(action: str, **data: object) -> dict[str, Any]:
        response = await plant.call(DOMAIN, action, device_id=device.id, **data)
        assert list(response) == [device.id]
        told: dict[str, Any] = response[device.id]
        return told

    return call


def writes(plant: Plant) -> list[int]:
    """Return the addresses that were written, in order."""
    return [one.address for one in plant.device.requests if one.function == _WRITE_MANY]


def battery_w(plant: Plant) -> float:
    """Return what the world's batteries of the inverter give, in W."""
    batteries = plant.house.truth(dt_util.utcnow()).batteries
    return sum(one.power_w for name, one in batteries.items() if name.startswith("luna"))
