"""What is measured of Hoymiles plants."""

from collections.abc import Sequence
from typing import Final

from ..case import Case, Figure

_PEER: Final = "bare HTTP client with the same calls"
_PLANTS, _INVERTERS = 50, 20
_REFRESHES: Final = 3
_FIGURES: Final = (
    Figure("entities", "registered entities", "1"),
    Figure("memory_mb", "memory taken", "MB"),
    Figure("memory_kb", "memory per registered entity", "kB"),
    Figure("setup_s", "every inverter shown after", "s"),
    Figure("setup_cpu_ms", "CPU until then", "ms"),
    Figure("setup_block_ms", "longest event-loop block until then", "ms"),
    Figure("setup_block_cpu_ms", "longest event-loop block until then, CPU time", "ms"),
    Figure("calls", "calls per refresh", "1"),
    Figure("cpu_ms", "CPU per refresh", "ms"),
    Figure("loop_ms", "CPU per refresh, event loop only", "ms"),
    Figure("block_ms", "longest event-loop block", "ms"),
    Figure("block_cpu_ms", "longest event-loop block, CPU time", "ms"),
    Figure("writes", "state writes per refresh", "1"),
    Figure("rows", "recorder rows per refresh", "1"),
)


def cases(*, real: bool) -> Sequence[Case]:
    """Return one case, which is the same in real time: only the cloud's clock steps."""
    return [
        Case(
            work=f"Hoymiles, {_PLANTS} plants with {_PLANTS * _INVERTERS} inverters",
            peer_name=_PEER,
            function=f"{__package__}.fleet:fleet",
            arguments={"plants": _PLANTS, "inverters": _INVERTERS, "count": _REFRESHES},
            figures=_FIGURES,
        )
    ]
