"""The simulated cloud on a frozen clock, and the entries that read it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.hoymiles import Call, CloudConfig, HoymilesCloud, Password
from simulator.world import House, mixed_house
from tests.helpers import turns

BEGIN = datetime(2026, 6, 16, 22, 0, tzinfo=UTC)
NOON = datetime(2026, 6, 17, 10, 7, tzinfo=UTC)
"""12:07 in Brussels."""
HOUSE, BARN, CARPORT = 3_187_654, 3_187_702, 3_187_911
FIRST, SECOND = "116099000101", "114099000102"
BARN_FIRST, BARN_SECOND = "10F899000201", "161099000202"


@dataclass
class Site:
    """A cloud, the house behind it, and the time that passes for both."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    house: House
    cloud: HoymilesCloud
    url: str

    @property
    def account(self) -> dict[str, str]:
        """Return what the form of an account is told."""
        config = self.cloud.config
        return {"username": config.username, "password": config.password, "url": self.url}

    @property
    def key(self) -> dict[str, str]:
        """Return what the form of a key is told."""
        return {"api_key": self.cloud.config.api_key, "url": self.url}

    async def minutes(self, minutes: float, step_s: float = 30) -> None:
        """Let time pass, with everything that falls due."""
        for _ in range(round(minutes * 60 / step_s)):
            self.freezer.tick(timedelta(seconds=step_s))
            async_fire_time_changed(self.hass, dt_util.utcnow())
            await turns(2)
            await self.hass.async_block_till_done(wait_background_tasks=True)

    async def move_to(self, moment: datetime) -> None:
        """Let time jump."""
        self.freezer.move_to(moment)
        async_fire_time_changed(self.hass, dt_util.utcnow())
        await self.hass.async_block_till_done(wait_background_tasks=True)

    def calls(self, part: str = "") -> list[Call]:
        """Return the calls to paths with this in them."""
        return [one for one in self.cloud.calls if part in one.path]


@pytest.fixture
def quiet(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    """Keep Home Assistant from telling of every state, and where every task comes from.

    That takes longer than all the rest.
    """
    caplog.set_level(logging.WARNING)
    hass.loop.set_debug(False)


type AddEntry = Callable[..., Awaitable[MockConfigEntry]]


def cloud_config(**values: Any) -> CloudConfig:
    """Return a cloud that wants a hash of the password which takes no time."""
    return CloudConfig(**{"hash": Password.DOTTED, **values})


@pytest.fixture
def config() -> CloudConfig:
    """Return which cloud it is; tests override it."""
    return cloud_config()


@pytest.fixture
def start() -> datetime:
    """Return when a test begins; tests override it."""
    return NOON


@pytest.fixture
def begin() -> datetime:
    """Return when the house begins; tests override it."""
    return BEGIN


@lru_cache(maxsize=4)
def house_since(begin: datetime) -> House:
    """Return a house with our panels and nothing that takes its time; nobody commands it."""
    config = mixed_house()
    arrays = tuple(one for one in config.arrays if one.id == "hoymiles")
    plain = replace(config, arrays=arrays, batteries=(), inverters=(), heat_pump=False, car=False)
    return House(plain, begin, fine_from=begin + timedelta(days=99))


@pytest.fixture
async def site(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    socket_enabled: None,
    config: CloudConfig,
    start: datetime,
    begin: datetime,
) -> AsyncIterator[Site]:
    """Return the cloud, in a Home Assistant that stands beside the house."""
    await hass.config.async_update(latitude=50.85, longitude=4.35, time_zone="Europe/Brussels")
    freezer.move_to(start)
    house = house_since(begin)
    cloud = HoymilesCloud(house, dt_util.utcnow, config)
    yield Site(hass, freezer, house, cloud, await cloud.start())
    await cloud.stop()
    await turns()


@pytest.fixture
async def add_entry(hass: HomeAssistant, site: Site) -> AsyncIterator[AddEntry]:
    """Return a function that sets up an entry for the account or the key."""

    async def add(
        kind: str = "account", options: dict[str, Any] | None = None, **data: object
    ) -> MockConfigEntry:
        given = site.account if kind == "account" else site.key
        entry = MockConfigEntry(
            domain=DOMAIN,
            title=f"Hoymiles {kind}",
            data={"type": "hoymiles", "device_id": f"{kind}0123456789", **given, **data},
            options=options or {},
            unique_id=f"hoymiles_{kind}0123456789",
        )
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        return entry

    yield add
    for entry in hass.config_entries.async_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
