"""The map is sparse: what is served, what is refused, and what each set-up has."""

import asyncio
import struct

import pytest

from simulator.huawei import HuaweiConfig, InverterConfig, profiles
from simulator.world import plain_house

from .tools import RefusedError, rig, words

pytestmark = pytest.mark.usefixtures("socket_enabled")

INVERTER = {
    "id": (30000, 83),
    "str": (32000, 20),
    "inv": (32064, 56),
    "mppt": (32212, 20),
    "mtr": (37100, 39),
    "optimizers": (37200, 2),
    "time": (40000, 2),
    "summer": (42900, 1),
    "zone": (43006, 1),
    "derating": (40125, 3),
    "det": (47000, 1),
    "pwr": (47415, 4),
    "peak": (47954, 66),
}
BATTERY = {
    "bat": (37758, 30),
    "b1": (37000, 70),
    "version": (37814, 15),
    "pack 1": (38200, 84),
    "pack 2": (38284, 84),
    "pack 3": (38368, 96),
    "cfg": (47075, 28),
    "cfg2": (47242, 8),
    "table": (47255, 43),
}
SECOND = {"bat2": (37738, 50), "serial 2": (37700, 10), "version 2": (37799, 15)}
PROFILES = {
    profiles.single_phase: INVERTER,
    profiles.metered: INVERTER,
    profiles.hybrid: INVERTER | BATTERY,
    profiles.twin: INVERTER | BATTERY | SECOND,
}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda one: one.__name__)
async def test_each_set_up_serves_its_blocks(profile: type) -> None:
    async with rig(profile()) as one:
        for name, (first, count) in (INVERTER | BATTERY | SECOND).items():
            if name in PROFILES[profile]:
                assert len(await one.client.read(first, count)) == count
                continue
            with pytest.raises(RefusedError) as refused:
                await one.client.read(first, count)
            assert refused.value.code == 2


@pytest.mark.parametrize(
    ("first", "count"),
    [
        (29999, 2),
        (30082, 2),
        (32019, 2),
        (32063, 2),
        (32119, 2),
        (32000, 120),
        (37069, 2),
        (37138, 2),
        (37787, 2),
        (40200, 1),
        (40201, 1),
        (49999, 1),
        (47103, 1),
        (65535, 2),
    ],
)
async def test_one_address_outside_costs_the_whole_read(first: int, count: int) -> None:
    async with rig() as one:
        with pytest.raises(RefusedError) as refused:
            await one.client.read(first, count)
        assert refused.value.code == 2
        assert len(await one.client.read(32064, 56)) == 56


async def test_with_all_strings_the_inverter_is_one_read() -> None:
    config = HuaweiConfig((InverterConfig(strings=1, all_strings=True),))
    async with rig(profiles.Profile(plain_house(), config)) as one:
        found = await one.client.read(32000, 120)
    assert found[18:64] == [0] * 46
    assert found[16] > 0


@pytest.mark.parametrize(
    "pdu", ["03 7530 0000", "03 7530 007E", "03 7530", "10 B7E7 0001 03 000000"]
)
async def test_impossible_counts_are_refused_with_3(pdu: str) -> None:
    async with rig() as one:
        assert await _raw(one.port, bytes.fromhex(pdu)) == bytes((int(pdu[:2], 16) | 0x80, 3))


@pytest.mark.parametrize("function", [0x01, 0x04, 0x2B, 0x41])
async def test_other_functions_are_refused_with_1(function: int) -> None:
    async with rig() as one:
        assert await _raw(one.port, bytes((function, 0, 0, 0, 1))) == bytes((function | 0x80, 1))


async def test_another_protocol_is_thrown_out() -> None:
    async with rig() as one:
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()


async def _raw(port: int, pdu: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(struct.pack(">HHHB", 7, 0, len(pdu) + 1, 1) + pdu)
    head = await reader.readexactly(7)
    transaction, protocol, length, unit = struct.unpack(">HHHB", head)
    assert (transaction, protocol, unit) == (7, 0, 1)
    reply = await reader.readexactly(length - 1)
    writer.close()
    return reply


async def test_reserved_words_are_zero() -> None:
    async with rig() as one:
        found = await one.client.read(37000, 70)
        assert [found[index] for index in (5, 11, 12, 13, 19, 20, 23, 24)] == [0] * 8
        assert (await one.client.read(30000, 83))[65:68] == [0, 0, 0]


async def test_what_is_written_is_read_back() -> None:
    async with rig() as one:
        await one.client.write_number(47075, "I", 1700)
        assert await one.client.number(47075, "I") == 1700
        await one.client.write_one(47081, 950)
        assert await one.client.read(47081) == [950]
        await one.client.write(47415, 7, *words(struct.pack(">ih", -500, 600)))
        assert await one.client.number(47416, "i") == -500
        table = [1, 60, 120, 0x007F, *[0] * 39]
        await one.client.write(47255, *table)
        assert await one.client.read(47255, 43) == table


@pytest.mark.parametrize(
    ("address", "words", "code"),
    [
        (32080, (0, 1), 2),
        (47075, (0,), 2),
        (47076, (1,), 2),
        (47074, (0, 0, 1), 2),
        (37765, (0, 0), 2),
        (47084, (0, 0), 2),
        (47075, (0, 2501), 3),
        (47081, (899,), 3),
        (47082, (201,), 3),
        (47083, (1441,), 3),
        (47086, (6,), 3),
        (47100, (3,), 3),
        (47415, (2,), 3),
        (47416, (0xFFFF, 0xFC17), 3),
        (40126, (0, 8801), 3),
        (49999, (2,), 3),
    ],
)
async def test_what_cannot_be_written_is_refused(
    address: int, words: tuple[int, ...], code: int
) -> None:
    async with rig() as one:
        before = one.house.truth(one.clock())
        with pytest.raises(RefusedError) as refused:
            await one.client.write(address, *words)
        assert refused.value.code == code
        one.clock.pass_s(5)
        assert one.house.truth(before.time) == before


async def test_half_of_a_double_word_cannot_be_written_alone() -> None:
    async with rig() as one:
        with pytest.raises(RefusedError):
            await one.client.write_one(47075, 0)
        assert await one.client.number(47075, "I") == 2500


async def test_a_write_that_is_partly_wrong_changes_nothing() -> None:
    async with rig() as one:
        with pytest.raises(RefusedError):
            await one.client.write(47081, 950, 999)
        assert await one.client.read(47081, 2) == [1000, 50]
