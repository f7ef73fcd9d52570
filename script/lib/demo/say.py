"""How the demo talks."""

import sys
from typing import TextIO


class DemoError(Exception):
    """Why the demo cannot go on, in words for the person who started it."""


def say(text: str, stream: TextIO = sys.stdout) -> None:
    """Print one line, at once: a demo runs for hours behind it."""
    print(f"demo: {text}", file=stream, flush=True)


def complain(text: str) -> None:
    """Print one line about what went wrong."""
    say(text, sys.stderr)
