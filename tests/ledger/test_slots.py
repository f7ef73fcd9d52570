"""From the rows of the ledger to slots that can be priced."""

from datetime import UTC, datetime, timedelta

from custom_components.energy_hub.ledger.energy import Amount, Row
from custom_components.energy_hub.ledger.slots import Slots, slots_of
from custom_components.energy_hub.ledger.source import Grade, Total

NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)
SLOT = timedelta(minutes=5)


def row(
    place: int, drawn: float | None, used: float | None = 0.2, grade: Grade = Grade.MEASURED
) -> Row:
    sums = {Total.IMPORT: drawn, Total.EXPORT: 0.0, Total.HOUSE: used}
    amounts = {total: Amount(kwh, grade) for total, kwh in sums.items() if kwh is not None}
    return Row(NOON + place * SLOT, {}, amounts)


def test_a_whole_quarter_is_one_slot() -> None:
    (quarter,) = slots_of([row(0, 0.1), row(1, 0.2), row(2, 0.3)])
    assert (quarter.start, quarter.end) == (NOON, NOON + 3 * SLOT)
    assert round(quarter.import_kwh or 0, 9) == 0.6
    assert round(quarter.house_kwh or 0, 9) == 0.6
    assert quarter.estimated is False


def test_an_interpolated_part_makes_the_quarter_an_estimate() -> None:
    (quarter,) = slots_of([row(0, 0.1), row(1, 0.2, grade=Grade.ESTIMATED), row(2, 0.3)])
    assert quarter.estimated is True


def test_what_is_known_of_a_part_stays_in_its_slots() -> None:
    waiting = [row(0, 0.1), row(1, 0.2), row(2, 0.3, used=None), row(3, 0.4)]
    found = slots_of(waiting)
    assert [(slot.start - NOON) // SLOT for slot in found] == [0, 1, 2, 3]
    assert [slot.house_kwh for slot in found] == [0.2, 0.2, None, 0.2]


def test_a_slot_of_which_nothing_is_known_is_none() -> None:
    assert slots_of([Row(NOON, {}, {})]) == []


def test_only_what_changed_is_made_again() -> None:
    slots, rows = Slots(), [row(place, 0.1) for place in range(6)]
    first = slots.of(rows)
    again = slots.of([*rows[:3], row(3, 0.4), *rows[4:], row(6, 0.1)])
    assert again[0] is first[0]
    assert [round(one.import_kwh or 0, 9) for one in again] == [0.3, 0.6, 0.1]
    # What is gone is forgotten: it is made anew.
    assert slots.of(rows[3:]) == first[1:]
    assert slots.of(rows)[0] is not first[0]
