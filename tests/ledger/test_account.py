"""The running account of a house: what is new, what heals, what a restart remembers."""

from datetime import UTC, date, datetime, timedelta
import json

import pytest

from custom_components.energy_hub.ledger.account import Account, Costs
from custom_components.energy_hub.ledger.capacity import Capacity, Uses
from custom_components.energy_hub.ledger.energy import Amount, Changes, Row
from custom_components.energy_hub.ledger.price import FlatPrice
from custom_components.energy_hub.ledger.quarter import Peaks, quarters
from custom_components.energy_hub.ledger.source import Grade, Total
from custom_components.energy_hub.ledger.tariff import Fees, Tariff, Tariffs

from .tools import BRUSSELS, HOUR, always

NOON = datetime(2026, 6, 17, 10, tzinfo=UTC)
SLOT = timedelta(minutes=5)
PLAIN = Tariff(import_price=FlatPrice(0.5), export_price=FlatPrice(0.1), fees=Fees(day=2.4))
PEAKS = Tariff(import_price=FlatPrice(0.5), export_price=None, capacity=Capacity(rate=48.0))


def rows(hours: int, drawn: float | None = 0.1, start: datetime = NOON) -> list[Row]:
    """Return slots in which as much was used as drawn, or nothing is known."""
    amounts = (
        {}
        if drawn is None
        else dict.fromkeys((Total.IMPORT, Total.HOUSE), Amount(drawn, Grade.MEASURED))
        | {Total.EXPORT: Amount(0.0, Grade.MEASURED)}
    )
    return [Row(start + place * SLOT, {}, amounts) for place in range(hours * 12)]


class Book:
    """Settles an account as the house does, once an hour."""

    def __init__(self, tariffs: Tariffs) -> None:
        """Begin a new account."""
        self.tariffs = tariffs
        self.account = Account(tariffs)
        self.peaks = Peaks(BRUSSELS)
        self.rows: list[Row] = []

    def settle(self, *changed: Row, settled: datetime | None = None) -> Costs:
        """Take in rows that are new or other; return what is to be written."""
        known = {row.start: row for row in (*self.rows, *changed)}
        self.rows = [known[start] for start in sorted(known)]
        for quarter in quarters(self.rows):
            self.peaks.add(quarter)
        end = self.rows[-1].start + SLOT
        changes = Changes(1, changed, end if settled is None else settled)
        return self.account.settle(self.rows, changes, end, {}, self.peaks)

    @property
    def paid(self) -> float | None:
        """Return the cost of import since the beginning."""
        end = self.rows[-1].start + SLOT
        money = self.account.money(self.rows, end, {}, self.peaks)
        return None if money is None else money.import_cost

    def restart(self) -> None:
        """Forget all but what is saved."""
        state = json.loads(json.dumps(self.account.as_state()))
        self.account = Account(self.tariffs, state)


def test_what_was_not_written_comes_again() -> None:
    book = Book(always(PLAIN))
    first = book.settle(*rows(1))
    assert first.import_cost == pytest.approx({NOON: 0.6})
    assert first.fixed_cost == pytest.approx({NOON: 0.1})
    again = book.settle(*rows(1, start=NOON + HOUR))
    assert set(again.import_cost) == {NOON, NOON + HOUR}
    book.account.confirm()
    later = book.settle(*rows(1, start=NOON + 2 * HOUR))
    assert set(later.import_cost) == {NOON + 2 * HOUR}
    assert set(later.fixed_cost) == {NOON + 2 * HOUR}


def test_an_hour_is_counted_once_also_over_a_restart() -> None:
    book = Book(always(PLAIN))
    assert book.account.as_state() is None
    assert book.account.money([], NOON, {}, book.peaks) is None
    for hour in range(4):
        book.settle(*rows(1, start=NOON + hour * HOUR))
        book.account.confirm()
        assert book.paid == pytest.approx(0.6 * (hour + 1))
        book.restart()
        assert book.paid == pytest.approx(0.6 * (hour + 1))


def test_energy_that_comes_late_costs_what_it_cost_then() -> None:
    book = Book(always(PLAIN))
    book.settle(*rows(1), settled=NOON)
    book.account.confirm()
    silent = rows(1, drawn=None, start=NOON + HOUR)
    costs = book.settle(*silent, *rows(1, start=NOON + 2 * HOUR), settled=NOON + HOUR)
    book.account.confirm()
    assert NOON + HOUR not in costs.import_cost
    assert book.paid == pytest.approx(1.2)
    healed = book.settle(*rows(1, drawn=0.2, start=NOON + HOUR))
    assert healed.import_cost == pytest.approx({NOON + HOUR: 1.2})
    assert book.paid == pytest.approx(2.4)


def test_a_new_peak_changes_the_days_of_its_month() -> None:
    book = Book(always(PEAKS))
    end = NOON + HOUR
    low = book.settle(*rows(1))
    book.account.confirm()
    # 0.1 kWh in five minutes is 1.2 kW, less than the floor of 2.5 kW.
    assert low.fixed_cost == pytest.approx({NOON: 2.5 * 48 / 12 / 30 / 24})
    assert book.account.settled(end) == datetime(2026, 6, 17, 10, tzinfo=UTC)
    high = book.settle(*rows(1, drawn=0.5, start=end))
    assert high.fixed_cost[NOON] == pytest.approx(6 * 48 / 12 / 30 / 24)
    assert Book(always(PLAIN)).account.settled(end) == end


def test_a_month_of_the_capacity_tariff_is_reckoned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reckoned: list[date] = []
    month_cost = Capacity.month_cost

    def counting(self: Capacity, month: date, uses: Uses) -> float | None:
        reckoned.append(month)
        return month_cost(self, month, uses)

    monkeypatch.setattr(Capacity, "month_cost", counting)
    book = Book(always(PEAKS))
    book.settle(*rows(1))
    last_day = rows(1, start=NOON + 12 * 24 * HOUR)
    reckoned.clear()
    costs = book.settle(*last_day)
    # As it is and without solar and battery, to close what is over and for what is open;
    # not for each of the thirteen days.
    assert reckoned == [date(2026, 6, 1)] * 4
    assert len(costs.fixed_cost) == 12 * 24 + 1
