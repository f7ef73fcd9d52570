"""Captured telegrams are served as they stand in their file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from simulator.p1 import P1Meter, seal
from simulator.replay import NoTelegramError, Replay, load

from .tools import FrozenClock, Wire, dial

SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "p1" / "fluvius_v171.txt"


@pytest.fixture
def captured(meter: P1Meter, clock: FrozenClock) -> list[bytes]:
    """Return three telegrams."""
    found = []
    for _ in range(3):
        found.append(meter.telegram(clock()))
        clock.pass_s(1)
    return found


@pytest.fixture
async def wires(captured: list[bytes]) -> AsyncIterator[tuple[Replay, Wire]]:
    """Return a replay and its client."""
    replay = Replay(captured)
    wire = await dial(await replay.start())
    await replay.wait_for_clients(1)
    yield replay, wire
    await wire.close()
    await replay.stop()


def _load(folder: Path, data: bytes) -> list[bytes]:
    file = folder / "captured.txt"
    file.write_bytes(data)
    return load(file)


def test_telegrams_are_taken_as_they_are(tmp_path: Path, captured: list[bytes]) -> None:
    assert _load(tmp_path, b"".join(captured)) == captured
    noisy = b"half!12\r\n" + captured[0] + b"\xff\xff" + captured[1] + b"/FLU5\\cut"
    assert _load(tmp_path, noisy) == captured[:2]


def test_the_crc_may_be_written_small(tmp_path: Path) -> None:
    small = seal(b"/FLU5\\1\r\n\r\n")[:-6] + seal(b"/FLU5\\1\r\n\r\n")[-6:].lower()
    assert _load(tmp_path, small) == [small]


def test_lost_line_ends_are_restored(tmp_path: Path, captured: list[bytes]) -> None:
    stripped = b"".join(captured).replace(b"\r\n", b"\n")
    assert _load(tmp_path, stripped) == captured
    assert _load(tmp_path, stripped.rstrip(b"\n")) == captured


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"/FLU5\\1\r\n\r\n!0000\r\n", b"!0000\r\n", bytes(range(256)) * 99]
)
def test_a_file_without_a_telegram_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(NoTelegramError, match=r"captured\.txt holds no telegram"):
        _load(tmp_path, data)


@pytest.mark.usefixtures("socket_enabled")
async def test_a_replay_goes_round(wires: tuple[Replay, Wire], captured: list[bytes]) -> None:
    replay, wire = wires
    for expected in [*captured, *captured]:
        await replay.push()
        assert await wire.telegram() == expected


@pytest.mark.skipif(not SAMPLE.exists(), reason="the captured replies are not beside the checkout")
def test_a_real_telegram_is_served_unchanged() -> None:
    assert b"".join(load(SAMPLE)) == SAMPLE.read_bytes()
