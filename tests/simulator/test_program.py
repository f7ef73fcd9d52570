"""`python -m simulator` says where it listens, serves, and stops when it is told to."""

from collections.abc import Callable, Iterator
from http.client import HTTPConnection
import json
import os
from pathlib import Path
import signal
import socket
import subprocess
import sys
from typing import Any

import pytest

from simulator.p1 import P1Meter, telegrams

from .tools import FrozenClock, lines

ROOT = Path(__file__).parents[2]

type Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Return what starts the program; it is killed if it still runs."""
    running: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "simulator", *arguments],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()


def _first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _ask(port: int, path: str) -> dict[str, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    told: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return told


def _telegram(where: tuple[str, int]) -> bytes:
    seen = b""
    with socket.create_connection(where, timeout=10) as wire:
        while not (found := list(telegrams(seen))):
            seen += wire.recv(4096)
    return found[0]


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_house_runs_and_stops(start: Start, number: signal.Signals) -> None:
    process = start("--json", "--serial", "--start", "2026-06-21T10:00:00+00:00", "--speed", "5")
    listens = json.loads(_first_line(process))
    p1 = listens["p1"]
    objects = lines(_telegram((p1["host"], p1["port"])))
    assert objects["0-0:1.0.0"].startswith("(26062112")
    index = _ask(listens["control"]["port"], "/")
    assert index["begin"] == "2026-06-19T22:00:00+00:00"
    assert index["devices"]["p1"]["listens"] == p1
    assert _ask(listens["control"]["port"], "/truth")["solar_w"] > 1000
    assert Path(p1["serial"]).exists()
    process.send_signal(number)
    out, complaints = process.communicate(timeout=20)
    assert (process.returncode, out, complaints) == (0, "", "")
    assert not Path(p1["serial"]).parent.exists()


@pytest.mark.usefixtures("socket_enabled")
def test_the_house_can_stand_elsewhere(start: Start) -> None:
    process = start(
        *("--json", "--seed", "9", "--start", "2026-01-15T02:00:00Z"),
        *("--latitude", "-33.9", "--longitude", "151.2", "--zone", "Australia/Sydney"),
    )
    listens = json.loads(_first_line(process))
    truth = _ask(listens["control"]["port"], "/truth")
    assert truth["irradiance_w_m2"] > 100
    assert truth["tariff"] == 2
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0


@pytest.mark.usefixtures("socket_enabled")
def test_a_replay_runs_and_stops(
    start: Start, tmp_path: Path, meter: P1Meter, clock: FrozenClock
) -> None:
    file = tmp_path / "captured.txt"
    file.write_bytes(meter.telegram(clock()))
    process = start("--replay", str(file))
    host, port = _first_line(process).removeprefix("p1: ").strip().split(":")
    assert _telegram((host, int(port))) == meter.telegram(clock())
    process.send_signal(signal.SIGTERM)
    out, complaints = process.communicate(timeout=20)
    assert (process.returncode, out, complaints) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--replay", "pyproject.toml"], "holds no telegram"),
        (["--replay", "no such file"], "No such file"),
        (["--replay", os.curdir], "Is a directory"),
        (["--zone", "Europe/Atlantis"], "no such time zone"),
        (["--zone", "../../etc/passwd"], "no such time zone"),
        (["--latitude", "91"], "not within"),
        (["--port-p1", "70000"], "not a port"),
        (["--start", "2026-01-01T00:00:00"], "needs a UTC offset"),
        (["--speed", "0"], "not a speed"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    start: Start, arguments: list[str], complaint: str
) -> None:
    out, complaints = start(*arguments).communicate(timeout=20)
    assert out == ""
    assert complaint in complaints.splitlines()[-1]
    assert "Traceback" not in complaints


def test_bad_files_end_with_code_2(start: Start) -> None:
    process = start("--replay", "pyproject.toml")
    _out, complaints = process.communicate(timeout=20)
    assert process.returncode == 2
    assert len(complaints.splitlines()) == 1


@pytest.mark.usefixtures("socket_enabled")
def test_a_taken_port_ends_with_code_1(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start("--port-p1", str(taken.getsockname()[1]))
        _out, complaints = process.communicate(timeout=20)
    assert process.returncode == 1
    assert len(complaints.splitlines()) == 1
