"""A simulated device in a process of its own, whose work is not measured."""

import asyncio
from collections.abc import Callable
import json
from pathlib import Path
import subprocess
import sys
from typing import Any, Final, Self, TextIO, cast

_ROOT: Final = Path(__file__).parents[3]
_END_SECONDS: Final = 30


class Apart:
    """A running simulator; its methods block and belong in a thread."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start a module that calls `serve`."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # Pipes, as asked for; the types cannot know.
        self._asks = cast("TextIO", self.process.stdin)
        self._answers = cast("TextIO", self.process.stdout)
        self.port: int = self._answer()

    def __enter__(self) -> Self:
        """Return it, running."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.process.communicate(timeout=_END_SECONDS)

    def take(self) -> Any:
        """Return what was asked of it since the last call, in order."""
        self._asks.write("\n")
        self._asks.flush()
        return self._answer()

    def _answer(self) -> Any:
        return json.loads(self._answers.readline())


async def serve(port: int, take: Callable[[], object]) -> None:
    """Tell the port, then what `take` returns as often as somebody asks, until nobody can."""
    _say(port)
    while await asyncio.to_thread(sys.stdin.readline):
        _say(take())


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)
