"""The price of a kWh: one price, day and night, or a series from elsewhere. Pure.

All prices are in the currency of the house per kWh. A price that is not known is None.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from enum import StrEnum
from math import isfinite
from typing import Final, Self

from .check import Entered, Problem
from .days import QUARTER, quarter_of

type Series = Mapping[datetime, float]
"""Prices as a source gives them, by the start (UTC) of the clock quarter they hold for."""
type Market = Mapping[str, Series]
"""The series that are known at the moment, by the name of their source."""


class Kind(StrEnum):
    """The ways to price a kWh."""

    FLAT = "flat"
    DAY_NIGHT = "day_night"
    SERIES = "series"


def hold(series: dict[datetime, float], start: datetime, end: datetime, price: float) -> None:
    """Write into `series` that `price` holds from the quarter of `start` until `end`."""
    at = quarter_of(start)
    while at < end:
        series[at] = price
        at += QUARTER


@dataclass(frozen=True, slots=True)
class FlatPrice:
    """The same price at all times."""

    price: float

    def at(self, moment: datetime, zone: tzinfo, market: Market) -> float:
        """Return the price of a kWh at `moment`."""
        return self.price

    def as_dict(self) -> dict[str, object]:
        """Return what `price_from` makes this price of again."""
        return {"kind": Kind.FLAT.value, "price": self.price}

    @classmethod
    def read(cls, entered: Entered) -> Self:
        """Return the price that was entered; raise TariffError if it cannot be used."""
        return cls(entered.number("price"))


@dataclass(frozen=True, slots=True)
class Window:
    """A time of the local week, to the quarter.

    It may run past midnight, and belongs to the day on which it begins; from and to the
    same time it lasts 24 hours.
    """

    days: frozenset[int]
    """0 is Monday."""
    start: time
    end: time

    def covers(self, local: datetime) -> bool:
        """Return whether a local time lies in this window."""
        clock, today, yesterday = local.time(), local.weekday(), (local.weekday() - 1) % 7
        if self.start < self.end:
            return today in self.days and self.start <= clock < self.end
        begun = today in self.days and clock >= self.start
        return begun or (yesterday in self.days and clock < self.end)

    def as_dict(self) -> dict[str, object]:
        """Return what `read` makes this window of again."""
        return {
            "days": sorted(self.days),
            "from": self.start.isoformat("minutes"),
            "to": self.end.isoformat("minutes"),
        }

    @classmethod
    def read(cls, entered: Entered) -> Self:
        """Return the window that was entered; raise TariffError if it cannot be used."""
        days = entered.data.get("days")
        if not isinstance(days, list | tuple) or not days:
            raise entered.fail("days", Problem.MISSING)
        if not all(type(day) is int and 0 <= day <= 6 for day in days):
            raise entered.fail("days", Problem.OUT_OF_RANGE)
        return cls(frozenset(days), entered.clock("from"), entered.clock("to"))


BELGIAN_DAY: Final[tuple[Window, ...]] = (Window(frozenset(range(5)), time(7), time(22)),)
"""The usual day tariff of Belgian grids: weekdays from 7 to 22; the user may change it."""


@dataclass(frozen=True, slots=True)
class DayNightPrice:
    """One price in the windows of the week that are day, another one outside them."""

    day: float
    night: float
    windows: tuple[Window, ...] = BELGIAN_DAY

    def at(self, moment: datetime, zone: tzinfo, market: Market) -> float:
        """Return the price of a kWh at `moment`, by the clock of `zone`."""
        local = moment.astimezone(zone)
        return self.day if any(window.covers(local) for window in self.windows) else self.night

    def as_dict(self) -> dict[str, object]:
        """Return what `price_from` makes this price of again."""
        return {
            "kind": Kind.DAY_NIGHT.value,
            "day": self.day,
            "night": self.night,
            "windows": [window.as_dict() for window in self.windows],
        }

    @classmethod
    def read(cls, entered: Entered) -> Self:
        """Return the price that was entered; raise TariffError if it cannot be used."""
        day, night = entered.number("day"), entered.number("night")
        if entered.data.get("windows") is None:
            return cls(day, night)
        return cls(day, night, tuple(map(Window.read, entered.parts("windows"))))


@dataclass(frozen=True, slots=True)
class SeriesPrice:
    """A price per hour or quarter from elsewhere, made an all-in one.

    All-in = (price x factor + surcharge) x (1 + tax / 100). The factor also turns a price
    per MWh into one per kWh. Prices below zero are prices like others.
    """

    source: str
    """Under which name the market has the series."""
    factor: float = 1.0
    surcharge: float = 0.0
    tax_percent: float = 0.0

    def at(self, moment: datetime, zone: tzinfo, market: Market) -> float | None:
        """Return the price of a kWh in the quarter of `moment`; None while it is not known."""
        price = market.get(self.source, {}).get(quarter_of(moment))
        if price is None or not isfinite(price):
            return None
        return (price * self.factor + self.surcharge) * (1 + self.tax_percent / 100)

    def as_dict(self) -> dict[str, object]:
        """Return what `price_from` makes this price of again."""
        return {
            "kind": Kind.SERIES.value,
            "source": self.source,
            "factor": self.factor,
            "surcharge": self.surcharge,
            "tax_percent": self.tax_percent,
        }

    @classmethod
    def read(cls, entered: Entered) -> Self:
        """Return the price that was entered; raise TariffError if it cannot be used."""
        return cls(
            entered.text("source"),
            entered.number_or("factor", 1.0),
            entered.number_or("surcharge", 0.0),
            entered.number_or("tax_percent", 0.0, least=0, most=100),
        )


type Price = FlatPrice | DayNightPrice | SeriesPrice

_KINDS: Final[dict[str, type[Price]]] = {
    Kind.FLAT: FlatPrice,
    Kind.DAY_NIGHT: DayNightPrice,
    Kind.SERIES: SeriesPrice,
}


def price_from(entered: Entered) -> Price:
    """Return the price that was entered; raise TariffError if it cannot be used."""
    kind = _KINDS.get(entered.text("kind"))
    if kind is None:
        raise entered.fail("kind", Problem.UNKNOWN_KIND)
    return kind.read(entered)
