"""The simulated inverter, in a process whose work is not measured."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Any, Final, NamedTuple, Self, TextIO, cast

_ROOT: Final = Path(__file__).parents[4]
_END_SECONDS: Final = 30


class Read(NamedTuple):
    """A request: its first address and how many words it asks for."""

    address: int
    words: int


class Device:
    """A running simulator; its methods block and belong in a thread."""

    def __init__(self, setup: str, speed: float) -> None:
        """Start it, its clock at so many times the speed of ours."""
        command = [sys.executable, "-m", f"{__package__}.served", setup, str(speed)]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # Pipes, as asked for; the types cannot know.
        self._asks = cast("TextIO", self._process.stdin)
        self._answers = cast("TextIO", self._process.stdout)
        self.port: int = self._answer()

    def __enter__(self) -> Self:
        """Return it, running."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.communicate(timeout=_END_SECONDS)

    def take_reads(self) -> list[Read]:
        """Return what was asked of it since the last call, in order."""
        self._asks.write("\n")
        self._asks.flush()
        return [Read(*one) for one in self._answer()]

    def _answer(self) -> Any:
        return json.loads(self._answers.readline())


def by_poll(reads: list[Read]) -> list[list[Read]]:
    """Return the requests of each poll; every poll begins as the first one does."""
    polls: list[list[Read]] = []
    for read in reads:
        if read.address == reads[0].address:
            polls.append([])
        polls[-1].append(read)
    return polls
