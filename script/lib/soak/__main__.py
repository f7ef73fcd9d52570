"""The command line of script/soak."""

from argparse import ArgumentParser
import asyncio
from collections.abc import Sequence
from pathlib import Path
import sys
from tempfile import TemporaryDirectory

from aiohttp import ClientError

from ..demo.say import DemoError
from .diary import Diary
from .registry import SOAKS


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 when it was as it must be, 1 when it was not."""
    parser = ArgumentParser(
        prog="script/soak",
        description="A real Home Assistant and a simulated house, watched in real time.",
    )
    parser.add_argument("name", choices=SOAKS, help="what to watch")
    soak = SOAKS[parser.parse_args(arguments).name]
    diary = Diary()
    try:
        with TemporaryDirectory() as folder:
            wrong = asyncio.run(soak(Path(folder), diary))
    except (DemoError, ClientError, TimeoutError) as error:
        wrong = [f"it came to nothing: {error}"]
    for one in wrong:
        diary.note(f"WRONG: {one}")
    diary.note("not as it must be" if wrong else "as it must be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
