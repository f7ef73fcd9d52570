"""Which shares of the light arrive, and the least squares that find them. Pure.

There are three: of the beam, and of the rest of the light under a clear and under a dull
sky, because that is where models of a tilted plane go wrong in different ways.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

_MOST: Final = 1.5
# Dimmer hours weigh no more than this share of the peak power does.
_DIMMEST: Final = 0.02


class Shares(NamedTuple):
    """Which part of the beam and of the rest arrives; 1 is as the models say."""

    beam: float
    clear: float
    """Of the rest, where all the light were beam."""
    dull: float
    """Of the rest, where there is no beam."""

    def spread(self, clearness: float) -> float:
        """Return the share of the rest under a sky of which this part is beam."""
        return self.dull + (self.clear - self.dull) * clearness


AS_MODELLED: Final = Shares(1.0, 1.0, 1.0)

type Sums = tuple[float, ...]
"""Sums over hours: the products of beam, clear rest and dull rest with each other (six, by
rows of the upper triangle), then of each with the truth."""

NIL: Final[Sums] = (0.0,) * 9


def clearness(beam: float, spread: float) -> float:
    """Return which part of all light is beam."""
    return beam / (beam + spread) if beam + spread > 0 else 0.0


def evidence(beam: float, spread: float, truth: float) -> Sums:
    """Return what an hour says, as shares of the peak power.

    The models err the more the more light there is, so it weighs by one over its light: dull
    hours tell what clear ones leave open.
    """
    part = clearness(beam, spread)
    clear, dull = spread * part, spread * (1 - part)
    weight = 1 / max(_DIMMEST, beam + spread)
    rows = (
        (beam * beam, beam * clear, beam * dull, clear * clear, clear * dull, dull * dull),
        (beam * truth, clear * truth, dull * truth),
    )
    return tuple(one * weight for row in rows for one in row)


def added(sums: Sums, more: Sums, weight: float = 1.0) -> Sums:
    """Return the sums with others of this weight."""
    return tuple(one + weight * other for one, other in zip(sums, more, strict=True))


def size(sums: Sums) -> float:
    """Return how much was seen."""
    return sums[0] + sums[3] + sums[5]


def solve(sums: Sums, prior: Shares, trust: float) -> Shares:
    """Return the shares that explain the sums best, drawn to those known before."""
    beam2, beam_clear, beam_dull, clear2, clear_dull, dull2, *truths = sums
    matrix = (
        (beam2 + trust, beam_clear, beam_dull),
        (beam_clear, clear2 + trust, clear_dull),
        (beam_dull, clear_dull, dull2 + trust),
    )
    rows = [
        [*row, truth + trust * known]
        for row, truth, known in zip(matrix, truths, prior, strict=True)
    ]
    return Shares(*(max(0.0, min(_MOST, share)) for share in _solution(rows)))


def _solution(rows: Sequence[list[float]]) -> list[float]:
    """Return the solution of equations; the trust on the diagonal makes it safe to divide."""
    for place, row in enumerate(rows):
        for other in rows[place + 1 :]:
            part = other[place] / row[place]
            other[:] = [one - part * over for one, over in zip(other, row, strict=True)]
    found: list[float] = []
    for place in reversed(range(len(rows))):
        *row, whole = rows[place]
        known = sum(one * share for one, share in zip(row[place + 1 :], found, strict=True))
        found.insert(0, (whole - known) / row[place])
    return found
