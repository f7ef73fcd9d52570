"""Month peaks of a flow, from its quarters."""

from datetime import date, datetime, timedelta

import pytest

from custom_components.energy_hub.ledger.capacity import MonthUse
from custom_components.energy_hub.ledger.peak import month_uses
from custom_components.energy_hub.ledger.slot import Slot

from .tools import BRUSSELS, HOUR, QUARTER, local, slot

NOVEMBER = date(2026, 11, 1)
START = local("2026-11-01 00:00")
FIVE = timedelta(minutes=5)


def house(slots: list[Slot], until: datetime) -> dict[date, MonthUse]:
    return month_uses(slots, until, BRUSSELS, lambda part: part.house_kwh)


def quarters(*kwh: float | None, start: datetime = START) -> list[Slot]:
    return [
        slot(start + n * QUARTER, start + (n + 1) * QUARTER, used=used)
        for n, used in enumerate(kwh)
    ]


def test_the_highest_quarter_is_the_peak() -> None:
    (use,) = house(quarters(0.2, 1.5, 0.3), START + 3 * QUARTER).values()
    assert use == MonthUse(
        peak_kw=6.0, import_kwh=pytest.approx(2.0), covered=pytest.approx(3 / (30 * 96))
    )


def test_slots_of_five_minutes_make_a_quarter() -> None:
    slots = [slot(START + n * FIVE, START + (n + 1) * FIVE, used=0.1 * n) for n in range(3)]
    assert house(slots, START + QUARTER)[NOVEMBER].peak_kw == pytest.approx(1.2)


def test_a_quarter_that_is_not_whole_is_no_peak() -> None:
    use = house([slot(START, START + 2 * FIVE, used=5.0)], START + 2 * FIVE)[NOVEMBER]
    assert (use.peak_kw, use.import_kwh, use.estimated) == (None, 5.0, False)


def test_a_missing_quarter_makes_the_month_an_estimate() -> None:
    use = house(quarters(0.2, None, 0.3), START + 3 * QUARTER)[NOVEMBER]
    assert (use.peak_kw, use.estimated) == (1.2, True)
    assert house(quarters(0.2, 0.3), START + HOUR)[NOVEMBER].estimated


def test_an_hour_hides_its_highest_quarter() -> None:
    use = house([slot(START, START + HOUR, used=4.0)], START + HOUR)[NOVEMBER]
    assert (use.peak_kw, use.estimated) == (4.0, True)


def test_the_quarter_that_ends_at_midnight_belongs_to_the_month_before() -> None:
    slots = quarters(1.0, 2.0, start=START - QUARTER)
    uses = house(slots, START + QUARTER)
    assert {month: use.peak_kw for month, use in uses.items()} == {
        date(2026, 10, 1): 4.0,
        NOVEMBER: 8.0,
    }


@pytest.mark.parametrize(("month", "hours"), [(3, 743), (6, 720), (10, 745)])
def test_a_whole_month_is_covered_also_with_a_long_or_short_day(month: int, hours: int) -> None:
    start = local(f"2026-{month:02}-01 00:00")
    slots = quarters(*([0.25] * hours * 4), start=start)
    (use,) = house(slots, start + 1000 * HOUR).values()
    assert (use.covered, use.estimated, use.peak_kw) == (1.0, False, 1.0)
    assert use.import_kwh == hours


def test_nothing_known_is_no_month() -> None:
    assert house(quarters(None), START + QUARTER) == {}
    assert house([], START) == {}
