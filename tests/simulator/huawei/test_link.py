"""The link: quiet after connecting, spacing, delays, one client, unit ids, ports, records."""

import asyncio

from pymodbus.exceptions import ConnectionException, ModbusIOException
import pytest

from simulator.huawei import Newcomer, Request, Stranger, profiles

from .tools import NIGHT, NOON, Client, RefusedError, Rig, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _silent(client: Client, unit: int | None = None) -> None:
    with pytest.raises(ModbusIOException):
        await client.read(30000, unit=unit)


async def test_the_first_second_is_swallowed() -> None:
    async with rig(quiet_s=1.0) as one:
        await _silent(one.client)
        assert one.asked == [(1, 3, 30000, 1)]
        assert await one.client.read(47000) == [2]
        again = await one.connect()
        await asyncio.sleep(1.0)
        assert await again.read(47000) == [2]
        again.close()


async def test_a_second_request_too_soon_finds_it_busy() -> None:
    async with rig(spacing_s=0.02) as one:
        await one.client.read(47000)
        with pytest.raises(RefusedError) as refused:
            await one.client.read(47000)
        assert refused.value.code == 6
        await asyncio.sleep(0.05)
        assert await one.client.read(47000) == [2]


async def test_a_reply_takes_its_time() -> None:
    async with rig(reply_s=0.35, block_reply_s={"mtr": 0.7, "inv": 0.0}) as one:
        for address, delay_s in ((47000, 0.35), (37100, 0.7), (32064, 0.0)):
            began = _now()
            await one.client.read(address)
            assert _now() - began == pytest.approx(delay_s)


async def test_requests_are_answered_one_after_the_other() -> None:
    async with rig(reply_s=0.5) as one:
        began = _now()
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
        ask = "0000 0006 01 03 B798 0001"
        writer.write(bytes.fromhex(f"0001 {ask} 0002 {ask}"))
        replies = await reader.readexactly(22)
        assert (replies[1], replies[12]) == (1, 2)
        assert _now() - began == pytest.approx(1.0)
        writer.close()


async def test_a_newer_client_takes_the_place() -> None:
    async with rig() as one:
        newer = await one.connect()
        await one.client.dropped.wait()
        assert await newer.read(47000) == [2]
        await one.device.wait_for_clients(1)
        with pytest.raises((ConnectionException, ModbusIOException, AssertionError)):
            await one.client.read(47000)
        newer.close()


async def test_a_newer_client_can_be_refused() -> None:
    async with rig(newcomer=Newcomer.REFUSED) as one:
        assert await one.client.read(47000) == [2]
        newer = Client(one.port)
        assert not await newer.modbus.connect()
        assert await one.client.read(47000) == [2]
        one.client.close()
        await one.device.wait_for_clients(0)
        opening = one.device._line._opening
        assert opening is not None
        await opening
        await newer.connect()
        assert await newer.read(47000) == [2]
        newer.close()


async def test_a_stranger_hears_nothing() -> None:
    async with rig() as one:
        await _silent(one.client, unit=3)
        assert await one.client.read(47000) == [2]


async def test_a_stranger_can_lose_the_connection() -> None:
    async with rig(stranger=Stranger.CLOSED) as one:
        asking = asyncio.create_task(one.client.read(30000, unit=0))
        await one.client.dropped.wait()
        with pytest.raises(ModbusIOException):
            await asking


async def test_two_units_share_the_connection() -> None:
    async with rig(profiles.pair()) as one:
        assert await one.client.read(47000, unit=1) == [2]
        assert await one.client.read(47000, unit=2) == [0]
        assert [unit for unit, *_ in one.asked] == [1, 2]


async def test_a_second_port_shares_the_place() -> None:
    async with rig() as one:
        second = await one.device.start()
        assert second != one.port
        other = await Client(second).connect()
        assert await other.read(47000) == [2]
        await one.client.dropped.wait()
        other.close()


async def test_every_request_is_recorded() -> None:
    async with rig() as one:
        await one.client.read(32064, 56)
        one.clock.pass_s(3)
        await one.client.write(47075, 0, 900)
        await one.client.write_one(47081, 1000)
        with pytest.raises(RefusedError):
            await one.client.read(1, 1)
        assert one.asked == [(1, 3, 32064, 56), (1, 16, 47075, 2), (1, 6, 47081, 1), (1, 3, 1, 1)]
        assert one.device.requests[1] == Request(one.clock(), 1, 16, 47075, 2, (0, 900))


async def test_stopping_leaves_nothing_behind() -> None:
    async with rig(reply_s=60) as one:
        asking = asyncio.create_task(one.client.read(47000))
        await one.device.wait_for_requests(1)
        await one.device.stop()
        with pytest.raises(ModbusIOException):
            await asking
        assert not await Client(one.port).modbus.connect()
        await one.device.stop()


async def _status(one: Rig) -> int:
    return (await one.client.read(32089))[0]


async def test_without_a_battery_it_sleeps_at_night() -> None:
    evening = NOON.replace(hour=20, minute=15)
    async with rig(profiles.metered(), evening) as one:
        assert await _status(one) == 0x0002
        assert await one.client.number(32080, "i") == 0
        one.clock.pass_s(3600)
        await _silent(one.client)
        one.clock.pass_s(7 * 3600)
        assert await _status(one) == 0x0200


async def test_with_a_battery_it_can_be_reached_at_night() -> None:
    async with rig(at=NIGHT) as one:
        assert await _status(one) == 0x0200
        await one.client.write_number(47077, "I", 0)
        one.clock.pass_s(60)
        assert await _status(one) == 0x0002
        assert await one.client.number(32064, "i") == 0
