"""Amounts of money, and how much of the time they do not speak of. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import fsum
from typing import Final

NO_TIME: Final = timedelta()


def cents(amount: float) -> float:
    """Return an amount rounded to two decimals, half away from zero, as bills do."""
    # Nine decimals first: 1.005 is 1.00499... as a float, and no bill means that.
    exact = Decimal(f"{amount:.9f}")
    # Adding 0.0 makes -0.0 an ordinary zero.
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP)) + 0.0


def price_of(kwh: float | None, price: float | None) -> float | None:
    """Return what energy costs; None if it or its price is not known.

    No energy costs nothing at any price.
    """
    if kwh == 0:
        return 0.0
    return None if kwh is None or price is None else kwh * price


@dataclass(frozen=True, slots=True)
class Item:
    """One amount, None if it is not known, and the time that it speaks of."""

    amount: float | None
    length: timedelta
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money in the currency of the house, unrounded."""

    amount: float = 0.0
    unknown: timedelta = NO_TIME
    """For this long energy or price is not known; nothing of it is in the amount."""
    estimated: timedelta = NO_TIME
    """For this long the amount rests on interpolated energy or on peaks partly unseen."""

    @classmethod
    def of(cls, items: Iterable[Item], missing: timedelta = NO_TIME) -> Sum:
        """Return the sum of items; for the time `missing` there is no item at all."""
        amounts: list[float] = []
        unknown, estimated = missing, NO_TIME
        for item in items:
            if item.amount is None:
                unknown += item.length
                continue
            amounts.append(item.amount)
            if item.estimated:
                estimated += item.length
        return cls(fsum(amounts), unknown, estimated)

    def __add__(self, other: Sum) -> Sum:
        """Return the sum of two spans of time."""
        return Sum(
            self.amount + other.amount,
            self.unknown + other.unknown,
            self.estimated + other.estimated,
        )

    def beside(self, other: Sum, sign: int = 1) -> Sum:
        """Return the sum (or with -1 the difference) of two amounts for the same time."""
        return Sum(
            self.amount + sign * other.amount,
            max(self.unknown, other.unknown),
            max(self.estimated, other.estimated),
        )


NOTHING: Final = Sum()
"""No amount, for no time."""
