"""The Envoy is one of the devices that `python -m simulator` serves."""

import asyncio

from aiohttp import ClientSession, TCPConnector
from pyenphase import Envoy as Library
from pyenphase.ssl import create_no_verify_ssl_context
import pytest

from simulator.device import HOST, Setting
from simulator.devices import DEVICES
from simulator.envoy import EnvoyFault, serve
from simulator.world import House, mixed_house

from ..tools import FrozenClock
from .tools import NOON

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_it_tells_where_it_listens() -> None:
    clock = FrozenClock(NOON)
    house = House(mixed_house(), NOON)
    async with serve(Setting(house, clock, 1.0, 0, serial=False)) as page:
        assert page.name == "envoy"
        assert set(page.listens) == {"host", "port", "serial", "token", "cloud_port"}
        assert page.listens["host"] == HOST
        assert page.listens["serial"] == "999000000001"
        assert list(page.faults.state()) == [str(fault) for fault in EnvoyFault]
        async with ClientSession(connector=TCPConnector(ssl=False)) as session:
            library = Library(f"{HOST}:{page.listens['port']}", session)
            await library.setup()
            await library.authenticate(token=str(page.listens["token"]))
            data = await library.update()
            assert data.system_production is not None
            assert data.system_production.watts_now == house.truth(NOON).arrays["enphase"].power_w
            cloud = f"http://{HOST}:{page.listens['cloud_port']}"
            async with session.post(f"{cloud}/login/login.json") as reply:
                assert reply.status == 401


async def test_another_start_of_the_same_house_is_the_same_gateway() -> None:
    house = House(mixed_house(), NOON)
    setting = Setting(house, FrozenClock(NOON), 1.0, 0, serial=False)
    found = []
    for _ in range(2):
        async with serve(setting) as page:
            where = str(page.listens["host"]), int(page.listens["port"])
            _, writer = await asyncio.open_connection(*where, ssl=create_no_verify_ssl_context())
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.transport.abort()
            found.append((shown, page.listens["token"]))
    assert found[0] == found[1]


def test_it_is_a_device_of_the_program() -> None:
    assert "envoy" in {device.name for device in DEVICES}
