"""The SUN2000 is one of the devices that `python -m simulator` serves."""

import asyncio

import pytest

from simulator.device import HOST, Setting
from simulator.devices import DEVICES
from simulator.huawei import HuaweiFault, serve
from simulator.world import House, mixed_house

from ..tools import FrozenClock
from .tools import NOON, Client

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_it_tells_where_it_listens() -> None:
    clock = FrozenClock(NOON)
    house = House(mixed_house(), NOON)
    async with serve(Setting(house, clock, 1.0, 0, serial=False)) as page:
        assert page.name == "huawei"
        assert page.listens == {
            "host": HOST,
            "port": page.listens["port"],
            "unit_id": 1,
            "serial": "HV9900000001",
        }
        assert list(page.faults.state()) == [str(fault) for fault in HuaweiFault]
        client = await Client(int(page.listens["port"])).connect()
        await asyncio.sleep(1.5)
        assert await client.text(30015, 10) == "HV9900000001"
        client.close()


def test_it_is_a_device_of_the_program() -> None:
    assert "huawei" in {device.name for device in DEVICES}
