"""What a person may ask of the demo, and how a mistake is answered."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from script.lib.demo.options import Options, parse
from simulator.p1 import P1Meter
from simulator.world import House, plain_house

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def telegram() -> bytes:
    house = House(plain_house(), NOW - timedelta(hours=1))
    return P1Meter(house, lambda: NOW).telegram(NOW)


def test_nothing_need_be_said() -> None:
    assert parse([]) == Options(port=8123, here=False, fresh=False, simulator=True, replay=None)


def test_everything_can_be_said(tmp_path: Path) -> None:
    file = tmp_path / "telegrams.txt"
    file.write_bytes(telegram())
    said = ["--port", "8200", "--here", "--fresh", "--no-simulator", "--replay", str(file)]
    assert parse(said) == Options(port=8200, here=True, fresh=True, simulator=False, replay=file)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (["--port", "0"], "not a port: 0"),
        (["--port", "http"], "invalid _port value: 'http'"),
        (["--replay", "missing.txt"], "cannot read missing.txt: No such file or directory"),
        (["--replay", "."], "cannot read .: Is a directory"),
        (["--reply", "x"], "unrecognized arguments"),
    ],
)
def test_a_mistake_ends_with_code_2_and_says_why(
    said: list[str], answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse(said)
    assert end.value.code == 2
    assert answer in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [b"", b"hello\n", b"\x00\xff" * 5000, telegram().replace(b"1-0:1.8.1", b"1-0:1.8.9")],
    ids=["empty", "text", "bytes", "bad CRC"],
)
def test_a_file_without_a_telegram_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.txt"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as end:
        parse(["--replay", str(file)])
    assert end.value.code == 2
    assert f"{file} holds no telegram" in capsys.readouterr().err
