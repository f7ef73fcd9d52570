"""The programs that the demo starts and ends."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import signal
from typing import Final

from .paths import ROOT
from .say import DemoError

_STOP_SECONDS: Final = 30
_LAST_LINES: Final = 8


class Child:
    """A program of ours; what it prints apart from its answer goes into a file."""

    def __init__(self, name: str, command: Sequence[str], output: Path) -> None:
        """Name it for messages; nothing is started yet."""
        self.name = name
        self.command = command
        self.output = output
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it, or start it again. Its own session keeps a Ctrl-C for us alone."""
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        output = os.open(self.output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=PIPE,
                stderr=output,
                cwd=ROOT,
                env=environment,
                start_new_session=True,
            )
        finally:
            os.close(output)

    async def answer(self, seconds: float) -> bytes:
        """Return the first line that it prints; raises DemoError when it does not come."""
        process, printed = self._running()
        try:
            line = await asyncio.wait_for(printed.readline(), seconds)
        except TimeoutError as error:
            raise DemoError(f"{self.name} did not start within {seconds:g} s") from error
        if not line:
            raise self._ended(await process.wait())
        return line

    async def watch(self, restarts: Callable[[int], bool] = lambda _code: False) -> None:
        """Wait for its end, then raise DemoError; an exit code that `restarts` starts it again."""
        while restarts(code := await self._wait()):
            await self.start()
        raise self._ended(code)

    async def kill(self) -> None:
        """End it and whatever it started as a power cut does: nobody is asked first."""
        process, _ = self._running()
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        """End it and whatever it started."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wait(), _STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def _wait(self) -> int:
        """Return the exit code; what is printed meanwhile is thrown away, so that it can go on."""
        process, printed = self._running()
        while await printed.read(65536):
            pass
        return await process.wait()

    def _running(self) -> tuple[Process, asyncio.StreamReader]:
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("start() comes first")
        return self._process, self._process.stdout

    def _ended(self, code: int) -> DemoError:
        lines = self.output.read_text(errors="replace").splitlines()[-_LAST_LINES:]
        text = "".join(f"\n  {line}" for line in lines)
        return DemoError(f"{self.name} ended by itself with code {code}{text}")


@asynccontextmanager
async def running(child: Child) -> AsyncIterator[Child]:
    """Start a program and end it with the context, however that is left."""
    try:
        await child.start()
        yield child
    finally:
        await child.stop()
