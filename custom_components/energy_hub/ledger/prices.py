"""The prices that entities showed, remembered until the last energy of their quarter came. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from .days import QUARTER, quarter_of
from .price import Market

type PricesState = dict[str, dict[str, float]]
"""Price by source and by the second since 1970 at which its quarter began (JSON)."""

# Longer than the ledger of energy waits for a counter.
_KEPT: Final = timedelta(days=8)
# A source that shows the price of the next quarter this early does not mean this one.
_EARLY: Final = timedelta(seconds=30)


class Prices:
    """What each source said, by quarter."""

    def __init__(self, state: Mapping[str, Mapping[str, float]] | None = None) -> None:
        """Go on from what `as_state` returned, or start empty."""
        self._series: dict[str, dict[datetime, float]] = {
            source: {datetime.fromtimestamp(int(at), UTC): price for at, price in series.items()}
            for source, series in (state or {}).items()
        }

    @property
    def market(self) -> Market:
        """The prices that are known."""
        return self._series

    def learn(self, source: str, price: float, since: datetime, now: datetime) -> None:
        """Note that a source shows `price` at `now`, and has shown nothing else since `since`.

        The quarters in between have it too; the last price of a quarter is that of the quarter.
        """
        quarter = quarter_of(now)
        if since > now:
            # The clock was put back.
            since = now - _EARLY
        series = self._series.setdefault(source, {})
        at = max(quarter_of(since + _EARLY), quarter - _KEPT, max(series, default=quarter - _KEPT))
        while at <= quarter:
            series[at] = price
            at += QUARTER

    def forget(self, now: datetime) -> None:
        """Drop what no energy needs any more."""
        for series in self._series.values():
            for at in [at for at in series if at < now - _KEPT]:
                del series[at]

    def as_state(self) -> PricesState:
        """Return all of it for JSON."""
        return {
            source: {str(int(at.timestamp())): price for at, price in series.items()}
            for source, series in self._series.items()
        }

    @classmethod
    def joined(cls, first: Market, second: Market) -> Self:
        """Return the prices of both; where they differ, those of the second."""
        prices = cls()
        for market in (first, second):
            for source, series in market.items():
                prices._series.setdefault(source, {}).update(series)
        return prices
