"""A whole month of the capacity tariff and the change to the next, in sensors and totals.

The slots are given to the accounts as the ledger gives them; only their quarters matter.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

import pytest

from custom_components.energy_hub.house.series import MONEY, Hours, HouseSeries
from custom_components.energy_hub.ledger.account import Account, Costs
from custom_components.energy_hub.ledger.energy import Amount, Changes, Row
from custom_components.energy_hub.ledger.money import cents
from custom_components.energy_hub.ledger.quarter import Peaks, quarters
from custom_components.energy_hub.ledger.source import Grade, Total
from custom_components.energy_hub.ledger.tariff import Tariffs
from custom_components.energy_hub.rewrite import Rewrite, async_rewrite
from custom_components.energy_hub.statistics import Series
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from tests.helpers import number
from tests.ledger.tools import BRUSSELS, local, tables

from .money import SLOT, Begin, _bill, _told, begin, meters, totals
from .test_costs import FLEMISH

__all__ = ["begin", "meters"]

DAY: Final = timedelta(days=1)
START, HIGH, TURN = map(local, ("2026-11-01 00:00", "2026-11-18 18:00", "2026-12-01 00:00"))
END = TURN + DAY
STEP: Final = timedelta(hours=12)
FLOWS: Final = {"Import": Total.IMPORT, "Export": Total.EXPORT, "Solar": Total.SOLAR}
# A quarter of 5.940 kW from the grid, in which the house uses 6.480 kW.
PEAK: Final = {Total.IMPORT: 5.94 / 4, Total.SOLAR: 0.54 / 4, Total.EXPORT: 0.0}


def earlier(peaks: list[dict[str, str]]) -> Peaks:
    """Return the peaks of the months before."""
    found = Peaks(BRUSSELS)
    for peak in peaks[:-1]:
        at = local(f"{peak['Month']}-15 12:00")
        found.learn(float(peak["Peak (kW)"]) * 1000, at, at)
    return found


def slots(energy: dict[str, str]) -> Iterator[Row]:
    """Yield November as the manual has it, and a day of December that draws 1.2 kW."""
    month = {total: float(energy[name]) for name, total in FLOWS.items()}
    others = (TURN - START) // SLOT - 3
    evenly = {total: (kwh - PEAK[total]) / others for total, kwh in month.items()}
    december = {Total.IMPORT: 0.1, Total.EXPORT: 0.0, Total.SOLAR: 0.0}
    at = START
    while at < END:
        if HIGH <= at < HIGH + 3 * SLOT:
            kwh = {total: one / 3 for total, one in PEAK.items()}
        else:
            kwh = dict(evenly if at < TURN else december)
        kwh[Total.HOUSE] = kwh[Total.SOLAR] + kwh[Total.IMPORT] - kwh[Total.EXPORT]
        yield Row(at, {}, {total: Amount(one, Grade.MEASURED) for total, one in kwh.items()})
        at += SLOT


def settled(account: Account, peaks: Peaks, rows: list[Row], first: int) -> Costs:
    """Settle the slots from the first one on, twice a day; return what is to be written."""
    written, count = Costs(), STEP // SLOT
    for last in range(first + count, len(rows) + 1, count):
        now = rows[last - 1].start + SLOT
        changed = tuple(rows[last - count : last])
        for quarter in quarters(changed):
            peaks.add(quarter)
        kept = rows[max(0, last - 2 * count) : last]
        told = account.settle(kept, Changes(1, changed, now), now, {}, peaks)
        for key in MONEY:
            getattr(written, key).update(getattr(told, key))
        account.confirm()
    return written


async def write(hass: HomeAssistant, hours: Mapping[Series, Hours]) -> None:
    """Write hours as an import does: a month of live ones takes Home Assistant long."""
    await async_rewrite(hass, [Rewrite(one, changes=rise) for one, rise in hours.items()])


def december(mean_kw: float) -> float:
    """Return what a day of December costs beside its energy."""
    return mean_kw * 53.39 / 12 / 31 + 15 / 365


async def test_a_month_and_its_end(
    recorder_mock: Recorder, hass: HomeAssistant, begin: Begin
) -> None:
    (energy,), peaks, results, _ = tables("Capacity tariff with a floor")
    known, rows, series = earlier(peaks), list(slots(energy)), HouseSeries("home", "Home", "EUR")
    account = Account(Tariffs.from_dict({"versions": [FLEMISH]}, BRUSSELS))
    before = (HIGH - START) // DAY * (DAY // SLOT)
    for first, last in ((0, before), (before, len(rows))):
        costs = settled(account, known, rows[:last], first)
        await write(hass, {series.money(key): getattr(costs, key) for key in MONEY})
    await write(hass, series.hours(rows, {}))
    money = account.money(rows, END, {}, known)
    remembered = {
        "account": account.as_state(),
        "peaks": known.as_state(),
        "settled": account.settled(END).isoformat(),
    }
    entry = await begin(END, FLEMISH, remembered=remembered)
    bill = _bill(results)
    november, turned = await totals(hass, entry, START, END, "month")
    assert (november["settled"], turned["settled"]) == (True, False)
    assert _told(november) == {
        "Import cost": bill["Import cost"],
        "Export revenue": bill["Export revenue"],
        "Fixed cost": cents(1.23288 + 19.88963),
        "Net cost": bill["Net cost"],
        "Saving": bill["Saving"],
    }
    # December 2025 does not count any more, and 1.2 kW counts as the floor.
    day = december((53.645 - 6.540 + 2.5) / 12)
    assert turned["fixed_cost"] == pytest.approx(day, abs=1e-6)
    assert turned["cost"] == pytest.approx(day + 28.8 * 0.29, abs=1e-5)
    assert turned["saving"] == pytest.approx(0.045 * 53.39 / 12 / 31, abs=1e-5)
    days = await totals(hass, entry, START, END, "day")
    # The peak of the eighteenth counts from the first day on.
    assert [one["fixed_cost"] for one in days] == pytest.approx(
        [19.88963 / 30 + 15 / 365] * 30 + [day], abs=1e-6
    )
    # The account and its sensors have counted on over both months.
    for key, amount in {
        "import_cost": 89.90 + 28.8 * 0.29,
        "export_revenue": 1.26,
        "fixed_cost": 1.23288 + 19.88963 + day,
    }.items():
        assert cents(number(hass, f"house_home_{key}_total")) == cents(amount)
        assert cents(getattr(money, key)) == cents(amount)
