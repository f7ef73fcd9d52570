"""Each fault on the wire, switched on and off while it runs."""

import asyncio
from datetime import timedelta

from pymodbus.exceptions import ConnectionException, ModbusIOException
import pytest

from simulator.huawei import HuaweiFault, profiles
from simulator.huawei.profiles import Profile

from .tools import NOON, Client, RefusedError, Rig, decode, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

INV, MTR, BAT = (32064, 56), (37100, 39), (37758, 30)


async def _code(client: Client, address: int, count: int = 1) -> int | None:
    """Return the exception code of a read, None when it succeeds."""
    try:
        await client.read(address, count)
    except RefusedError as error:
        return error.code
    return None


async def _answers(one: Rig, times: int, client: Client | None = None) -> list[bool]:
    found = []
    for _ in range(times):
        try:
            await (client or one.client).read(47000)
            found.append(True)
        except ModbusIOException:
            found.append(False)
    return found


async def test_every_third_reply_is_lost() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.REPLY_LOST, True)
        # pymodbus itself gives up a connection after several unanswered requests.
        assert await _answers(one, 8) == [True, True, False, True, True, False, True, True]
        await one.device.faults.set(HuaweiFault.REPLY_LOST, False)
        assert await _answers(one, 4) == [True] * 4
        assert len(one.asked) == 12


async def test_how_often_a_fault_strikes_can_be_set() -> None:
    async with rig() as one:
        one.device.every[HuaweiFault.BUSY] = 2
        await one.device.faults.set(HuaweiFault.BUSY, True)
        assert [await _code(one.client, 47000) for _ in range(4)] == [None, 6, None, 6]


async def test_a_request_whose_reply_is_lost_is_obeyed() -> None:
    async with rig() as one:
        one.device.every[HuaweiFault.REPLY_LOST] = 1
        await one.device.faults.set(HuaweiFault.REPLY_LOST, True)
        with pytest.raises(ModbusIOException):
            await one.client.write(47081, 930)
        await one.device.faults.clear()
        assert await one.client.read(47081) == [930]


async def test_a_late_reply_comes_after_five_seconds() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.REPLY_LATE, True)
        patient = await Client(one.port, timeout=6).connect()
        began = asyncio.get_running_loop().time()
        assert await patient.read(47000) == [2]
        assert asyncio.get_running_loop().time() - began == pytest.approx(5)
        hasty = await one.connect()
        assert await _answers(one, 1, hasty) == [False]
        await one.device.faults.clear()
        await asyncio.sleep(3)
        assert await _answers(one, 2, hasty) == [True, True]
        hasty.close()


async def test_half_a_reply_and_a_reset() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.RESET_MID_REPLY, True)
        asking = asyncio.create_task(one.client.read(*INV))
        await one.client.dropped.wait()
        with pytest.raises(ModbusIOException):
            await asking
        await one.device.faults.clear()
        again = await one.connect()
        assert len(await again.read(*INV)) == 56
        again.close()


async def test_the_half_that_comes_is_the_beginning() -> None:
    async with rig() as one:
        one.client.close()
        await one.device.wait_for_clients(0)
        await one.device.faults.set(HuaweiFault.RESET_MID_REPLY, True)
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
        writer.write(bytes.fromhex("0009 0000 0006 01 03 B798 0001"))
        assert await reader.readexactly(5) == bytes.fromhex("0009 0000 00")
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()


async def test_the_place_is_stolen() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.SLOT_STOLEN, True)
        await one.client.dropped.wait()
        again = await one.connect()
        asking = asyncio.create_task(again.read(47000))
        await again.dropped.wait()
        with pytest.raises(ModbusIOException):
            await asking
        await one.device.faults.clear()
        third = await one.connect()
        assert await third.read(47000) == [2]
        third.close()


async def test_the_port_is_closed() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.REFUSE, True)
        await one.client.dropped.wait()
        with pytest.raises(ConnectionException):
            await one.client.read(47000)
        await one.device.faults.clear()
        again = await one.connect()
        assert await again.read(47000) == [2]
        again.close()


async def test_the_unit_is_silent() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.UNIT_SILENT, True)
        assert await _answers(one, 1) == [False]
        await one.device.faults.clear()
        assert await _answers(one, 1) == [True]


