"""What is measured of the delivery to ENRG."""

from collections.abc import Sequence
from typing import Final

from ..case import Case, Figure

_MESSAGES: Final = 2_000
_WAITING: Final = 100_000


def cases(*, real: bool) -> Sequence[Case]:
    """Return what to measure; real time changes nothing about it."""
    return (
        Case(
            work=f"ENRG, {_MESSAGES:,} messages of plants with four inverters",
            peer_name="the same messages without a queue: built, posted, forgotten",
            function="script.lib.bench.enrg.through:through",
            arguments={"count": _MESSAGES},
            figures=(
                Figure("per_s", "messages built and delivered per second", "1/s"),
                Figure("built_per_s", "messages built per second", "1/s"),
                Figure("cpu_us", "CPU per message, platform included", "us"),
            ),
        ),
        Case(
            work=f"ENRG, {_WAITING:,} messages waiting",
            peer_name="the same entry with an empty queue",
            function="script.lib.bench.enrg.waiting:waiting",
            arguments={"count": _WAITING},
            figures=(
                Figure("setup_ms", "set-up of the entry", "ms"),
                Figure("memory_mb", "memory that the entry and 20 s of it add", "MB"),
                Figure("block_ms", "longest event-loop block", "ms"),
                Figure("block_cpu_ms", "longest event-loop block, CPU time", "ms"),
            ),
        ),
    )
