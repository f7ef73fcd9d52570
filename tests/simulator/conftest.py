"""A frozen clock, a house and a meter that listens."""

from collections.abc import AsyncIterator

import pytest

from simulator.p1 import P1Meter
from simulator.world import House, mixed_house

from .tools import MORNING, FrozenClock


@pytest.fixture
def clock() -> FrozenClock:
    """Return a clock that stands, on a summer morning."""
    return FrozenClock(MORNING)


@pytest.fixture
def house() -> House:
    """Return the default house, begun an hour before the clock."""
    return House(mixed_house(), MORNING.replace(hour=7))


@pytest.fixture
async def meter(house: House, clock: FrozenClock) -> AsyncIterator[P1Meter]:
    """Return a meter that listens nowhere yet and is stopped afterwards."""
    meter = P1Meter(house, clock)
    yield meter
    await meter.stop()
