"""Every measurement in a process of its own, the two sides taking turns."""

from collections.abc import Callable, Iterator, Sequence
import json
from pathlib import Path
import subprocess
import sys
from typing import Final

from .case import Case, Side
from .row import Row, Samples

_ROOT: Final = Path(__file__).parents[3]
_TIMEOUT_SECONDS: Final = 900


def measure(case: Case, side: Side) -> dict[str, float]:
    """Return the figures of one run of one side; raises CalledProcessError if it failed."""
    arguments = json.dumps({"side": side, **case.arguments})
    child = subprocess.run(
        [sys.executable, "-m", "script.lib.bench.child", case.function, arguments],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=_TIMEOUT_SECONDS,
    )
    # Whatever else the process had to say came before.
    figures: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    return figures


def interleaved(cases: Sequence[Case], runs: int, say: Callable[[str], None]) -> Iterator[Row]:
    """Yield the rows of all cases after `runs` rounds in which every side had its turn.

    A machine that slows down for a while then slows both sides down; who begins changes
    from round to round.
    """
    results: dict[tuple[int, Side], list[dict[str, float]]] = {}
    for run in range(runs):
        for number, case in enumerate(cases):
            for side in sorted(Side, reverse=bool(run % 2)):
                say(f"round {run + 1} of {runs}: {case.work}, {side}")
                results.setdefault((number, side), []).append(measure(case, side))
    for number, case in enumerate(cases):
        ours, peer = results[number, Side.OURS], results[number, Side.PEER]
        for figure in case.figures:
            yield Row(
                work=case.work,
                figure=figure.name,
                unit=figure.unit,
                ours=Samples(tuple(result[figure.key] for result in ours)),
                peer=Samples(tuple(result[figure.key] for result in peer)),
                peer_name=case.peer_name,
            )
