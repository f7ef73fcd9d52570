"""What can go wrong shows on the wire, and only where it shall."""

import asyncio

from aiohttp import ClientError
import pytest

from simulator.hoymiles import HoymilesFault

from ..tools import FrozenClock
from .tools import DAY, HOUSE, NEIGHBOUR, Client, many, one, packed

TODAY = "/v1/plant/0/oapi/station_today_production"
DEVICES = "/v0/zhgf-core/oapi/0/findDevsByStation"
REAL = "/pvm-data/api/0/station/data/count_station_real_data"
WHOLE = "/pvm-data/api/0/module/data/down_module_day_data"
FIRST = "116099000101"


async def _today(client: Client, plant: int = HOUSE) -> str | None:
    told: str | None = await client.key(TODAY, {"station_id": plant})
    return told


@pytest.mark.parametrize(
    ("fault", "status", "part"),
    [
        (HoymilesFault.TOO_MANY, 429, b""),
        (HoymilesFault.SERVER_ERROR, 500, b"Error"),
        (HoymilesFault.HTML, 200, b"<html>"),
        (HoymilesFault.ERROR_BODY, 200, b'"status": "1"'),
        (HoymilesFault.RATE_BODY, 200, b"More than times of calls per minute"),
    ],
)
async def test_an_answer_instead_of_the_cloud(
    client: Client, fault: HoymilesFault, status: int, part: bytes
) -> None:
    await client.cloud.faults.set(fault, True)
    for path in (f"{TODAY}?key=x", REAL, "/iam/pub/3/auth/pre-insp"):
        told, content = await client.raw(path, {"sid": HOUSE})
        assert told == status
        assert part in content
    client.cloud.strike({NEIGHBOUR})
    assert (await client.raw(REAL, {"sid": HOUSE}))[0] == 200
    assert (await client.raw(REAL, {"sid": NEIGHBOUR}))[0] == status
    await client.cloud.faults.clear()
    assert b"100" in (await client.raw(REAL, {"sid": NEIGHBOUR}))[1]


async def test_a_broken_and_a_silent_connection(client: Client) -> None:
    await client.cloud.faults.set(HoymilesFault.RESET, True)
    with pytest.raises(ClientError):
        await client.raw(REAL, {"sid": HOUSE})
    await client.cloud.faults.set(HoymilesFault.RESET, False)
    await client.cloud.faults.set(HoymilesFault.SILENT, True)
    asking = asyncio.create_task(client.raw(REAL, {"sid": HOUSE}))
    await client.cloud.wait_for_calls(2)
    assert not asking.done()
    await client.cloud.stop()
    with pytest.raises(ClientError):
        await asking


async def test_calls_are_counted(client: Client) -> None:
    await client.series(HOUSE, FIRST)
    call = client.cloud.calls[-1]
    assert (call.path, call.plant) == ("/v1/plant/0/oapi/mi_data_day", HOUSE)
    assert (call.serial, call.date) == (FIRST, DAY)


async def test_an_inverter_that_dies(client: Client, clock: FrozenClock) -> None:
    before = await client.series(HOUSE, FIRST)
    await client.cloud.faults.set(HoymilesFault.DYING, True)
    clock.pass_s(3600)
    samples = await client.series(HOUSE, FIRST)
    assert samples[: len(before)] == before
    repeated, *dead = samples[len(before) :]
    assert repeated == before[-1] | {"time": repeated["time"]}
    energies = [one["tp"] for one in before[-1]["dc"]]
    for sample in dead:
        assert sample["ac"] == dict.fromkeys(sample["ac"], 0.0)
        assert [one["port"] for one in sample["dc"]] == [1, 2, 3]
        assert [one["tp"] for one in sample["dc"]] == energies[:3]
        assert {one["u"] for one in sample["dc"]} == {0.0}
    other = (await client.series(HOUSE, "114099000102"))[-1]
    total = sum(energies) + sum(one["tp"] for one in other["dc"])
    assert await _today(client) == f"{total:.0f}.0"
    await client.login()
    content = await client.binary(WHOLE, {"sid": HOUSE, "date": DAY})
    body = one(many(content, 3)[0], 2)
    assert packed(body, 5)[-1] == 0.0
    points = many(one(many(body, 4)[3], 2), 1)
    assert (one(points[-1], 1), one(points[-1], 4)) == (None, energies[3] + 0.0) or one(
        points[-1], 4
    ) >= energies[3]
    real = (await client.account(REAL, {"sid": HOUSE}))["data"]
    assert float(real["real_power"]) < other["ac"]["p"] * 1.5


