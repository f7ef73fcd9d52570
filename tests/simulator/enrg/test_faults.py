"""Every switch of the platform shows on the wire, and only as often as it should."""

import asyncio

from aiohttp import ClientConnectionError, ClientError
import pytest

from simulator.enrg import EnrgFault

from .tools import DATE, SERIALS, TOKEN, VALUES, Client, plant


async def test_the_port_can_be_closed(client: Client) -> None:
    await client.send(plant())
    await client.service.faults.set(EnrgFault.REFUSE, True)
    with pytest.raises(ClientConnectionError):
        await client.send(plant())
    await client.service.faults.set(EnrgFault.REFUSE, False)
    assert (await client.send(plant()))[0] == 200


async def test_connections_can_be_reset(client: Client) -> None:
    await client.service.faults.set(EnrgFault.RESET, True)
    for path in (TOKEN, VALUES):
        with pytest.raises(ClientConnectionError):
            await client.post(path, plant())
    assert not client.service.archive.rows
    assert [call.status for call in client.service.calls] == [200, None, None]


async def test_it_can_be_silent(client: Client) -> None:
    await client.service.faults.set(EnrgFault.SILENT, True)
    client.service.calls.clear()
    waiting = asyncio.create_task(client.send(plant()))
    await client.service.wait_for_calls(1)
    assert not waiting.done()
    await client.service.stop()
    with pytest.raises(ClientConnectionError):
        await waiting
    assert not client.service.archive.rows


async def test_an_answer_can_be_lost_after_storing(client: Client) -> None:
    await client.service.faults.set(EnrgFault.ANSWER_LOST, True)
    with pytest.raises(ClientConnectionError):
        await client.send(plant(), "key")
    assert client.service.archive.count(SERIALS[0], DATE) == 1
    assert client.service.values_calls[-1].status is None
    await client.service.faults.clear()
    assert (await client.send(plant(), "key"))[0] == 200
    assert client.service.archive.rows[0].writes == 1


async def test_an_answer_can_stop_half_way(client: Client) -> None:
    await client.service.faults.set(EnrgFault.SLOW_BODY, True)
    headers = {"Authorization": f"Bearer {client.token}"}
    async with client.session.post(client.url + VALUES, json=plant(), headers=headers) as reply:
        assert reply.status == 200
        assert (await reply.content.readany()).startswith(b'{"data"')
        reading = asyncio.create_task(reply.content.readany())
        await asyncio.sleep(0)
        assert not reading.done()
        await client.service.stop()
        with pytest.raises(ClientError):
            await reading


async def test_it_can_flap(client: Client) -> None:
    await client.service.faults.set(EnrgFault.FLAPPING, True)
    seen: list[int | None] = []
    for _ in range(8):
        try:
            seen.append((await client.send(plant()))[0])
        except ClientConnectionError:
            seen.append(None)
    assert seen == [None, None, 503, 200] * 2
    assert client.service.archive.rows[0].writes == 4


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (EnrgFault.TOO_MANY, 429),
        (EnrgFault.SERVER_ERROR, 500),
        (EnrgFault.UNAVAILABLE, 503),
        (EnrgFault.NOT_FOUND, 404),
        (EnrgFault.MOVED, 307),
    ],
)
async def test_it_can_answer_with_an_error(client: Client, fault: EnrgFault, status: int) -> None:
    await client.service.faults.set(fault, True)
    assert (await client.send(plant()))[0] == status
    assert not client.service.archive.rows


async def test_too_many_says_when_to_come_back(client: Client) -> None:
    await client.service.faults.set(EnrgFault.TOO_MANY, True)
    async with client.session.post(client.url + VALUES) as reply:
        assert reply.headers["Retry-After"] == "90"


async def test_a_page_can_come_instead(client: Client) -> None:
    await client.service.faults.set(EnrgFault.HTML, True)
    async with client.session.post(client.url + VALUES, json=plant()) as reply:
        assert (reply.status, await reply.text()) == (200, "<html>Bad gateway</html>")


async def test_a_fault_can_strike_a_number_of_times(client: Client) -> None:
    await client.service.faults.set(EnrgFault.SERVER_ERROR, True)
    client.service.times[EnrgFault.SERVER_ERROR] = 2
    assert [(await client.send(plant()))[0] for _ in range(4)] == [500, 500, 200, 200]


async def test_a_device_can_fail(client: Client) -> None:
    await client.service.faults.set(EnrgFault.PARTIAL, True)
    rows = await client.rows(plant())
    assert [rows[one] for one in SERIALS] == ["error", "ok", "ok"]
    assert [client.service.archive.count(one, DATE) for one in SERIALS] == [0, 1, 1]
    client.service.strike({SERIALS[2]})
    rows = await client.rows(plant(), "key")
    assert [rows[one] for one in SERIALS] == ["ok", "ok", "error"]
    await client.service.faults.clear()
    # A key is only good for what was stored.
    assert (await client.rows(plant(), "key"))[SERIALS[2]] == "ok"


async def test_a_device_can_be_refused(client: Client) -> None:
    await client.service.faults.set(EnrgFault.DEVICE_REFUSED, True)
    client.service.strike({SERIALS[1]})
    status, told = await client.send(plant())
    assert (status, told["message"]) == (422, f"values of {SERIALS[1]} are not plausible")
    assert not client.service.archive.rows
    assert (await client.send(plant(SERIALS[0], SERIALS[2])))[0] == 200


async def test_rows_can_be_missing(client: Client) -> None:
    await client.service.faults.set(EnrgFault.ROWS_MISSING, True)
    assert SERIALS[0] not in await client.rows(plant())
    assert client.service.archive.count(SERIALS[0], DATE) == 1


async def test_only_errors_can_have_rows(client: Client) -> None:
    await client.service.faults.set(EnrgFault.ERRORS_ONLY, True)
    await client.service.faults.set(EnrgFault.PARTIAL, True)
    assert await client.rows(plant()) == {"3187654": "ok", SERIALS[0]: "error"}


async def test_the_plant_can_fail(client: Client) -> None:
    await client.service.faults.set(EnrgFault.PLANT_ERROR, True)
    assert await client.rows(plant()) == {"3187654": "error"}
    assert not client.service.archive.rows


async def test_the_plant_can_have_no_row(client: Client) -> None:
    await client.service.faults.set(EnrgFault.NO_PLANT_ROW, True)
    assert await client.rows(plant()) == dict.fromkeys(SERIALS, "ok")
