"""What is measured of the Homevolt."""

from collections.abc import Sequence
from typing import Final

from ..case import Case, Figure
from .setups import SETUPS

_PEER: Final = "Home Assistant homevolt"
# A quarter of an hour: what is asked every five minutes has its turn.
_MINUTES: Final = 15
_SPEED: Final = 25
_REAL_MINUTES: Final = 3
_FIGURES: Final = (
    Figure("requests", "requests per poll", "1"),
    Figure("minute_requests", "requests per minute", "1"),
    Figure("cpu_us", "CPU per poll", "us"),
    Figure("loop_us", "CPU per poll, event loop only", "us"),
    Figure("minute_cpu_ms", "CPU per minute", "ms"),
    Figure("block_ms", "longest event-loop block", "ms"),
    Figure("block_cpu_ms", "longest event-loop block, CPU time", "ms"),
    Figure("writes", "state writes per poll", "1"),
    Figure("rows", "recorder rows per poll", "1"),
    Figure("entities", "entities that show a value", "1"),
    Figure("first_requests", "requests until the first value", "1"),
    Figure("first_value_s", "first value after", "s"),
)


def cases(*, real: bool) -> Sequence[Case]:
    """Return the polls of some minutes for each set-up; in real time they are fewer."""
    return [
        Case(
            work=f"Homevolt, {setup}",
            peer_name=_PEER,
            function=f"{__package__}.polls:polls",
            arguments={
                "setup": setup,
                "minutes": _REAL_MINUTES if real else _MINUTES,
                "speed": 1 if real else _SPEED,
            },
            figures=_FIGURES,
        )
        for setup in SETUPS
    ]
