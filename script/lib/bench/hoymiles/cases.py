"""What is measured of Hoymiles plants."""

from collections.abc import Sequence
from typing import Final

from ..case import Case, Figure

_PEER: Final = "bare HTTP client with the same calls"
_PLAIN: Final = "Home Assistant alone with as many entities"
_PLANTS, _INVERTERS = 50, 20
_REFRESHES: Final = 3
# The registries write themselves to the disk ten seconds later, and keep what they wrote.
_SETTLE_SECONDS: Final = 12
_FIGURES: Final = (
    Figure("entities", "registered entities", "1"),
    Figure("setup_s", "every inverter shown after", "s"),
    Figure("setup_cpu_ms", "CPU until then", "ms"),
    Figure("setup_block_ms", "longest event-loop block until all is saved", "ms"),
    Figure("setup_block_cpu_ms", "longest event-loop block until all is saved, CPU time", "ms"),
    Figure("calls", "calls per refresh", "1"),
    Figure("cpu_ms", "CPU per refresh", "ms"),
    Figure("loop_ms", "CPU per refresh, event loop only", "ms"),
    Figure("block_ms", "longest event-loop block", "ms"),
    Figure("block_cpu_ms", "longest event-loop block, CPU time", "ms"),
    Figure("writes", "state writes per refresh", "1"),
    Figure("rows", "recorder rows per refresh", "1"),
)
_KEPT: Final = (
    Figure("entities", "registered entities", "1"),
    Figure("states", "of those enabled", "1"),
    Figure("mb", "memory", "MB"),
    Figure("kb", "memory per registered entity", "kB"),
)


def cases(*, real: bool) -> Sequence[Case]:
    """Return the cases, which are the same in real time: only the cloud's clock steps."""
    fleet = {"plants": _PLANTS, "inverters": _INVERTERS}
    what = f"Hoymiles, {_PLANTS} plants with {_PLANTS * _INVERTERS} inverters"
    return [
        Case(
            work=what,
            peer_name=_PEER,
            function=f"{__package__}.fleet:fleet",
            arguments={**fleet, "count": _REFRESHES, "settle_s": _SETTLE_SECONDS},
            figures=_FIGURES,
        ),
        _kept(f"{what}, memory in use", fleet, traced=True),
        _kept(f"{what}, resident memory", fleet, traced=False),
    ]


def _kept(work: str, fleet: dict[str, int], *, traced: bool) -> Case:
    return Case(
        work=work,
        peer_name=_PLAIN,
        function=f"{__package__}.kept:kept",
        arguments={**fleet, "traced": traced, "settle_s": _SETTLE_SECONDS},
        figures=_KEPT,
    )
