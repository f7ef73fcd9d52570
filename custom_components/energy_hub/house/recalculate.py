"""Prices a past span again, when a tariff was corrected: from the statistics of its energy.

Hours of which the ledger still has the slots are priced by the quarter; of others the
energy of the hour is taken as evenly spread. An hour that has no energy or no price now
stays as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonValueType

from ..ledger.account import HOUR, Costs, fixed_hours, hour_of
from ..ledger.bill import Biller
from ..ledger.days import month_of
from ..ledger.money import NO_TIME
from ..ledger.price import Market, hold
from ..ledger.slot import Slot, between
from ..ledger.source import Total
from ..statistics import async_read_changes, async_read_means, async_write_changes
from .series import MONEY, Hours, HouseSeries

_ENERGY: Final = (Total.IMPORT, Total.EXPORT, Total.HOUSE)


@dataclass(frozen=True, slots=True)
class Past:
    """What happened in a span, by the hour."""

    slots: Sequence[Slot]
    before: Mapping[str, Hours]
    """What each kind of money was, by its series' key."""


async def async_past(
    hass: HomeAssistant, series: HouseSeries, start: datetime, end: datetime, kept: Sequence[Slot]
) -> Past:
    """Return energy and money of the full hours from `start` to `end`."""
    energy = {total: series.total(total).id for total in _ENERGY}
    money = {key: series.money(key).id for key in MONEY}
    wanted = [*energy.values(), *money.values()]
    found = await async_read_changes(hass, wanted, start, end, "hour")
    kwh = {total: found.get(name, {}) for total, name in energy.items()}
    slots: list[Slot] = []
    for hour in sorted({hour for hours in kwh.values() for hour in hours}):
        inside = between(kept, hour, hour + HOUR)
        if inside and inside[0].start == hour and inside[-1].end == min(hour + HOUR, kept[-1].end):
            slots += inside
        else:
            slots.append(
                Slot(
                    start=hour,
                    end=hour + HOUR,
                    import_kwh=kwh[Total.IMPORT].get(hour),
                    export_kwh=kwh[Total.EXPORT].get(hour),
                    house_kwh=kwh[Total.HOUSE].get(hour),
                )
            )
    return Past(slots, {key: dict(found.get(name, {})) for key, name in money.items()})


async def async_old_prices(
    hass: HomeAssistant, entities: Iterable[str], start: datetime, end: datetime
) -> Market:
    """Return the hourly mean prices that the statistics of price entities hold."""
    found: dict[str, dict[datetime, float]] = {}
    means = await async_read_means(hass, entities, start, end, "hour")
    for entity_id, hours in means.items():
        for hour, (mean, _, _) in hours.items():
            hold(found.setdefault(entity_id, {}), hour, hour + HOUR, mean)
    return found


@dataclass(slots=True)
class Again:
    """What hours are priced at now."""

    costs: Costs = field(default_factory=Costs)
    savings: Hours = field(default_factory=dict)
    """What they saved in energy."""
    estimated: Hours = field(default_factory=dict)
    """For how many hours energy was spread over quarters of different prices."""
    unpriced: Hours = field(default_factory=dict)
    """For how many hours energy or price is not known; such an hour stays as it was."""


def priced_again(biller: Biller, past: Past) -> Again:
    """Return the new amounts of the hours that can be priced. Pure."""
    again = Again()
    costs = again.costs
    if not past.slots:
        return again
    fixed, more = fixed_hours(biller, past.slots[0].start, past.slots[-1].end)
    for hour in sorted({hour_of(slot.start) for slot in past.slots}):
        bill = biller.bill(hour, hour + HOUR, past.slots)
        inside = between(past.slots, hour, hour + HOUR)
        waiting = HOUR - sum((slot.length for slot in inside), NO_TIME)
        if bill.import_cost.unknown <= waiting:
            costs.import_cost[hour] = bill.import_cost.amount
            again.estimated[hour] = bill.import_cost.estimated / HOUR
        else:
            again.unpriced[hour] = (bill.import_cost.unknown - waiting) / HOUR
        if bill.export_revenue.unknown <= waiting:
            costs.export_revenue[hour] = bill.export_revenue.amount
        if bill.energy_saving.unknown <= waiting and hour in more:
            again.savings[hour] = bill.energy_saving.amount
            costs.saving[hour] = bill.energy_saving.amount + more[hour]
    hours = past.before["fixed_cost"].keys() | {hour_of(slot.start) for slot in past.slots}
    costs.fixed_cost = {hour: cost for hour, cost in fixed.items() if hour in hours}
    return again


async def async_write(hass: HomeAssistant, series: HouseSeries, costs: Costs) -> None:
    """Write the new amounts."""
    for key in MONEY:
        await async_write_changes(hass, series.money(key), getattr(costs, key))


def by_month(past: Past, again: Again, zone: tzinfo) -> list[JsonValueType]:
    """Return the money of each local month before and after. Pure."""
    after = {key: {**past.before[key], **getattr(again.costs, key)} for key in MONEY}
    months = {month_of(hour, zone) for hours in after.values() for hour in hours}

    def total(hours: Hours, month: date) -> float:
        return round(sum(one for at, one in hours.items() if month_of(at, zone) == month), 6)

    return [
        {
            "month": month.strftime("%Y-%m"),
            "before": {key: total(hours, month) for key, hours in past.before.items()},
            "after": {key: total(hours, month) for key, hours in after.items()},
            "estimated_hours": total(again.estimated, month),
            "unpriced_hours": total(again.unpriced, month),
        }
        for month in sorted(months)
    ]
