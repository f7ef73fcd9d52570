"""The Flemish capacity tariff: the price of the highest quarters. Pure.

Rules: docs/house-costs.md. The month peak is the highest clock quarter of import; the
mean of the running month and the eleven before it is billed, at a rate per kW and year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Self

from .check import Entered, Problem
from .days import months_later

_MONTHS: Final = 12


class FloorOf(StrEnum):
    """What the floor is applied to."""

    MONTH = "month"
    """Each month counts at least the floor; so does the grid operator."""
    MEAN = "mean"
    """Only their mean is at least the floor; so do some calculators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthUse:
    """What a month drew from the grid, as far as it is known."""

    peak_kw: float | None
    """The mean power of its highest quarter; 0 if nothing was drawn."""
    import_kwh: float | None = None
    """What was drawn in the part of the month that `covered` says."""
    covered: float = 1.0
    """The part of the month that this was seen of, 0..1."""
    estimated: bool = False
    """Quarters are missing or interpolated: the peak may have been higher."""


type Uses = Mapping[date, MonthUse]
"""What is known of months, by their first day."""


def billed_months(month: date) -> list[date]:
    """Return the months whose peaks count in `month`: itself and the eleven before it."""
    return [months_later(month, -back) for back in range(_MONTHS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """A capacity tariff."""

    rate: float
    """Per kW and year, in the currency of the house."""
    floor_kw: float = 2.5
    floor_of: FloorOf = FloorOf.MONTH
    max_per_kwh: float | None = None
    """The maximum tariff: a month costs at most this for each kWh drawn in it."""

    def billed_kw(self, month: date, uses: Uses) -> float | None:
        """Return the power (kW) that is billed in `month`; None if its peak is not known.

        Months before it that are not known (a young meter) are left out of the mean.
        """
        if (own := uses.get(month)) is None or own.peak_kw is None:
            return None
        span = [uses.get(each) for each in billed_months(month)]
        peaks = [use.peak_kw for use in span if use is not None and use.peak_kw is not None]
        if self.floor_of is FloorOf.MONTH:
            peaks = [max(peak, self.floor_kw) for peak in peaks]
        return max(sum(peaks) / len(peaks), self.floor_kw)

    def month_cost(self, month: date, uses: Uses) -> float | None:
        """Return what the whole of `month` costs, None if it is not known.

        With a maximum tariff and a month that still runs, the kWh drawn until now stand
        for the rest of it.
        """
        if (billed_kw := self.billed_kw(month, uses)) is None:
            return None
        cost = billed_kw * self.rate / _MONTHS
        if self.max_per_kwh is None:
            return cost
        use = uses[month]
        if use.import_kwh is None or use.covered <= 0:
            return None
        return min(cost, self.max_per_kwh * use.import_kwh / use.covered)

    def as_dict(self) -> dict[str, object]:
        """Return what `read` makes this tariff of again."""
        return {
            "rate": self.rate,
            "floor_kw": self.floor_kw,
            "floor_of": self.floor_of.value,
            "max_per_kwh": self.max_per_kwh,
        }

    @classmethod
    def read(cls, entered: Entered) -> Self:
        """Return the tariff that was entered; raise TariffError if it cannot be used."""
        floor_of = entered.data.get("floor_of") or FloorOf.MONTH
        if floor_of not in list(FloorOf):
            raise entered.fail("floor_of", Problem.UNKNOWN_KIND)
        return cls(
            rate=entered.number("rate", least=0),
            floor_kw=entered.number_or("floor_kw", 2.5, least=0),
            floor_of=FloorOf(str(floor_of)),
            max_per_kwh=entered.number_or("max_per_kwh", None, least=0),
        )
