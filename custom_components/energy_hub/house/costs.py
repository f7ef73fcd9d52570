"""What a house costs: its contracts, the prices that entities show, its account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.json import JsonObjectType

from ..control import refusal
from ..ledger.account import Account, Costs, Money
from ..ledger.bill import Biller
from ..ledger.energy import Changes, Row
from ..ledger.price import SeriesPrice
from ..ledger.prices import Prices
from ..ledger.quarter import Peaks
from ..ledger.slots import slots_of
from ..ledger.tariff import Tariffs
from .recalculate import async_old_prices, async_past, async_write, by_month, priced_again
from .series import HouseSeries


class HouseCosts:
    """The money of one house; nothing of it is known without a contract."""

    def __init__(
        self,
        hass: HomeAssistant,
        tariffs: Tariffs | None,
        series: HouseSeries,
        remembered: Mapping[str, Any],
    ) -> None:
        """Go on from what was remembered."""
        self._hass = hass
        self._tariffs = tariffs
        self._series = series
        self._prices = Prices(remembered.get("prices"))
        self._kept = remembered.get("account")
        self._account = Account(tariffs, self._kept) if tariffs else None
        self._money: Money | None = None

    @property
    def money(self) -> Money | None:
        """Where the account stood when it was settled last."""
        return self._money

    @property
    def sources(self) -> frozenset[str]:
        """The entities whose prices are needed."""
        versions = self._tariffs.versions if self._tariffs else ()
        tariffs = [version.tariff for version in versions]
        prices = [price for one in tariffs for price in (one.import_price, one.export_price)]
        return frozenset(price.source for price in prices if isinstance(price, SeriesPrice))

    def as_state(self) -> dict[str, Any]:
        """Return what a restart must remember (JSON)."""
        account = self._account.as_state() if self._account else None
        return {"prices": self._prices.as_state(), "account": account or self._kept}

    def import_price(self, now: datetime) -> float | None:
        """Return what a kWh from the grid costs now."""
        return self._tariffs.import_price(now, self._prices.market) if self._tariffs else None

    def export_price(self, now: datetime) -> float | None:
        """Return what a kWh to the grid brings now."""
        return self._tariffs.export_price(now, self._prices.market) if self._tariffs else None

    @callback
    def listen(self, now: datetime) -> None:
        """Take in what the price entities show."""
        for entity_id in self.sources:
            state = self._hass.states.get(entity_id)
            if state is None:
                continue
            try:
                price = float(state.state)
            except ValueError:
                continue
            if isfinite(price):
                self._prices.learn(entity_id, price, state.last_changed, now)

    def amounts(
        self, start: datetime, end: datetime, rows: Sequence[Row]
    ) -> tuple[float | None, float | None]:
        """Return what the energy of a span cost and brought; None where a part has no price."""
        if self._tariffs is None:
            return None, None
        bill = Biller(tariffs=self._tariffs, market=self._prices.market)
        priced = bill.bill(start, end, slots_of(rows))
        cost, revenue = priced.import_cost, priced.export_revenue
        return None if cost.unknown else cost.amount, None if revenue.unknown else revenue.amount

    def stand(self, rows: Sequence[Row], now: datetime, peaks: Peaks) -> None:
        """Look where the account stands."""
        if self._account:
            self._money = self._account.money(rows, now, self._prices.market, peaks)

    def settled(self, energy: datetime) -> datetime:
        """Return up to when nothing changes any more, where the energy is settled up to then."""
        return self._account.settled(energy) if self._account else energy

    def settle(self, rows: Sequence[Row], changes: Changes, now: datetime, peaks: Peaks) -> Costs:
        """Return the costs of hours that are new or other, to be written."""
        if self._account is None:
            return Costs()
        self._prices.forget(now)
        return self._account.settle(rows, changes, now, self._prices.market, peaks)

    async def async_recalculate(
        self, start: datetime, end: datetime, rows: Sequence[Row], peaks: Peaks
    ) -> JsonObjectType:
        """Price a span of full hours again and return the cost of its months before and after."""
        if self._account is None or self._tariffs is None:
            raise refusal("no_tariff")
        past = await async_past(self._hass, self._series, start, end, slots_of(rows))
        old = await async_old_prices(self._hass, self.sources, start, end)
        market = Prices.joined(old, self._prices.market).market
        again = priced_again(self._account.biller(market, peaks), past)
        self._account.correct(again.savings)
        await async_write(self._hass, self._series, again.costs)
        return {"months": by_month(past, again, self._tariffs.zone)}

    async def async_write(self, costs: Costs) -> None:
        """Write costs to the statistics of the house."""
        await async_write(self._hass, self._series, costs)
        if self._account:
            self._account.confirm()
