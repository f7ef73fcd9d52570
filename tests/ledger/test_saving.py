"""What solar and battery saved, and the part of the capacity tariff in it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from custom_components.energy_hub.ledger.bill import Bill, Biller
from custom_components.energy_hub.ledger.capacity import Capacity, MonthUse
from custom_components.energy_hub.ledger.money import NO_TIME, Sum, cents
from custom_components.energy_hub.ledger.peak import month_uses
from custom_components.energy_hub.ledger.price import FlatPrice
from custom_components.energy_hub.ledger.tariff import Fees, Tariff

from .tools import BRUSSELS, HOUR, QUARTER, always, flat, local, slot

DAY = timedelta(days=1)
NOON = local("2026-06-15 12:00")


def test_saving_is_the_other_house_less_this_one() -> None:
    month = local("2026-11-01 00:00"), local("2026-12-01 00:00")
    tariff = Tariff(
        import_price=FlatPrice(0.3),
        export_price=FlatPrice(0.05),
        fees=Fees(month=10),
        capacity=Capacity(rate=60),
    )
    peaks = {date(2026, 11, 1): MonthUse(peak_kw=4.0)}
    house_peaks = {date(2026, 11, 1): MonthUse(peak_kw=6.0)}
    this = Biller(tariffs=always(tariff), uses=peaks, house_uses=house_peaks)
    other = Biller(tariffs=always(tariff), uses=house_peaks, house_uses=house_peaks)
    with_solar = this.bill(*month, [slot(*month, drawn=200.0, fed=90.0, used=350.0)])
    without = other.bill(*month, [slot(*month, drawn=350.0, fed=0.0, used=350.0)])
    assert with_solar.saving.amount == pytest.approx(
        without.net_cost.amount - with_solar.net_cost.amount
    )
    assert without.saving.amount == 0
    assert cents(with_solar.saving.amount) == 59.50


# --- the capacity part of the saving --------------------------------------------------

JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)
FLEMISH = Tariff(import_price=FlatPrice(0.3), capacity=Capacity(rate=60))


def june(uses: dict[date, MonthUse], house_uses: dict[date, MonthUse]) -> Bill:
    start, end = local("2026-06-01 00:00"), local("2026-07-01 00:00")
    biller = Biller(tariffs=always(FLEMISH), uses=uses, house_uses=house_uses)
    return biller.bill(start, end, [])


def test_without_the_peak_of_the_house_its_capacity_saving_is_unknown() -> None:
    bill = june({JUNE: MonthUse(peak_kw=4)}, {})
    assert bill.capacity == Sum(pytest.approx(20))
    assert bill.capacity_saving == Sum(0.0, 30 * DAY)
    assert june({JUNE: MonthUse(peak_kw=4)}, {JUNE: MonthUse(peak_kw=None)}) == bill


def test_months_that_nobody_can_estimate_save_nothing() -> None:
    known = {MAY: MonthUse(peak_kw=5), JUNE: MonthUse(peak_kw=4)}
    bill = june(known, {JUNE: MonthUse(peak_kw=6)})
    assert bill.capacity == Sum(pytest.approx(22.5))
    assert bill.capacity_saving == Sum(pytest.approx(5), NO_TIME, 30 * DAY)
    assert june(known, {MAY: MonthUse(peak_kw=None), JUNE: MonthUse(peak_kw=6)}) == bill


def test_known_peaks_of_every_month_are_no_estimate() -> None:
    known = {MAY: MonthUse(peak_kw=5), JUNE: MonthUse(peak_kw=4)}
    house = {MAY: MonthUse(peak_kw=7), JUNE: MonthUse(peak_kw=6)}
    assert june(known, house).capacity_saving == Sum(pytest.approx(10))
    guessed = house | {MAY: MonthUse(peak_kw=7, estimated=True)}
    assert june(known, guessed).capacity_saving.estimated == 30 * DAY


def test_an_unknown_month_peak_is_an_unknown_cost() -> None:
    bill = june({}, {JUNE: MonthUse(peak_kw=6)})
    assert bill.capacity == bill.capacity_saving == Sum(0.0, 30 * DAY)
    assert bill.fixed_cost.unknown == bill.net_cost.unknown == 30 * DAY


def test_a_home_without_a_capacity_tariff_saves_nothing_of_it() -> None:
    bill = Biller(tariffs=always(flat(0.3))).bill(NOON, NOON + HOUR, [])
    assert bill.capacity == bill.capacity_saving == Sum()


def test_a_rate_that_changes_within_a_month_counts_by_the_days() -> None:
    start, end = local("2026-06-01 00:00"), local("2026-07-01 00:00")
    later = replace(FLEMISH, capacity=Capacity(rate=120))
    tariffs = always(FLEMISH).changed(local("2026-06-11 00:00"), later)
    bill = Biller(tariffs=tariffs, uses={JUNE: MonthUse(peak_kw=4)}).bill(start, end, [])
    assert bill.capacity.amount == pytest.approx(20 * 10 / 30 + 40 * 20 / 30)


def test_the_peaks_of_the_house_come_from_its_quarters() -> None:
    start, end = local("2026-06-01 00:00"), local("2026-07-01 00:00")
    used = [1.5 if n == 700 else 0.1 for n in range(30 * 96)]
    energy = [
        slot(start + n * QUARTER, start + (n + 1) * QUARTER, used=kwh) for n, kwh in enumerate(used)
    ]
    house = month_uses(energy, end, BRUSSELS, lambda part: part.house_kwh)
    bill = june({JUNE: MonthUse(peak_kw=4)}, house)
    assert bill.capacity_saving == Sum(pytest.approx(10))
