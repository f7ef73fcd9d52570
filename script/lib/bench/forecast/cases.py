"""What is measured of the forecast, and of the import of history."""

from collections.abc import Sequence
from typing import Final

from ..case import Case, Figure

_PLANES: Final = 10
_YEARS: Final = 10


def cases(*, real: bool) -> Sequence[Case]:
    """Return what to measure; real time changes nothing about it."""
    return (
        Case(
            work=f"Forecast of three days for {_PLANES} planes, quarter by quarter",
            peer_name="pvlib, the same models on whole columns (numpy)",
            function="script.lib.bench.forecast.planes:planes",
            arguments={"count": _PLANES},
            figures=(
                Figure("cpu_ms", "CPU per forecast", "ms"),
                Figure("first_ms", "first forecast, its imports included", "ms"),
            ),
        ),
        Case(
            work=f"Import of {_YEARS} years of hourly rows of five series",
            peer_name="the bare import call of Home Assistant, a month of a series at a time",
            function="script.lib.bench.forecast.importing:importing",
            arguments={"years": _YEARS},
            figures=(
                Figure("rows_per_s", "rows per second", "1/s"),
                Figure("lag_ms", "mean lag of a task that wants to run every 10 ms", "ms"),
                Figure("block_ms", "longest event-loop block", "ms"),
                Figure("block_cpu_ms", "longest event-loop block, CPU time", "ms"),
            ),
        ),
    )
