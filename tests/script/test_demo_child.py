"""Programs that the demo starts end with it, and their own end is told."""

import asyncio
import os
from pathlib import Path
import sys

import pytest

from script.lib.demo import child
from script.lib.demo.child import Child, running
from script.lib.demo.say import DemoError

WAIT = "import sys, time; print('here', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAIT}"


def program(tmp_path: Path, code: str) -> Child:
    return Child("the program", [sys.executable, "-c", code], tmp_path / "program.log")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_it_answers_and_ends_with_the_context(tmp_path: Path) -> None:
    one = program(tmp_path, f"import os; print(os.getpid(), flush=True); {WAIT}")
    async with running(one):
        pid = int(await one.answer(30))
        assert alive(pid)
        # A Ctrl-C in the terminal goes to its foreground group only.
        assert os.getpgid(pid) != os.getpgid(0)
    assert not alive(pid)


async def test_it_ends_when_the_demo_is_cancelled(tmp_path: Path) -> None:
    one = program(tmp_path, f"import os; print(os.getpid(), flush=True); {WAIT}")
    pids: list[int] = []

    async def demo() -> None:
        async with running(one):
            pids.append(int(await one.answer(30)))
            started.set()
            await one.watch()

    started = asyncio.Event()
    task = asyncio.create_task(demo())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not alive(pids[0])


async def test_one_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_STOP_SECONDS", 0.01)
    one = program(tmp_path, f"import os; print(os.getpid(), flush=True); {STUBBORN}")
    async with running(one):
        pid = int(await one.answer(30))
    assert not alive(pid)


async def test_one_that_is_killed_is_asked_nothing(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    code = (
        "import os, pathlib, signal\n"
        f"signal.signal(signal.SIGTERM, lambda *_: pathlib.Path({str(asked)!r}).touch())\n"
        f"print(os.getpid(), flush=True)\n{WAIT}"
    )
    one = program(tmp_path, code)
    async with running(one):
        pid = int(await one.answer(30))
        await one.kill()
        assert not alive(pid)
    assert not asked.exists()


async def test_one_that_ends_at_once_says_what_it_printed(tmp_path: Path) -> None:
    one = program(tmp_path, "import sys; print('port 1 is taken', file=sys.stderr); sys.exit(3)")
    async with running(one):
        with pytest.raises(DemoError, match=r"the program ended .* code 3\n  port 1 is taken"):
            await one.answer(30)


async def test_one_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    one = program(tmp_path, "import time; time.sleep(60)")
    async with running(one):
        with pytest.raises(DemoError, match="did not start"):
            await one.answer(0.01)


async def test_the_end_of_a_watched_one_is_told(tmp_path: Path) -> None:
    one = program(tmp_path, "print('much' * 100_000); raise SystemExit(5)")
    async with running(one):
        with pytest.raises(DemoError, match="code 5"):
            await one.watch()


async def test_one_that_asks_for_it_is_started_again(tmp_path: Path) -> None:
    code = f"""
import pathlib, sys
seen = pathlib.Path({str(tmp_path / "seen")!r})
sys.exit(7) if seen.exists() else seen.touch()
sys.exit(100)
"""
    one = program(tmp_path, code)
    async with running(one):
        with pytest.raises(DemoError, match="code 7"):
            await one.watch(restarts=lambda exit_code: exit_code == 100)
