"""The clock quarters of the import, and the month peaks that they make. Pure.

A quarter is measured as the Belgian meter does it: the energy imported since it began,
spread over the whole quarter, so the value climbs from zero. Only import counts. Where
the meter says its own value, that is the truth.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Self, TypedDict

from ..reading import Demand
from .days import QUARTER, month_of, quarter_of
from .energy import Amount, Row
from .source import Grade, Total, worst
from .tally import Tally
from .timegrid import QUARTER_SLOTS

_W_PER_KWH: Final = 4000
_KEPT_MONTHS: Final = 14
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter that is over, with the energy of all its slots."""

    start: datetime
    kwh: float
    grade: Grade

    @property
    def end(self) -> datetime:
        """When it was over (UTC)."""
        return self.start + QUARTER

    @property
    def power_w(self) -> float:
        """Its mean power."""
        return self.kwh * _W_PER_KWH


def quarters(rows: Iterable[Row], total: Total = Total.IMPORT) -> list[Quarter]:
    """Return the quarters that these slots hold whole, in the order of time.

    A quarter with an unknown slot is left out; it comes with the slot when that is healed.
    """
    found: dict[datetime, list[Amount]] = {}
    for row in rows:
        if (amount := row.sums.get(total)) and amount.kwh is not None:
            found.setdefault(quarter_of(row.start), []).append(amount)
    return [
        Quarter(start, sum(one.kwh or 0.0 for one in slots), worst(one.grade for one in slots))
        for start, slots in sorted(found.items())
        if len(slots) == QUARTER_SLOTS
    ]


@dataclass(frozen=True, slots=True)
class Running:
    """Where the running quarter stands; None where it is not known."""

    start: datetime
    so_far_w: float | None
    """Its power if nothing more were imported."""
    projected_w: float | None
    """Its power if the import goes on as it is now."""
    grade: Grade


def running(
    now: datetime, imported: Tally, grid_w: float | None, meter: Demand | None = None
) -> Running:
    """Return the quarter that runs at `now`.

    `imported` is the import since `quarter_of(now)`, `grid_w` the power of the grid (W,
    export negative, which takes nothing back), `meter` what the meter itself says.
    """
    start = quarter_of(now)
    if meter and meter.quarter_w is not None and quarter_of(meter.at) == start:
        so_far_w, at, grade = meter.quarter_w, meter.at, Grade.MEASURED
    elif imported.kwh is None or imported.at is None:
        return Running(start, None, None, Grade.MISSING)
    else:
        so_far_w, at, grade = imported.kwh * _W_PER_KWH, imported.at, imported.grade
    if grid_w is None:
        return Running(start, so_far_w, None, grade)
    rest = (start + QUARTER - at) / QUARTER
    return Running(start, so_far_w, so_far_w + max(grid_w, 0.0) * rest, grade)


class PeakState(TypedDict):
    """A month peak as it is remembered over a restart (JSON)."""

    power_w: float
    end: str
    grade: str
    meter_at: str | None


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest quarter of a month."""

    power_w: float
    end: datetime
    """When its quarter was over (UTC)."""
    grade: Grade
    """Estimated when the quarter was interpolated: it may have been higher."""
    meter_at: datetime | None = None
    """Until when the meter's own value counts; None if the meter never said one."""

    @property
    def start(self) -> datetime:
        """When its quarter began (UTC)."""
        return self.end - QUARTER


class Peaks:
    """The month peaks of a house: the running month and the 13 that a meter remembers."""

    def __init__(self, zone: tzinfo) -> None:
        """Start with none; `zone` decides which quarter is in which month."""
        self._zone: Final = zone
        self._months: dict[date, Peak] = {}

    @property
    def months(self) -> Mapping[date, Peak]:
        """The peaks by the first day of their month."""
        return dict(self._months)

    def at(self, now: datetime) -> Peak | None:
        """Return the peak so far of the month that `now` lies in."""
        return self._months.get(month_of(now, self._zone))

    def add(self, quarter: Quarter) -> None:
        """Count a quarter; the same one may come again. The meter's own value outranks it."""
        month = month_of(quarter.start, self._zone)
        known = self._months.get(month)
        meter_at = known.meter_at if known else None
        if (meter_at is None or quarter.end > meter_at) and (
            known is None or quarter.power_w > known.power_w
        ):
            self._keep(month, Peak(quarter.power_w, quarter.end, quarter.grade, meter_at))

    def learn(self, power_w: float, end: datetime, now: datetime) -> None:
        """Take over what the meter says at `now`: its month peak, and its quarter's end.

        The stamp decides the month: in the first minutes of a month the meter may still
        show the old one, and a quarter that ends at midnight belongs to the day before.
        """
        month = month_of(end - _SECOND, self._zone)
        self._keep(month, Peak(power_w, end, Grade.MEASURED, now))

    def as_state(self) -> dict[str, PeakState]:
        """Return all of it for JSON."""
        return {
            month.isoformat(): {
                "power_w": peak.power_w,
                "end": peak.end.isoformat(),
                "grade": peak.grade.value,
                "meter_at": peak.meter_at.isoformat() if peak.meter_at else None,
            }
            for month, peak in self._months.items()
        }

    @classmethod
    def from_state(cls, state: Mapping[str, PeakState], zone: tzinfo) -> Self:
        """Return the peaks that `as_state` wrote."""
        peaks = cls(zone)
        for month, peak in state.items():
            said = peak["meter_at"]
            peaks._months[date.fromisoformat(month)] = Peak(
                peak["power_w"],
                datetime.fromisoformat(peak["end"]),
                Grade(peak["grade"]),
                datetime.fromisoformat(said) if said else None,
            )
        return peaks

    def _keep(self, month: date, peak: Peak) -> None:
        self._months[month] = peak
        for old in sorted(self._months)[:-_KEPT_MONTHS]:
            del self._months[old]
