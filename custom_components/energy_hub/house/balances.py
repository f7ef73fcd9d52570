"""What a house did in spans of the past, for those who tell others of it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from homeassistant.core import HomeAssistant

from ..ledger.energy import Energy, Row
from ..ledger.source import Total
from ..ledger.timegrid import SLOT
from ..reading import Balance
from ..statistics import HOUR, async_read_changes
from .costs import HouseCosts
from .forecast import HouseForecast
from .series import HouseSeries

# So many are put together before others have their turn on the event loop.
_AT_ONCE: Final = 4

type Span = tuple[datetime, datetime]


class HouseBalances:
    """Answers from the ledger where it still has the slots, else from the hourly statistics."""

    def __init__(
        self,
        hass: HomeAssistant,
        energy: Energy,
        costs: HouseCosts,
        forecast: HouseForecast,
        series: HouseSeries,
    ) -> None:
        """Answer for the house that these belong to."""
        self.settled: datetime | None = None
        """What ended before it cannot change any more; None until the ledger was brought up to date."""
        self._hass: Final = hass
        self._energy: Final = energy
        self._costs: Final = costs
        self._forecast: Final = forecast
        self._series: Final = series

    async def async_read(self, spans: Sequence[Span]) -> Sequence[Balance]:
        """Return those of these spans, which are in the order of time, that are known whole."""
        rows = {row.start: row for row in self._energy.rows()}
        found, others = dict[Span, Balance](), list[Span]()
        for number, span in enumerate(spans, 1):
            slots = [span[0] + place * SLOT for place in range((span[1] - span[0]) // SLOT)]
            inside = [rows[at] for at in slots if at in rows]
            if not inside:
                others.append(span)
            # Of what the ledger has a part of, nobody knows more.
            elif len(inside) == len(slots) and (balance := self._counted(span, inside)):
                found[span] = balance
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        found |= await self._async_kept(others)
        return [found[span] for span in spans if span in found]

    def _counted(self, span: Span, rows: Sequence[Row]) -> Balance | None:
        """Return a span of the ledger; None where no flow is known all the time."""
        kwh = {total: _sum(rows, total) for total in Total}
        cost, revenue = self._costs.amounts(*span, rows)
        hour = self._forecast.fixed.get(span[0]) if span[1] - span[0] == HOUR else None
        return self._balance(span, kwh, cost, revenue, None if hour is None else hour.corrected_w)

    async def _async_kept(self, spans: Sequence[Span]) -> dict[Span, Balance]:
        """Return those of the spans that are hours of which the statistics know something."""
        hours = [span for span in spans if span[1] - span[0] == HOUR and not span[0].minute]
        if not hours or "recorder" not in self._hass.config.components:
            return {}
        totals = {total: self._series.total(total).id for total in Total}
        cost, revenue = (self._series.money(key).id for key in ("import_cost", "export_revenue"))
        expected = self._forecast.series.corrected.id
        ids = [*totals.values(), cost, revenue, expected]
        known = await async_read_changes(self._hass, ids, hours[0][0], hours[-1][1], "hour")
        found: dict[Span, Balance] = {}
        for span in hours:
            change = {name: rows.get(span[0]) for name, rows in known.items()}
            kwh = {total: change.get(name) for total, name in totals.items()}
            wh = None if (one := change.get(expected)) is None else one * 1000
            balance = self._balance(span, kwh, change.get(cost), change.get(revenue), wh)
            if balance is not None:
                found[span] = balance
        return found

    def _balance(
        self,
        span: Span,
        kwh: Mapping[Total, float | None],
        cost: float | None,
        revenue: float | None,
        expected_wh: float | None,
    ) -> Balance | None:
        if all(one is None for one in kwh.values()):
            return None
        return Balance(
            start=span[0],
            end=span[1],
            solar_kwh=kwh[Total.SOLAR],
            import_kwh=kwh[Total.IMPORT],
            export_kwh=kwh[Total.EXPORT],
            charged_kwh=kwh[Total.BATTERY_IN],
            discharged_kwh=kwh[Total.BATTERY_OUT],
            house_kwh=kwh[Total.HOUSE],
            import_cost=cost,
            export_revenue=revenue,
            currency=self._hass.config.currency,
            forecast_kwh=None if expected_wh is None else expected_wh / 1000,
        )


def _sum(rows: Sequence[Row], total: Total) -> float | None:
    """Return what a flow brought in these rows; None if a part of it is not known."""
    found = [row.sums[total].kwh if total in row.sums else None for row in rows]
    known = [kwh for kwh in found if kwh is not None]
    return sum(known) if len(known) == len(rows) else None
