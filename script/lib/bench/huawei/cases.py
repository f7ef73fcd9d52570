"""What is measured of the SUN2000."""

from collections.abc import Sequence
from typing import Final

from ..case import Case, Figure
from .setups import SETUPS

_PEER: Final = "bare pymodbus client with the reads of huawei_solar 2.1.2"
# A quarter of an hour: what is asked once a minute or once in a quarter has its turn.
_POLLS: Final = 90
_SECONDS: Final = 0.4
_REAL_POLLS: Final = 12
# A little sooner than the entry would poll by itself.
_REAL_SECONDS: Final = 9
_FIGURES: Final = (
    Figure("requests", "requests per poll", "1"),
    Figure("words", "registers per poll", "1"),
    Figure("mean_requests", "requests per poll, mean of a quarter", "1"),
    Figure("mean_words", "registers per poll, mean of a quarter", "1"),
    Figure("poll_ms", "time per poll", "ms"),
    Figure("cpu_us", "CPU per poll", "us"),
    Figure("loop_us", "CPU per poll, event loop only", "us"),
    Figure("block_ms", "longest event-loop block", "ms"),
    Figure("block_cpu_ms", "longest event-loop block, CPU time", "ms"),
    Figure("writes", "state writes per poll", "1"),
    Figure("rows", "recorder rows per poll", "1"),
    Figure("first_value_s", "first value after", "s"),
)


def cases(*, real: bool) -> Sequence[Case]:
    """Return a poll of each set-up; in real time there are fewer of them."""
    return [
        Case(
            work=f"SUN2000, {setup}",
            peer_name=_PEER,
            function=f"{__package__}.polls:polls",
            arguments={
                "setup": setup,
                "count": _REAL_POLLS if real else _POLLS,
                "seconds": _REAL_SECONDS if real else _SECONDS,
                "real": real,
            },
            figures=_FIGURES,
        )
        for setup in SETUPS
    ]
