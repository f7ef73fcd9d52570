"""How good forecasts were: against the truth, and against simply repeating the day before.

A forecast is judged by how long before its hour it was made. Persistence is the energy of
the same hour on the last day that was known when the forecast was made. Figures are those
of the last thirty local days, in Wh per hour of light. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, Self

from .outlook import Power

KEPT_DAYS: Final = 30
LEADS: Final = (1, 6, 24, 48)
"""Hours between a forecast and the hour it is about."""
_DAY: Final = timedelta(days=1)
_NIL: Final = (0, 0.0, 0.0, 0.0, 0.0, 0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The skill of one lead time; Wh, None where nothing is known."""

    hours: int
    raw_mae: float | None
    raw_bias: float | None
    """Mean of forecast less truth: positive when too much was expected."""
    mae: float | None
    bias: float | None
    persistence_mae: float | None
    """Of the hours for which there was a day to repeat."""
    better: float | None
    """By which share the corrected forecast errs less than persistence; in these hours."""


class _Day(NamedTuple):
    """Sums of a day: of all hours, and of those for which there was a day to repeat."""

    hours: int
    raw_off: float
    raw_error: float
    off: float
    error: float
    repeated: int
    repeated_off: float
    off_there: float


class Skill:
    """Keeps forecasts until their hour has come, and what became of them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._waiting: dict[datetime, dict[int, Power]] = {}
        self._truth: dict[datetime, float] = {}
        self._days: dict[int, dict[date, _Day]] = {lead: {} for lead in LEADS}

    def note(self, made: datetime, hours: Mapping[datetime, Power]) -> None:
        """Keep the forecast of each hour for the lead times that it has not had yet.

        Made a little early it still counts: an hour has the newest forecast that was made
        at least the lead time before it.
        """
        for start, energy in hours.items():
            ahead = (start - made) / timedelta(hours=1)
            for lead in LEADS:
                if ahead >= lead:
                    self._waiting.setdefault(start, {})[lead] = energy

    def judge(self, start: datetime, truth_wh: float, day: date) -> None:
        """Compare the forecasts of an hour (of this local day) with what came; once."""
        forecasts = self._waiting.pop(start, {})
        for lead, energy in forecasts.items():
            if max(truth_wh, energy.raw_w, energy.corrected_w) <= 0:
                continue
            days = self._days[lead]
            days[day] = _counted(
                days.get(day, _Day(*_NIL)), energy, truth_wh, self._past(start, lead)
            )
        self._truth[start] = truth_wh
        self._forget(start, day)

    def figures(self, lead: int) -> Figures:
        """Return how good the forecasts of a lead time were."""
        days = self._days[lead].values()
        total = _Day(*(sum(column) for column in zip(*days, strict=True))) if days else _Day(*_NIL)
        hours, there = total.hours, total.repeated
        return Figures(
            hours=hours,
            raw_mae=total.raw_off / hours if hours else None,
            raw_bias=total.raw_error / hours if hours else None,
            mae=total.off / hours if hours else None,
            bias=total.error / hours if hours else None,
            persistence_mae=total.repeated_off / there if there else None,
            better=1 - total.off_there / total.repeated_off if total.repeated_off else None,
        )

    def as_state(self) -> dict[str, Any]:
        """Return all of it for JSON."""
        return {
            "waiting": {
                start.isoformat(): {str(lead): [*energy] for lead, energy in leads.items()}
                for start, leads in self._waiting.items()
            },
            "truth": {start.isoformat(): wh for start, wh in self._truth.items()},
            "days": {
                str(lead): {day.isoformat(): [*sums] for day, sums in days.items()}
                for lead, days in self._days.items()
            },
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return what `as_state` wrote; nothing judged from an empty one."""
        skill = cls()
        for start, leads in state.get("waiting", {}).items():
            skill._waiting[datetime.fromisoformat(start)] = {
                int(lead): Power(*energy) for lead, energy in leads.items()
            }
        for start, wh in state.get("truth", {}).items():
            skill._truth[datetime.fromisoformat(start)] = wh
        for lead, days in state.get("days", {}).items():
            if int(lead) in skill._days:
                skill._days[int(lead)] = {
                    date.fromisoformat(day): _Day(*sums) for day, sums in days.items()
                }
        return skill

    def _past(self, start: datetime, lead: int) -> float | None:
        """Return the same hour of the last day that had passed when the forecast was made."""
        back = -(-(lead + 1) // 24)
        return self._truth.get(start - back * _DAY)

    def _forget(self, start: datetime, day: date) -> None:
        self._truth = {at: wh for at, wh in self._truth.items() if start - at < 4 * _DAY}
        self._waiting = {at: one for at, one in self._waiting.items() if start - at < 7 * _DAY}
        oldest = day - KEPT_DAYS * _DAY
        for lead, days in self._days.items():
            self._days[lead] = {at: one for at, one in days.items() if at > oldest}


def _counted(day: _Day, energy: Power, truth: float, repeated: float | None) -> _Day:
    raw, error = energy.raw_w - truth, energy.corrected_w - truth
    there = repeated is not None
    return _Day(
        day.hours + 1,
        day.raw_off + abs(raw),
        day.raw_error + raw,
        day.off + abs(error),
        day.error + error,
        day.repeated + there,
        day.repeated_off + (abs(repeated - truth) if repeated is not None else 0.0),
        day.off_there + abs(error) * there,
    )
