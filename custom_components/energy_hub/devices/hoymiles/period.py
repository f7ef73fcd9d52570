"""Energies that begin anew: of a day, a month, a year; and one that does not. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self


@dataclass(slots=True)
class Period:
    """The energy of a period that is known by its first day: it never falls within one."""

    start: date | None = None
    wh: float | None = None

    def learn(self, start: date, wh: float | None) -> None:
        """Take over what was said of a period; what is older, or less, changes nothing."""
        if wh is None or (self.start is not None and start < self.start):
            return
        if start != self.start:
            self.start, self.wh = start, wh
        elif self.wh is None or wh > self.wh:
            self.wh = wh

    def of(self, start: date, *, untouched: bool) -> float | None:
        """Return the energy of a period; one that is `untouched` by the sun has none yet."""
        if self.start == start:
            return self.wh
        return 0.0 if untouched else None


@dataclass(slots=True)
class RunningTotal:
    """The energy since a plant was added, from its days, where the API has no such counter."""

    day: date
    before_wh: float = 0.0
    """That of all days before `day`."""
    day_wh: float = 0.0

    @property
    def wh(self) -> float:
        """Return the total."""
        return self.before_wh + self.day_wh

    def learn(self, day: date, wh: float | None) -> None:
        """Take over the energy of the running day; it never falls."""
        if day == self.day and wh is not None:
            self.day_wh = max(self.day_wh, wh)

    def roll(self, today: date, past: Mapping[date, float]) -> None:
        """Begin a new day; `past` is what the cloud says of the days up to yesterday."""
        self.before_wh += max(self.day_wh, past.get(self.day, 0.0))
        self.before_wh += sum(wh for day, wh in past.items() if self.day < day < today)
        self.day, self.day_wh = today, 0.0

    def as_state(self) -> list[Any]:
        """Return what a restart must remember."""
        return [self.day.isoformat(), self.before_wh, self.day_wh]

    @classmethod
    def from_state(cls, state: Sequence[Any]) -> Self:
        """Return the total that `as_state` remembered."""
        return cls(date.fromisoformat(state[0]), float(state[1]), float(state[2]))