@pytest.mark.parametrize(
    ("fault", "code"),
    [(HuaweiFault.DEVICE_FAILURE, 4), (HuaweiFault.ACKNOWLEDGE, 5), (HuaweiFault.BUSY, 6)],
)
async def test_it_answers_with_a_code(fault: HuaweiFault, code: int) -> None:
    async with rig() as one:
        await one.device.faults.set(fault, True)
        assert await _code(one.client, *INV) == code
        with pytest.raises(RefusedError) as refused:
            await one.client.write(47081, 900)
        assert refused.value.code == code
        await one.device.faults.clear()
        assert await _code(one.client, *INV) is None
        assert await one.client.read(47081) == [1000]


BLOCKS = {
    HuaweiFault.ILLEGAL_ID: (30000, 83),
    HuaweiFault.ILLEGAL_STR: (32000, 20),
    HuaweiFault.ILLEGAL_INV: INV,
    HuaweiFault.ILLEGAL_MPPT: (32212, 20),
    HuaweiFault.ILLEGAL_B1: (37000, 70),
    HuaweiFault.ILLEGAL_MTR: MTR,
    HuaweiFault.ILLEGAL_BAT: BAT,
    HuaweiFault.ILLEGAL_PACK: (38200, 84),
    HuaweiFault.ILLEGAL_DET: (47000, 1),
    HuaweiFault.ILLEGAL_CFG: (47075, 28),
    HuaweiFault.ILLEGAL_CFG2: (47242, 8),
    HuaweiFault.ILLEGAL_PWR: (47415, 4),
}


@pytest.mark.parametrize("fault", BLOCKS)
async def test_one_block_is_illegal(fault: HuaweiFault) -> None:
    async with rig() as one:
        await one.device.faults.set(fault, True)
        refused = {other for other, span in BLOCKS.items() if await _code(one.client, *span) == 2}
        assert refused == {fault}
        await one.device.faults.clear()
        assert await _code(one.client, *BLOCKS[fault]) is None


async def test_an_illegal_block_cannot_be_written() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.ILLEGAL_CFG, True)
        with pytest.raises(RefusedError) as refused:
            await one.client.write(47081, 900)
        assert refused.value.code == 2


async def test_old_firmware_knows_less() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.OLD_FIRMWARE, True)
        for address in (37200, 42900, 43006, 47954):
            assert await _code(one.client, address) == 2
        for block in (INV, MTR, BAT):
            assert await _code(one.client, *block) is None


async def test_an_offline_meter_costs_the_connection() -> None:
    async with rig() as one:
        assert await one.client.read(37100) == [1]
        await one.device.faults.set(HuaweiFault.METER_OFFLINE, True)
        assert await one.client.read(37100) == [0]
        asking = asyncio.create_task(one.client.read(*MTR))
        await one.client.dropped.wait()
        with pytest.raises(ModbusIOException):
            await asking
        again = await one.connect()
        assert len(await again.read(*BAT)) == 30
        again.close()


async def test_every_word_is_ones() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.ALL_ONES, True)
        for first, count in (INV, MTR, BAT):
            assert await one.client.read(first, count) == [0xFFFF] * count
        assert await _code(one.client, 32120) == 2


async def test_every_field_is_not_available() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.SENTINELS, True)
        live = await one.client.read(*INV)
        assert decode(live[0:2], "I") == decode(live[16:18], "I") == 0x7FFF_FFFF
        assert live[5] == live[21] == live[25] == 0xFFFF
        assert live[20] == live[23] == 0x7FFF
        assert decode(live[42:44], "I") == 0xFFFF_FFFF
        state = await one.client.read(32000, 20)
        # All bits of an alarm word may mean an alarm.
        assert state[8:11] == [0, 0, 0]
        assert state[16:18] == [0x7FFF, 0x7FFF]
        assert (await one.client.read(30000, 83))[:25] == [0] * 25
        assert (await one.client.read(*MTR))[0] == 0xFFFF


async def test_unknown_values_of_enums() -> None:
    async with rig() as one:
        before = await one.client.read(*INV)
        await one.device.faults.set(HuaweiFault.UNKNOWN_ENUM, True)
        after = await one.client.read(*INV)
        assert after[25] == 0x1234
        assert before[:25] + before[26:] == after[:25] + after[26:]
        assert await one.client.read(37006) == [99]


