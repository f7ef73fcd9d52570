"""The simulated cloud, in a process whose work is not measured."""

from datetime import datetime
import json
from pathlib import Path
import subprocess
import sys
from typing import Any, Final, Self, TextIO, cast

_ROOT: Final = Path(__file__).parents[4]
_END_SECONDS: Final = 30


class Cloud:
    """A running cloud; its methods block and belong in a thread."""

    def __init__(self, plants: int, inverters: int) -> None:
        """Start it with so many plants, and so many inverters in each."""
        command = [sys.executable, "-m", f"{__package__}.served", str(plants), str(inverters)]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        # Pipes, as asked for; the types cannot know.
        self._asks = cast("TextIO", self._process.stdin)
        self._answers = cast("TextIO", self._process.stdout)
        self.account: dict[str, str] = self._answer()
        """What the form of an account asks for."""

    def __enter__(self) -> Self:
        """Return it, running."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.communicate(timeout=_END_SECONDS)

    def set_clock(self, now: datetime) -> int:
        """Let its clock show this; returns how many calls there were since the last time."""
        self._asks.write(f"{now.isoformat()}\n")
        self._asks.flush()
        calls: int = self._answer()
        return calls

    def _answer(self) -> Any:
        return json.loads(self._answers.readline())
