"""What is measured of the P1 meter."""

from collections.abc import Sequence
from typing import Final

from ..case import Case, Figure
from .readers import FEW, MANY

_PEER: Final = "Home Assistant dsmr"
_INTERVALS_SECONDS: Final = (1, 30)
_TELEGRAMS: Final = 600
_PER_SECOND: Final = 50
_REAL_TELEGRAMS: Final = 90
_BLOCK: Final = (
    Figure("block_ms", "longest event-loop block", "ms"),
    Figure("block_cpu_ms", "longest event-loop block, CPU time", "ms"),
)
_PACED: Final = (
    Figure("cpu_us", "CPU per telegram", "us"),
    Figure("loop_us", "CPU per telegram, event loop only", "us"),
    *_BLOCK,
    Figure("writes", "state writes per telegram", "1"),
    Figure("rows", "recorder rows per telegram", "1"),
)


def cases(*, real: bool) -> Sequence[Case]:
    """Return every interval with few and with many entities, the first value, the backlog."""
    return (
        *(
            _paced(entities, interval, real=real)
            for interval in _INTERVALS_SECONDS
            for entities in (FEW, MANY)
        ),
        Case(
            work="P1, entry added with default options",
            peer_name=_PEER,
            function=f"{__package__}.first_value:first_value",
            arguments={},
            figures=(Figure("first_value_s", "first value after", "s"),),
        ),
        Case(
            work=f"P1, backlog of 200 telegrams, {MANY} entities, interval 1 s",
            peer_name=_PEER,
            function=f"{__package__}.backlog:backlog",
            arguments={},
            figures=(*_BLOCK, Figure("waiting", "telegrams waiting at once", "1")),
        ),
    )


def _paced(entities: int, interval: int, *, real: bool) -> Case:
    return Case(
        work=f"P1, {entities} entities, interval {interval} s",
        peer_name=_PEER,
        function=f"{__package__}.paced:paced",
        arguments={
            "entities": entities,
            "interval": interval,
            "telegrams": _REAL_TELEGRAMS if real else _TELEGRAMS,
            "per_second": 1 if real else _PER_SECOND,
            "real": real,
        },
        figures=_PACED,
    )
