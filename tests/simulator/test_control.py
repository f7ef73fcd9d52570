"""The control port tells the truth and turns switches."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
import json
from typing import Any

from aiohttp import ClientSession
import pytest

from simulator.control import Control, serve_control
from simulator.device import DevicePage
from simulator.p1 import P1Fault, P1Meter
from simulator.world import BatteryCommand, House

from .tools import FrozenClock

pytestmark = pytest.mark.usefixtures("socket_enabled")


@dataclass
class Client:
    """Asks the control port."""

    session: ClientSession
    url: str

    async def get(self, path: str, **query: str) -> tuple[int, dict[str, Any]]:
        """Return status and answer."""
        async with self.session.get(self.url + path, params=query) as reply:
            return reply.status, await reply.json()

    async def put(self, path: str, body: str) -> tuple[int, dict[str, Any]]:
        """Return status and answer."""
        async with self.session.put(self.url + path, data=body) as reply:
            return reply.status, await reply.json()


@pytest.fixture
async def client(house: House, clock: FrozenClock, meter: P1Meter) -> AsyncIterator[Client]:
    """Return a client of the control port of a house with one meter."""
    page = DevicePage("p1", {"host": "127.0.0.1", "port": 1234}, meter.faults)
    control = Control(house, clock, [page])
    async with serve_control(control, 0) as port, ClientSession() as session:
        yield Client(session, f"http://127.0.0.1:{port}")


async def test_the_index_tells_what_listens_where(client: Client, clock: FrozenClock) -> None:
    status, index = await client.get("/")
    assert status == 200
    assert index["time"] == clock().isoformat()
    assert index["devices"]["p1"]["listens"] == {"host": "127.0.0.1", "port": 1234}
    assert index["devices"]["p1"]["faults"] == [str(fault) for fault in P1Fault]


async def test_the_truth_is_that_of_the_house(
    client: Client, house: House, clock: FrozenClock
) -> None:
    at = clock() - timedelta(minutes=12)
    _status, told = await client.get("/truth", at=at.isoformat())
    truth = house.truth(at)
    assert told["time"] == at.isoformat()
    assert told["grid_w"] == truth.grid_w
    assert told["import_kwh"] == truth.import_kwh
    assert told["batteries"]["luna"]["soc_percent"] == truth.batteries["luna"].soc_percent
    assert len(told["month_peaks"]) == 13
    _status, now = await client.get("/truth")
    assert now["time"] == clock().isoformat()


async def test_the_mean_is_that_of_the_counters(
    client: Client, house: House, clock: FrozenClock
) -> None:
    start = clock() - timedelta(minutes=30)
    _status, told = await client.get("/mean", start=start.isoformat(), end=clock().isoformat())
    mean = house.mean(start, clock())
    assert told == {
        "solar_w": mean.solar_w,
        "grid_w": mean.grid_w,
        "battery_w": mean.battery_w,
        "load_w": mean.load_w,
    }


async def test_commands_are_told_while_they_are_obeyed(
    client: Client, house: House, clock: FrozenClock
) -> None:
    end = clock() + timedelta(minutes=1)
    house.command("luna", BatteryCommand(-1000, until=end), clock())
    clock.now += timedelta(seconds=30)
    _status, told = await client.get("/commands")
    assert (told["luna"]["power_w"], told["luna"]["until"]) == (-1000, end.isoformat())
    assert told["homevolt"] is None
    clock.now = end
    _status, told = await client.get("/commands")
    assert told == {"luna": None, "homevolt": None}


async def test_switches_turn(client: Client, meter: P1Meter) -> None:
    _status, before = await client.get("/faults")
    assert not any(before["p1"].values())
    status, after = await client.put("/faults/p1/bad_crc", '{"on": true}')
    assert (status, after["bad_crc"]) == (200, True)
    assert P1Fault.BAD_CRC in meter.faults
    await client.put("/faults/p1/bad_crc", '{"on": false}')
    assert P1Fault.BAD_CRC not in meter.faults


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/truth", {"at": "yesterday"}),
        ("/truth", {"at": "2026-06-23T08:00:00"}),
        ("/truth", {"at": "2026-06-23T08:20:08Z"}),
        ("/truth", {"at": "2020-06-23T08:00:00Z"}),
        ("/mean", {}),
        ("/mean", {"start": "2026-06-23T08:10:00Z", "end": "2026-06-23T08:10:00Z"}),
    ],
)
async def test_impossible_questions_are_refused(
    client: Client, path: str, query: dict[str, str]
) -> None:
    status, told = await client.get(path, **query)
    assert status == 400
    assert told["error"]


@pytest.mark.parametrize("body", ["", "on", "[]", "{}", '{"on": 1}', json.dumps({"on": "true"})])
async def test_unclear_wishes_are_refused(client: Client, meter: P1Meter, body: str) -> None:
    status, told = await client.put("/faults/p1/hang", body)
    assert status == 400
    assert told["error"]
    assert P1Fault.HANG not in meter.faults


@pytest.mark.parametrize("path", ["/faults/p1/fire", "/faults/p2/hang"])
async def test_unknown_switches_are_not_found(client: Client, path: str) -> None:
    status, _told = await client.put(path, '{"on": true}')
    assert status == 404
