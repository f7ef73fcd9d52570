"""Switches on the wire and in the documents, and what is left when they are off again."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

from aiohttp import BasicAuth, ClientError, ClientPayloadError
import pytest

from simulator.homevolt import HomevoltFault, profiles

from .tools import NIGHT, rig

pytestmark = [
    pytest.mark.usefixtures("socket_enabled"),
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated"),
]

COUNTERS = ("imported_kwh", "exported_kwh")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (HomevoltFault.UNAUTHORIZED, 401),
        (HomevoltFault.FORBIDDEN, 403),
        (HomevoltFault.NOT_FOUND, 404),
        (HomevoltFault.TOO_MANY, 429),
        (HomevoltFault.SERVER_ERROR, 500),
        (HomevoltFault.STARTING, 503),
    ],
)
async def test_a_status_strikes_where_and_as_often_as_wanted(
    fault: HomevoltFault, status: int
) -> None:
    async with rig() as one:
        one.device.only, one.device.left = frozenset({"/ems.json"}), 2
        await one.device.faults.set(fault, True)
        assert await one.status("GET", "schedule.json") == 200
        found = [await one.status("GET", "ems.json") for _ in range(3)]
        assert found == [status, status, 200]


async def test_a_closed_port_and_a_hanging_one() -> None:
    async with rig() as one:
        await one.get("ems.json")
        await one.device.faults.set(HomevoltFault.REFUSE, True)
        with pytest.raises(ClientError):
            await one.get("ems.json")
        await one.device.faults.set(HomevoltFault.REFUSE, False)
        await one.get("ems.json")
        await one.device.faults.set(HomevoltFault.HANG, True)
        one.device.requests.clear()
        asking = asyncio.ensure_future(one.get("ems.json"))
        await one.device.wait_for_requests(1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(asking), 60)
        await one.device.faults.set(HomevoltFault.HANG, False)
        with suppress(ClientError):
            await asking
        await one.get("ems.json")


async def test_late_answers_and_strange_ones() -> None:
    async with rig() as one:
        await one.device.faults.set(HomevoltFault.LATE, True)
        began = asyncio.get_running_loop().time()
        await one.get("ems.json")
        assert asyncio.get_running_loop().time() - began >= 5
        await one.device.faults.set(HomevoltFault.HTML, True)
        with pytest.raises(ClientError):
            await one.get("ems.json")
        await one.device.faults.clear()
        await one.device.faults.set(HomevoltFault.HALF, True)
        with pytest.raises(ClientPayloadError):
            await one.get("ems.json")


@pytest.mark.parametrize(
    ("fault", "obeyed"),
    [(HomevoltFault.REPLY_LOST, True), (HomevoltFault.REQUEST_LOST, False)],
)
async def test_commands_without_an_answer(fault: HomevoltFault, obeyed: bool) -> None:
    async with rig() as one:
        await one.local()
        await one.device.faults.set(fault, True)
        await one.get("schedule.json")
        with pytest.raises(ClientError):
            await one.console("sched_set 0")
        await one.device.faults.set(fault, False)
        written = (await one.get("schedule.json"))["schedule_id"] == "Manual Schedule"
        assert written is obeyed


async def test_the_password_and_those_who_guess() -> None:
    async with rig(password="right") as one:
        right, wrong = BasicAuth("admin", "right"), BasicAuth("admin", "wrong")

        async def ask(auth: BasicAuth | None = None, **headers: str) -> int:
            return await one.status("GET", "ems.json", auth=auth, headers=headers)

        assert await ask(right) == 200
        assert await ask() == 401
        assert await ask(Authorization="Basic %%%") == 401
        assert await ask(Authorization="Bearer YWRtaW46cmlnaHQ=") == 401
        assert await ask(BasicAuth("root", "right")) == 401
        assert await ask(wrong) == 401
        assert await ask(right) == 429
        one.clock.pass_s(1)
        assert await ask(wrong) == 401
        one.clock.pass_s(1)
        assert await ask(right) == 429
        one.clock.pass_s(300)
        assert await ask(wrong) == 401
        assert await ask(right) == 200


async def test_local_mode_that_stays_off() -> None:
    async with rig() as one:
        await one.device.faults.set(HomevoltFault.LOCAL_REFUSED, True)
        form = {"k": "settings_local", "v": "true", "store": "0"}
        assert await one.status("POST", "params.json", data=form) == 200
        assert not (await one.get("schedule.json"))["local_mode"]


def _totals(document: dict[str, Any]) -> list[float]:
    return [document["ems"][0]["ems_aggregate"][name] for name in COUNTERS]


async def test_counters_that_lie() -> None:
    async with rig(at=NIGHT) as one:
        before = _totals(await one.get("ems.json"))
        await one.device.faults.set(HomevoltFault.COUNTER_ZERO, True)
        assert _totals(await one.get("ems.json")) == [0, 0]
        await one.device.faults.set(HomevoltFault.COUNTER_ZERO, False)
        await one.device.faults.set(HomevoltFault.COUNTER_JUMP, True)
        assert _totals(await one.get("ems.json")) == [value + 50_000 for value in before]
        await one.device.faults.set(HomevoltFault.COUNTER_JUMP, False)
        await one.device.faults.set(HomevoltFault.COUNTER_RESET, True)
        one.clock.now = NIGHT + timedelta(hours=1)
        assert 0 < _totals(await one.get("ems.json"))[0] < 6
        await one.device.faults.set(HomevoltFault.COUNTER_RESET, False)
        assert _totals(await one.get("ems.json"))[0] > before[0]


async def test_fields_that_are_not_there() -> None:
    async with rig() as one:
        await one.device.faults.set(HomevoltFault.MISSING, True)
        (ecu,) = (await one.get("ems.json"))["ems"]
        assert "ems_aggregate" not in ecu
        assert "soc_avg" not in ecu["ems_data"]
        await one.device.faults.clear()
        await one.device.faults.set(HomevoltFault.NULLS, True)
        (ecu,) = (await one.get("ems.json"))["ems"]
        assert ecu["ems_data"]["soc_avg"] is None
        await one.device.faults.clear()
        await one.device.faults.set(HomevoltFault.WORDS, True)
        (ecu,) = (await one.get("ems.json"))["ems"]
        assert ecu["ems_data"]["soc_avg"] == "nonsense"


async def test_parts_that_are_gone() -> None:
    async with rig(profiles.pair()) as one:
        for fault in (
            HomevoltFault.SECOND_SILENT,
            HomevoltFault.CLAMP_GONE,
            HomevoltFault.SWAPPED,
        ):
            await one.device.faults.set(fault, True)
        document = await one.get("ems.json")
        assert [ecu["ecu_id"] for ecu in document["ems"]] == ["99aabbccdd99"]
        solar = [row for row in document["sensors"] if row["function"] == "solar"]
        assert not solar[0]["available"]
        await one.device.faults.set(HomevoltFault.NO_SUM, True)
        assert "aggregated" not in await one.get("ems.json")
        await one.device.faults.set(HomevoltFault.NO_REPORT, True)
        for path in ("status.json", "nodes.json", "error_report.json"):
            assert await one.status("GET", path) == 404


async def test_parts_that_say_nothing_new() -> None:
    async with rig(profiles.pair()) as one:
        for fault in (HomevoltFault.SECOND_STALE, HomevoltFault.CLAMP_STALE):
            await one.device.faults.set(fault, True)
        document = await one.get("ems.json")
        first, second = (ecu["ems_data"]["timestamp_ms"] for ecu in document["ems"])
        assert first - second == 600_000
        clamps = {row["function"]: row["timestamp"] for row in document["sensors"]}
        assert clamps["grid"] - clamps["solar"] == 600_000
        await one.device.faults.set(HomevoltFault.STANDSTILL, True)
        one.clock.pass_s(60)
        assert (await one.get("ems.json"))["ts"] == document["ts"]
