"""A simulated meter on a frozen clock, and the entry that reads it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.p1 import P1Config, P1Meter
from simulator.world import House, plain_house
from tests.helpers import turns, until

BEGIN = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)
START = BEGIN + timedelta(minutes=7)


@dataclass
class Line:
    """A meter, the wire to it, and the house behind it."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    house: House
    meter: P1Meter
    port: int
    serial: str

    async def seconds(self, count: int = 1, step: int = 1) -> None:
        """Let `count` times `step` seconds pass, each time with a telegram that is used."""
        for _ in range(count):
            await self.second(step)
        await self.hass.async_block_till_done()

    async def connected(self, task: asyncio.Task[Any]) -> None:
        """Wait until Home Assistant has connected, or given up."""
        joined = asyncio.ensure_future(self.meter.wait_for_clients(1))
        await asyncio.wait({joined, task}, return_when=asyncio.FIRST_COMPLETED)
        joined.cancel()

    async def seconds_until(self, happened: Callable[[], Any]) -> None:
        """Let seconds pass until something happened, however long Home Assistant takes."""
        while not happened():
            await self.second()
            await turns(2_000)

    async def second(self, step: int = 1) -> None:
        """Let a second pass without waiting for what Home Assistant still does."""
        self.freezer.tick(timedelta(seconds=step))
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await turns(20)
        await self.meter.push()
        await turns(20)


type AddEntry = Callable[..., Awaitable[MockConfigEntry]]


@pytest.fixture(scope="session")
def house() -> House:
    """Return one house for all tests: it only ever remembers more."""
    return House(plain_house(), BEGIN)


@pytest.fixture
def p1_config() -> P1Config:
    """Return which meter stands there; tests override it."""
    return P1Config()


@pytest.fixture
async def line(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    house: House,
    p1_config: P1Config,
) -> AsyncIterator[Line]:
    """Return a meter that listens on 127.0.0.1."""
    freezer.move_to(START)
    meter = P1Meter(house, dt_util.utcnow, p1_config)
    port = await meter.start_tcp()
    yield Line(hass, freezer, house, meter, port, p1_config.serial)
    await meter.stop()
    await turns()


@pytest.fixture
async def add_entry(hass: HomeAssistant, line: Line) -> AsyncIterator[AddEntry]:
    """Return a function that sets up the entry of the meter, telegrams coming."""
    entries: list[MockConfigEntry] = []

    async def add(options: dict[str, int] | None = None, **data: object) -> MockConfigEntry:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="P1 meter",
            data={
                "type": "fluvius",
                "host": "127.0.0.1",
                "port": line.port,
                "device_id": line.serial,
                **data,
            },
            options=options or {},
            unique_id=f"fluvius_{line.serial}",
        )
        entry.add_to_hass(hass)
        entries.append(entry)
        task = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
        if "device" in data:
            await line.seconds_until(task.done)
        else:
            await line.connected(task)
            await line.second()
            await until(task.done)
        await hass.async_block_till_done()
        return entry

    yield add
    for entry in entries:
        if hass.config_entries.async_get_entry(entry.entry_id):
            await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
