"""What the house teaches about its own roof: how much of the light arrives, by sun position.

A tree, a chimney or a wrong tilt shows where the sun stands; dirt shows everywhere. So each
position has two shares, of the beam and of the rest, found by weighted least squares from
what was expected and what came. A position that was seldom seen follows its neighbours and
the whole sky, and without any history the models are believed as they are. Old hours fade.
Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, degrees, exp, radians
from typing import Any, Final, NamedTuple, Self

from .sun import Sun

_BIN: Final = 5.0
"""Width of a position in degrees, both ways."""
# Degrees in which a position speaks for its neighbours (one sigma). What stands in the way
# ends somewhere above, so a position tells more of those under it than of those over it.
_ASIDE: Final = 5.0
_UNDER: Final = 6.0
_OVER: Final = 3.0
_NEIGHBOURS: Final = 4
_HALF_LIFE_DAYS: Final = 30.0
# How much the models weigh against what was seen, in squares of the share of the peak: a
# clear hour brings about a third.
_MODEL: Final = 0.3
_WHOLE_SKY: Final = 0.02
_FORGOTTEN: Final = 1e-4
_MOST: Final = 1.5


class Shares(NamedTuple):
    """Which part of the beam and of the rest arrives; 1 is as the models say."""

    beam: float
    spread: float


AS_MODELLED: Final = Shares(1.0, 1.0)

type Cell = tuple[int, int]
type Sums = tuple[float, ...]
"""Sums of squares and products: beam beam, beam rest, rest rest, beam truth, rest truth."""

_NIL: Final[Sums] = (0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An hour that can be learnt from; energies as a share of the peak power times an hour."""

    start: datetime
    sun: Sun
    beam: float
    spread: float
    truth: float


class Correction:
    """What was learnt of one roof."""

    def __init__(self) -> None:
        """Begin with nothing: the models are right."""
        self._cells: dict[Cell, Sums] = {}
        self._day: date | None = None
        self._whole = AS_MODELLED
        self._known: dict[tuple[int, int], Shares] = {}

    @property
    def whole(self) -> Shares:
        """The shares of the whole sky: dirt, ageing, losses that were entered wrongly."""
        return self._whole

    @property
    def positions(self) -> int:
        """How many positions of the sun are remembered."""
        return len(self._cells)

    def learn(self, lesson: Lesson) -> None:
        """Take in an hour."""
        self._fade(lesson.start.date())
        beam, spread, truth = lesson.beam, lesson.spread, lesson.truth
        new = (beam * beam, beam * spread, spread * spread, beam * truth, spread * truth)
        cell = _cell(lesson.sun)
        self._cells[cell] = _add(self._cells.get(cell, _NIL), new, 1.0)
        self._known.clear()
        self._whole = _solve(_total(self._cells.values()), AS_MODELLED, _MODEL)

    def factors(self, sun: Sun) -> Shares:
        """Return the shares for a position of the sun."""
        if not self._cells:
            return AS_MODELLED
        # A degree is finer than what a position can tell.
        place = round(degrees(sun.azimuth)) % 360, round(degrees(sun.elevation))
        if place not in self._known:
            self._known[place] = self._factors(*place)
        return self._known[place]

    def as_state(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "day": self._day and self._day.isoformat(),
            "cells": {
                f"{azimuth} {height}": [*sums] for (azimuth, height), sums in self._cells.items()
            },
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return what `as_state` wrote; nothing learnt from an empty one."""
        correction = cls()
        if state.get("day"):
            correction._day = date.fromisoformat(state["day"])
        for name, sums in state.get("cells", {}).items():
            azimuth, height = name.split()
            correction._cells[int(azimuth), int(height)] = tuple(sums)
        correction._whole = _solve(_total(correction._cells.values()), AS_MODELLED, _MODEL)
        return correction

    def _fade(self, day: date) -> None:
        """Let what is older weigh less; an hour that comes late counts like one of today."""
        if self._day is not None and day > self._day:
            part = 0.5 ** ((day - self._day).days / _HALF_LIFE_DAYS)
            faded = {cell: tuple(one * part for one in sums) for cell, sums in self._cells.items()}
            self._cells = {
                cell: sums for cell, sums in faded.items() if sums[0] + sums[2] > _FORGOTTEN
            }
        if self._day is None or day > self._day:
            self._day = day

    def _factors(self, azimuth: int, height: int) -> Shares:
        around = _NIL
        for cell, sums in self._near(azimuth, height):
            around = _add(around, sums, _weight(cell, azimuth, height))
        return _solve(around, self._whole, _WHOLE_SKY)

    def _near(self, azimuth: int, height: int) -> Iterator[tuple[Cell, Sums]]:
        column, row = int(azimuth // _BIN), int(height // _BIN)
        turn = int(360 / _BIN)
        for down in range(row - _NEIGHBOURS, row + _NEIGHBOURS + 1):
            # High up the sun runs through many directions within a few degrees of the sky.
            wide = min(turn // 2, round(_NEIGHBOURS / max(0.1, cos(radians((down + 0.5) * _BIN)))))
            for across in range(column - wide, column + wide):
                cell = across % turn, down
                if cell in self._cells:
                    yield cell, self._cells[cell]


def _cell(sun: Sun) -> Cell:
    return int(degrees(sun.azimuth) % 360 // _BIN), int(degrees(sun.elevation) // _BIN)


def _weight(cell: Cell, azimuth: float, height: float) -> float:
    """Return how much a position tells of a direction."""
    across = abs((cell[0] + 0.5) * _BIN - azimuth)
    across = min(across, 360 - across) * cos(radians(height))
    up = (cell[1] + 0.5) * _BIN - height
    return exp(-((across / _ASIDE) ** 2 + (up / (_UNDER if up > 0 else _OVER)) ** 2) / 2)


def _add(sums: Sums, more: Sums, weight: float) -> Sums:
    return tuple(one + weight * other for one, other in zip(sums, more, strict=True))


def _total(every: Iterable[Sums]) -> Sums:
    whole = _NIL
    for sums in every:
        whole = _add(whole, sums, 1.0)
    return whole


def _solve(sums: Sums, prior: Shares, trust: float) -> Shares:
    """Return the shares that explain the sums best, drawn to those known before."""
    beam2, cross, spread2, beam_truth, spread_truth = sums
    beam2, spread2 = beam2 + trust, spread2 + trust
    beam_truth, spread_truth = beam_truth + trust * prior.beam, spread_truth + trust * prior.spread
    # Never 0: the trust makes it positive.
    determinant = beam2 * spread2 - cross * cross
    beam = (beam_truth * spread2 - spread_truth * cross) / determinant
    spread = (spread_truth * beam2 - beam_truth * cross) / determinant
    return Shares(_bounded(beam), _bounded(spread))


def _bounded(share: float) -> float:
    return max(0.0, min(_MOST, share))
