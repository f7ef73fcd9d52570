"""What is measured of the Envoy."""

from collections.abc import Sequence
from typing import Final

from ..case import Case, Figure

_PEER: Final = "Home Assistant enphase_envoy"
_INVERTERS: Final = (1, 10, 50, 200)
# A quarter of an hour: what is asked every five minutes has its turn.
_MINUTES: Final = 15
_SPEED: Final = 60
_REAL_MINUTES: Final = 5
_FIGURES: Final = (
    Figure("setup_ms", "set-up", "ms"),
    Figure("setup_block_ms", "longest event-loop block of the set-up", "ms"),
    Figure("setup_block_cpu_ms", "longest event-loop block of the set-up, CPU time", "ms"),
    Figure("setup_requests", "requests of the set-up", "1"),
    Figure("registered", "entities in the registry", "1"),
    Figure("entities", "entities that show a value", "1"),
    Figure("requests", "requests per refresh", "1"),
    Figure("minute_requests", "requests per minute", "1"),
    Figure("cpu_us", "CPU per refresh", "us"),
    Figure("loop_us", "CPU per refresh, event loop only", "us"),
    Figure("minute_cpu_ms", "CPU per minute", "ms"),
    Figure("block_ms", "longest event-loop block of a refresh", "ms"),
    Figure("block_cpu_ms", "longest event-loop block of a refresh, CPU time", "ms"),
    Figure("writes", "state writes per refresh", "1"),
    Figure("rows", "recorder rows per refresh", "1"),
)


def cases(*, real: bool) -> Sequence[Case]:
    """Return set-up and refreshes of some minutes for each number of inverters."""
    return [
        Case(
            work=f"Envoy, {inverters} {'inverter' if inverters == 1 else 'inverters'}",
            peer_name=_PEER,
            function=f"{__package__}.refreshes:refreshes",
            arguments={
                "inverters": inverters,
                "minutes": _REAL_MINUTES if real else _MINUTES,
                "speed": 1 if real else _SPEED,
            },
            figures=_FIGURES,
        )
        for inverters in _INVERTERS
    ]
