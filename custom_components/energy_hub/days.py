"""What a counter counted today, this month and in seven days, by the local calendar. Pure.

The value at midnight is seldom seen: it is taken in proportion to the time between the
readings around it. Days are days of the calendar, whether they have 23, 24 or 25 hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Self, TypedDict

_DAY: Final = timedelta(days=1)
_SEVEN: Final = 7


class DaysState(TypedDict):
    """What a restart must remember (JSON): the value at the beginning of each day."""

    marks: dict[str, float]
    value: float
    at: str


@dataclass(slots=True)
class Days:
    """The beginnings of the days of one counter; all times are aware, in the local zone."""

    _marks: dict[date, float] = field(default_factory=dict)
    _value: float | None = None
    _at: datetime | None = None

    def update(self, value: float | None, now: datetime) -> None:
        """Take in what the counter shows now; an unknown value (None) changes nothing."""
        if value is None:
            return
        if self._value is not None and self._at is not None:
            if value < self._value:
                # It was set back: what it had counted today it had counted.
                self._marks = {day: mark + value - self._value for day, mark in self._marks.items()}
                self._value = value
            self._marks |= _midnights(self._at, self._value, now, value)
        self._value, self._at = value, now
        self._forget(now.date())

    def begin_today(self, counted: float, now: datetime) -> None:
        """Say what was counted today before the first reading; known beginnings stay."""
        if self._value is not None:
            self._marks.setdefault(now.date(), self._value - counted)

    def today(self, now: datetime) -> float | None:
        """Return what was counted since midnight; None when the value then is not known."""
        return self._since(now.date())

    def month(self, now: datetime) -> float | None:
        """Return what was counted since the month began."""
        return self._since(now.date().replace(day=1))

    def seven_days(self, now: datetime) -> float | None:
        """Return what was counted today and in the six days before."""
        return self._since(now.date() - (_SEVEN - 1) * _DAY)

    def as_state(self) -> DaysState | None:
        """Return what a restart must remember; None before the first value."""
        if self._value is None or self._at is None:
            return None
        marks = {day.isoformat(): mark for day, mark in self._marks.items()}
        return {"marks": marks, "value": self._value, "at": self._at.isoformat()}

    @classmethod
    def from_state(cls, state: DaysState) -> Self:
        """Return the days as they stood when `as_state` was called."""
        marks = {date.fromisoformat(day): mark for day, mark in state["marks"].items()}
        return cls(marks, state["value"], datetime.fromisoformat(state["at"]))

    def _since(self, day: date) -> float | None:
        mark = self._marks.get(day)
        return None if mark is None or self._value is None else self._value - mark

    def _forget(self, today: date) -> None:
        oldest = today - _SEVEN * _DAY
        first = today.replace(day=1)
        self._marks = {
            day: mark
            for day, mark in self._marks.items()
            if day <= today and (day >= oldest or day == first)
        }


def _midnights(
    before: datetime, first: float, now: datetime, last: float
) -> Iterator[tuple[date, float]]:
    """Yield the days that began after `before` until `now`, with the value at their midnight."""
    start_s, span_s = before.timestamp(), now.timestamp() - before.timestamp()
    day = before.astimezone(now.tzinfo).date() + _DAY
    while day <= now.date():
        passed_s = datetime.combine(day, time(), now.tzinfo).timestamp() - start_s
        yield day, first + (last - first) * min(1.0, max(0.0, passed_s / span_s))
        day += _DAY
