"""The cloud is one of the devices that `python -m simulator` serves, of any size."""

from aiohttp import ClientSession
import pytest

from simulator.device import HOST, Setting
from simulator.devices import DEVICES
from simulator.hoymiles import CloudConfig, HoymilesFault, fleet, serve
from simulator.world import House

from ..tools import FrozenClock
from .tools import DAY, Client, many

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_it_tells_where_it_listens(house: House, clock: FrozenClock) -> None:
    async with serve(Setting(house, clock, 1.0, 0, serial=False)) as page:
        assert page.name == "hoymiles"
        assert page.listens == {
            "host": HOST,
            "port": page.listens["port"],
            "url": f"http://{HOST}:{page.listens['port']}",
            "username": "owner@example.org",
            "password": "example-password",
            "api_key": "Zm9v+YmFy/made=up",
        }
        assert list(page.faults.state()) == [str(fault) for fault in HoymilesFault]
        url = f"{page.listens['url']}/iam/pub/0/c/region_c"
        async with ClientSession() as session, session.post(url, json={}) as one:
            assert one.status == 200


def test_it_is_a_device_of_the_program() -> None:
    assert "hoymiles" in {device.name for device in DEVICES}


class TestFleet:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return fleet()

    async def test_a_thousand_inverters(self, client: Client) -> None:
        serials = {one.serial for plant in client.config.plants for one in plant.micros}
        assert len(client.config.plants) == 50
        assert len(serials) == 1000
        await client.login()
        body = {"sid": 4_000_049, "date": DAY}
        content = await client.binary("/pvm-data/api/0/module/data/down_module_day_data", body)
        assert len(many(content, 3)) == 20
