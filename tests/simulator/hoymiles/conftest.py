"""The cloud on a clock that stands, and a client."""

from collections.abc import AsyncIterator
from datetime import timedelta

from aiohttp import ClientSession
import pytest

from simulator.hoymiles import CloudConfig, HoymilesCloud
from simulator.world import House, mixed_house

from ..tools import FrozenClock
from .tools import NOON, Client


@pytest.fixture
def clock() -> FrozenClock:
    """Return a clock at noon."""
    return FrozenClock(NOON)


@pytest.fixture
def house() -> House:
    """Return the default house, begun the day before."""
    begin = (NOON - timedelta(days=1)).replace(hour=22, minute=0) - timedelta(days=1)
    return House(mixed_house(), begin, fine_from=NOON + timedelta(days=9))


@pytest.fixture
def config() -> CloudConfig:
    """Return which cloud it is; tests override it."""
    return CloudConfig()


@pytest.fixture
async def cloud(
    house: House, clock: FrozenClock, config: CloudConfig, socket_enabled: None
) -> AsyncIterator[HoymilesCloud]:
    """Return the cloud."""
    cloud = HoymilesCloud(house, clock, config)
    yield cloud
    await cloud.stop()


@pytest.fixture
async def client(cloud: HoymilesCloud) -> AsyncIterator[Client]:
    """Return a client that is not logged in."""
    url = await cloud.start()
    async with ClientSession() as session:
        yield Client(session, cloud, url)