async def test_a_plant_that_is_gone_keeps_its_last_word(client: Client, clock: FrozenClock) -> None:
    await client.login()
    before = (await client.account(REAL, {"sid": HOUSE}))["data"]
    client.cloud.strike({HOUSE})
    await client.cloud.faults.set(HoymilesFault.OFFLINE, True)
    clock.pass_s(86_400)
    await client.login()
    assert (await client.account(REAL, {"sid": HOUSE}))["data"] == before
    assert await client.series(HOUSE, FIRST, "2026-06-18") == []
    assert await _today(client) == "0"
    assert (await client.key("/v1/plant/0/oapi/gpw", {"id": HOUSE}))["offline"] is True
    after = (await client.account(REAL, {"sid": NEIGHBOUR}))["data"]
    assert after["data_time"].startswith("2026-06-18")


async def test_a_day_without_samples(client: Client) -> None:
    await client.login()
    await client.cloud.faults.set(HoymilesFault.EMPTY_DAY, True)
    assert await client.series(HOUSE, FIRST) == []
    assert await _today(client) == "0"
    real = (await client.account(REAL, {"sid": HOUSE}))["data"]
    assert (real["real_power"], real["data_time"]) == (None, None)


async def test_numbers_that_are_none(client: Client) -> None:
    await client.login()
    await client.cloud.faults.set(HoymilesFault.NULL_NUMBERS, True)
    assert await _today(client) is None
    real = (await client.account(REAL, {"sid": HOUSE}))["data"]
    assert (real["real_power"], real["total_eq"]) == ("-", None)
    await client.cloud.faults.set(HoymilesFault.SILENT_LIMIT, True)
    assert (await client.account(REAL, {"sid": NEIGHBOUR}))["data"] is None


async def test_counters_that_jump_or_fall(client: Client, clock: FrozenClock) -> None:
    await client.login()
    good = (await client.account(REAL, {"sid": HOUSE}))["data"]
    await client.cloud.faults.set(HoymilesFault.COUNTER_JUMP, True)
    clock.pass_s(30)
    jumped = (await client.account(REAL, {"sid": HOUSE}))["data"]
    assert float(jumped["total_eq"]) == float(good["total_eq"]) + 50_000_000
    assert jumped["today_eq"] == good["today_eq"]
    await client.cloud.faults.set(HoymilesFault.COUNTER_ZERO, True)
    clock.pass_s(30)
    zero = (await client.account(REAL, {"sid": HOUSE}))["data"]
    assert (zero["total_eq"], zero["today_eq"], zero["real_power"]) == (
        "0",
        "0.0",
        good["real_power"],
    )
    assert await _today(client) == "0"


async def test_samples_in_no_order_and_with_gaps(client: Client) -> None:
    good = await client.series(HOUSE, FIRST)
    await client.cloud.faults.set(HoymilesFault.UNSORTED, True)
    mixed = await client.series(HOUSE, FIRST)
    assert mixed != good
    assert sorted(mixed, key=lambda one: one["time"]) == good
    await client.cloud.faults.set(HoymilesFault.MISSING_LABEL, True)
    assert len(await client.series(HOUSE, FIRST)) == len(good) - len(good) // 7


async def test_ports_that_do_not_begin_at_one(client: Client) -> None:
    energy = await _today(client)
    await client.cloud.faults.set(HoymilesFault.SHIFTED_PORTS, True)
    last = (await client.series(HOUSE, FIRST))[-1]
    assert [one["port"] for one in last["dc"]] == [3, 4, 5, 6]
    assert await _today(client) == energy


async def test_inverters_come_and_go(client: Client) -> None:
    await client.cloud.faults.set(HoymilesFault.ADDED, True)
    found = await client.key(DEVICES, {"id": HOUSE})
    serials = list(dict.fromkeys(one["mi_sn"] for one in found["micro_datas"]))
    assert serials == [FIRST, "114099000102", "112103187654"]
    assert len((await client.series(HOUSE, "112103187654"))[-1]["dc"]) == 2
    before = float(await _today(client) or 0)
    await client.cloud.faults.set(HoymilesFault.ADDED, False)
    await client.cloud.faults.set(HoymilesFault.REMOVED, True)
    assert await client.series(HOUSE, "114099000102") == []
    assert float(await _today(client) or 0) < before
    await client.cloud.faults.set(HoymilesFault.NO_DEVICES, True)
    assert await client.key(DEVICES, {"id": HOUSE}) == {"micro_datas": []}
