"""The platform is one of the devices that `python -m simulator` serves, and tells what it got."""

from aiohttp import ClientSession
import pytest

from simulator.device import HOST, Setting
from simulator.devices import DEVICES
from simulator.enrg import EnrgFault, serve
from simulator.world import House, mixed_house

from ..tools import MORNING, FrozenClock
from .tools import DATE, SERIALS, TOKEN, Client, plant

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_it_tells_where_it_listens(clock: FrozenClock) -> None:
    house = House(mixed_house(), MORNING.replace(hour=7))
    async with serve(Setting(house, clock, 1.0, 0, serial=False)) as page:
        assert page.name == "enrg"
        assert page.listens == {
            "host": HOST,
            "port": page.listens["port"],
            "url": f"http://{HOST}:{page.listens['port']}",
            "credential": "demo-installer-4711",
        }
        assert list(page.faults.state()) == [str(fault) for fault in EnrgFault]
        body = {"credential": page.listens["credential"]}
        url = f"{page.listens['url']}{TOKEN}"
        async with ClientSession() as session, session.post(url, json=body) as reply:
            assert reply.status == 200


def test_it_is_a_device_of_the_program() -> None:
    assert "enrg" in {device.name for device in DEVICES}


async def test_it_tells_another_process_what_it_got(client: Client) -> None:
    await client.send(plant(), "one")
    await client.service.faults.set(EnrgFault.KEY_IGNORED, True)
    await client.send(plant(SERIALS[0]), "two")
    await client.service.faults.set(EnrgFault.UNAVAILABLE, True)
    await client.send(plant())
    async with client.session.get(f"{client.url}/simulator") as reply:
        told = await reply.json()
    assert told["rows"] == [
        {"id": SERIALS[0], "date": DATE, "writes": 2, "keys": 2},
        {"id": SERIALS[1], "date": DATE, "writes": 1, "keys": 1},
        {"id": SERIALS[2], "date": DATE, "writes": 1, "keys": 1},
    ]
    assert told["calls"] == {"200": 2, "503": 1}
    assert told["most_at_once"] == 1
    assert told["most_a_minute"] == len(client.service.calls)
