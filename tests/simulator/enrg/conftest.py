"""The platform on a clock that stands, and a client."""

from collections.abc import AsyncIterator

from aiohttp import ClientSession
import pytest

from simulator.enrg import EnrgConfig, EnrgService

from ..tools import MORNING, FrozenClock
from .tools import Client


@pytest.fixture
def clock() -> FrozenClock:
    """Return a clock that stands."""
    return FrozenClock(MORNING)


@pytest.fixture
async def service(clock: FrozenClock, socket_enabled: None) -> AsyncIterator[EnrgService]:
    """Return the platform; more than five devices are too many for it."""
    service = EnrgService(clock, EnrgConfig(most_devices=5))
    yield service
    await service.stop()


@pytest.fixture
async def stranger(service: EnrgService) -> AsyncIterator[Client]:
    """Return a client without a token."""
    url = await service.start()
    async with ClientSession() as session:
        yield Client(session, service, url)


@pytest.fixture
async def client(stranger: Client) -> Client:
    """Return a client with a token."""
    await stranger.log_in()
    return stranger
