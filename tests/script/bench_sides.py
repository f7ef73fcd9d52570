"""Both sides of a measurement in one fresh process, as a Home Assistant takes long to start."""

from dataclasses import replace
from importlib import import_module

from script.lib.bench.case import Case, Side
from script.lib.bench.fresh import measure

type Figures = dict[str, float]


def measure_both(case: Case, **few: float) -> tuple[Figures, Figures]:
    """Return the figures of ours and of the peer, with some arguments of the case replaced."""
    arguments = {**case.arguments, **few, "function": case.function}
    figures = measure(replace(case, function=f"{__name__}:both", arguments=arguments), Side.OURS)
    ours, peer = (
        {key.removeprefix(f"{side} "): one for key, one in figures.items() if key.startswith(side)}
        for side in (Side.OURS, Side.PEER)
    )
    return ours, peer


def both(*, side: str, function: str, **arguments: float) -> Figures:
    """Return the figures of both sides, each with its side before its name."""
    module, _, name = function.partition(":")
    work = getattr(import_module(module), name)
    return {
        f"{one} {key}": figure
        for one in Side
        for key, figure in work(side=one, **arguments).items()
    }