async def test_an_alarm() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.ALARM, True)
        assert await one.client.read(32008, 3) == [0, 4, 64]
        await one.device.faults.clear()
        assert await one.client.read(32008, 3) == [0, 0, 0]


async def test_a_sudden_night() -> None:
    async with rig(profiles.metered()) as one:
        await one.device.faults.set(HuaweiFault.NIGHT, True)
        live = await one.client.read(*INV)
        assert live[25] == 0x0002
        assert decode(live[0:2], "i") == decode(live[16:18], "i") == 0
        one.clock.pass_s(61)
        assert await _answers(one, 1) == [False]
        await one.device.faults.clear()
        assert decode(await one.client.read(32080, 2), "i") > 1000


async def test_a_night_with_a_battery() -> None:
    async with rig() as one:
        await one.device.faults.set(HuaweiFault.NIGHT, True)
        one.clock.pass_s(3600)
        live = await one.client.read(*INV)
        assert decode(live[0:2], "i") == 0
        assert -decode(await one.client.read(37765, 2), "i") == decode(live[16:18], "i")


async def test_a_morning() -> None:
    async with rig(profiles.metered()) as one:
        await one.device.faults.set(HuaweiFault.MORNING, True)
        live = await one.client.read(*INV)
        assert live[25] == 0x0001
        assert (live[21], live[23]) == (30_000, 19_999)
        assert decode(live[16:18], "i") == 0


TOTALS = {
    "inverter": (32106, "I"),
    "panels": (32108, "I"),
    "today": (32114, "I"),
    "export": (37119, "i"),
    "import": (37121, "i"),
    "charged": (37780, "I"),
    "discharged": (37782, "I"),
    "charged of unit 1": (37066, "I"),
    "tracker": (32212, "I"),
}


async def _totals(one: Rig) -> dict[str, int]:
    return {name: await one.client.number(*where) for name, where in TOTALS.items()}


async def test_counters_start_again() -> None:
    async with rig() as one:
        before = await _totals(one)
        await one.device.faults.set(HuaweiFault.COUNTER_RESET, True)
        assert set((await _totals(one)).values()) == {0}
        one.clock.pass_s(3600)
        counted = await _totals(one)
        await one.device.faults.clear()
        after = await _totals(one)
        assert counted == {name: after[name] - before[name] for name in TOTALS}
        assert counted["panels"] > 100


async def test_counters_glitch() -> None:
    async with rig() as one:
        before = await _totals(one)
        await one.device.faults.set(HuaweiFault.COUNTER_ZERO, True)
        assert set((await _totals(one)).values()) == {0}
        await one.device.faults.clear()
        await one.device.faults.set(HuaweiFault.COUNTER_JUMP, True)
        assert await _totals(one) == {name: one + 5_000_000 for name, one in before.items()}
        await one.device.faults.clear()
        assert await _totals(one) == before


async def test_a_clock_that_is_ahead() -> None:
    async with rig(at=NOON.replace(hour=21, minute=40)) as one:
        today = await one.client.number(32114, "I")
        right = await one.client.number(40000, "I")
        await one.device.faults.set(HuaweiFault.CLOCK_SKEW, True)
        assert await one.client.number(40000, "I") - right == 25 * 60
        assert await one.client.number(32114, "I") < today / 10
        one.clock.pass_s(-600)
        assert await one.client.number(32114, "I") > 0


async def test_faults_of_a_pair_concern_both() -> None:
    profile: Profile = profiles.pair()
    async with rig(profile) as one:
        await one.device.faults.set(HuaweiFault.ILLEGAL_INV, True)
        for unit in (1, 2):
            with pytest.raises(RefusedError):
                await one.client.read(*INV, unit=unit)


async def test_all_faults_at_once_break_nothing() -> None:
    async with rig() as one:
        for fault in HuaweiFault:
            await one.device.faults.set(fault, True)
        one.clock.pass_s(timedelta(hours=2).total_seconds())
        await one.device.faults.clear()
        again = await one.connect()
        assert len(await again.read(*INV)) == 56
        again.close()
