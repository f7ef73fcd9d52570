"""Telegrams out of a stream, whatever else is in it."""

from random import Random

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.devices.fluvius.frame import MAX_FRAME, Framer, crc16
from simulator.p1 import seal

GOOD = seal(b"/FLU5\\900000001_A\r\n\r\n1-0:1.8.1(000001.000*kWh)\r\n")
OTHER = seal(b"/FLU5\\900000001_A\r\n\r\n1-0:1.8.1(000002.000*kWh)\r\n")


def frames(*chunks: bytes) -> list[bytes]:
    framer = Framer()
    found: list[bytes] = []
    for chunk in chunks:
        framer.feed(chunk)
        found += framer.frames()
    return found


def test_the_checksum_is_that_of_the_standard() -> None:
    assert crc16(b"123456789") == 0xBB3D


def bit_by_bit(data: bytes) -> int:
    """Return the CRC-16/ARC of `data` as the standard describes it."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


@given(st.binary(max_size=300), st.integers(0, 5000), st.binary(max_size=300))
def test_the_checksum_is_right_for_any_bytes(first: bytes, zeros: int, last: bytes) -> None:
    data = first + bytes(zeros) + last
    assert crc16(data) == bit_by_bit(data)


@pytest.mark.parametrize("size", [0, 1, 2, 2047, 2048, 2049, 2050, 4095, 4096, 4097, MAX_FRAME])
def test_the_checksum_is_right_for_any_length(size: int) -> None:
    data = Random(size).randbytes(size)
    assert crc16(data) == crc16(bytearray(data)) == bit_by_bit(data)


@pytest.mark.parametrize(
    "stream",
    [
        GOOD,
        GOOD[len(GOOD) // 2 :] + GOOD,
        GOOD[: len(GOOD) // 2] + GOOD,
        b"\xff\x00\xff" + GOOD + b"\xff",
        GOOD[:-6] + GOOD[-6:].lower(),
        b"!!!!" + GOOD,
        b"!0000\r\n" + GOOD,
        b"/ISk5!zzzz\r\n" + GOOD,
    ],
)
def test_the_good_telegram_is_found(stream: bytes) -> None:
    assert [frame.upper() for frame in frames(stream)] == [GOOD.upper()]


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        GOOD[:-4],
        GOOD.replace(b"000001", b"000009"),
        GOOD.replace(b"\r\n", b"\n"),
        b"no telegram at all !1234\r\n",
    ],
)
def test_nothing_else_is_taken_for_one(stream: bytes) -> None:
    assert frames(stream) == []


def test_a_backlog_comes_out_in_order_one_by_one() -> None:
    framer = Framer()
    framer.feed(GOOD + OTHER)
    telegrams = framer.frames()
    assert next(telegrams) == GOOD
    assert framer.pending
    assert next(telegrams) == OTHER
    assert not framer.pending


def test_what_came_is_counted() -> None:
    framer = Framer()
    framer.feed(GOOD + GOOD.replace(b"000001", b"000009") + OTHER)
    assert len(list(framer.frames())) == 2
    assert (framer.counts.good, framer.counts.bad_crc) == (2, 1)


def test_a_stream_without_an_end_is_bounded() -> None:
    framer = Framer()
    for _ in range(640):
        framer.feed(b"/" + b"x" * 16_383)
        assert list(framer.frames()) == []
        assert len(framer._buffer) <= MAX_FRAME
    assert framer.counts.overflowed > 0
    framer.feed(b"\r\n" + GOOD)
    assert list(framer.frames()) == [GOOD]


@given(st.lists(st.integers(1, 40), max_size=20), st.binary(max_size=60))
def test_how_the_bytes_are_cut_does_not_matter(sizes: list[int], noise: bytes) -> None:
    stream = noise.replace(b"/", b".").replace(b"!", b".") + GOOD + OTHER
    chunks = []
    for size in sizes:
        chunks.append(stream[:size])
        stream = stream[size:]
    assert frames(*chunks, stream) == [GOOD, OTHER]


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(noise: bytes) -> None:
    found = frames(noise, b"\r\n", GOOD)
    assert found[-1:] in ([GOOD], [])
