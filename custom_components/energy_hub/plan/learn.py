"""What the house teaches about its own roof: how much of the light arrives, by sun position.

A tree, a chimney or a wrong tilt shows where the sun stands; dirt shows everywhere. So each
position has shares of its own, found by weighted least squares from what was expected and
what came. A position that was seldom seen follows its neighbours and the whole sky, and
without any history the models are believed as they are. Old hours fade. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import cos, degrees, exp, radians
from typing import Any, Final, Self

from .shares import AS_MODELLED, NIL, Shares, Sums, added, evidence, size, solve
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
# How much the models weigh against all that was seen, and the whole sky against what was seen
# around a position, as shares of the peak: a clear hour brings about a half, a dull one a
# twentieth.
_MODEL: Final = 0.1
_WHOLE_SKY: Final = 0.002
_FORGOTTEN: Final = 1e-4

type Cell = tuple[int, int]


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
        cell = _cell(lesson.sun)
        told = evidence(lesson.beam, lesson.spread, lesson.truth)
        self._cells[cell] = added(self._cells.get(cell, NIL), told)
        self._known.clear()
        self._whole = self._all()

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
            # An earlier version kept less.
            if len(sums) == len(NIL):
                correction._cells[int(azimuth), int(height)] = tuple(sums)
        correction._whole = correction._all()
        return correction

    def _fade(self, day: date) -> None:
        """Let what is older weigh less; an hour that comes late counts like one of today."""
        if self._day is not None and day > self._day:
            part = 0.5 ** ((day - self._day).days / _HALF_LIFE_DAYS)
            faded = {cell: tuple(one * part for one in sums) for cell, sums in self._cells.items()}
            self._cells = {cell: sums for cell, sums in faded.items() if size(sums) > _FORGOTTEN}
        if self._day is None or day > self._day:
            self._day = day

    def _factors(self, azimuth: int, height: int) -> Shares:
        around = NIL
        for cell, sums in self._near(azimuth, height):
            around = added(around, sums, _weight(cell, azimuth, height))
        return solve(around, self._whole, _WHOLE_SKY)

    def _all(self) -> Shares:
        whole = NIL
        for sums in self._cells.values():
            whole = added(whole, sums)
        return solve(whole, AS_MODELLED, _MODEL)

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
