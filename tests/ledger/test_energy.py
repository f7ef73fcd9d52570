"""The energy of a house: what is asked, what waits, what comes late, what is remembered."""

import json

import pytest

from custom_components.energy_hub.ledger.energy import Amount, Energy
from custom_components.energy_hub.ledger.source import (
    DIRECTIONS,
    Direction,
    Grade,
    Register,
    Source,
    Total,
    registers,
)
from custom_components.energy_hub.reading import Flow

from .readings import (
    BATTERY,
    IMPORT,
    METER,
    MISSING,
    NOON,
    ROOF,
    SUN,
    asked,
    at,
    by_minute,
    energy,
    house,
    meter,
    reading,
    restarted,
    roof,
)

__all__ = ["energy"]


def test_a_slot_has_its_counters_and_their_sums(energy: Energy) -> None:
    meter(energy, 5, 100.2, 0.05)
    roof(energy, 5, 50.1)
    row = asked(energy, 5)[0]
    assert row.registers[IMPORT] == Amount(0.2, Grade.MEASURED)
    assert row.sums[Total.EXPORT] == Amount(0.05, Grade.MEASURED)
    assert row.sums[Total.HOUSE] == Amount(0.25, Grade.MEASURED)
    assert row.sums[Total.BATTERY_OUT] == Amount(0, Grade.MEASURED)


def test_changes_come_until_they_are_confirmed(energy: Energy) -> None:
    meter(energy, 5, 100.2)
    roof(energy, 5, 50.1)
    first = energy.changes(at(5))
    assert energy.changes(at(6)) == first
    energy.confirm(first.revision)
    assert energy.changes(at(7)).rows == ()
    # An older confirmation that comes late takes nothing back.
    energy.confirm(first.revision - 1)
    assert energy.changes(at(7)).rows == ()


def test_changes_come_in_whole_hours(energy: Energy) -> None:
    meter(energy, 55, 101.1)
    roof(energy, 55, 51.1)
    assert len(asked(energy, 55)) == 11
    meter(energy, 60, 101.2)
    assert [*asked(energy, 60)] == [*range(0, 60, 5)]
    meter(energy, 65, 101.3)
    assert [*asked(energy, 65)] == [60]


def test_a_late_source_holds_up_its_own_sums_only(energy: Energy) -> None:
    for minute in (5, 10, 15):
        meter(energy, minute, 100 + minute / 100)
    rows = asked(energy, 15)
    assert rows[10].registers.keys() == {IMPORT, IMPORT._replace(direction=Direction.FROM_HOUSE)}
    assert rows[10].sums[Total.IMPORT].kwh == 0.05
    assert not rows[10].sums.keys() & {Total.SOLAR, Total.HOUSE}
    roof(energy, 10, 50.2, now=25)
    rows = asked(energy, 25)
    assert house(rows[0]) == house(rows[5]) == pytest.approx(0.15)
    assert Total.HOUSE not in rows[10].sums


def test_a_source_that_stays_away_is_given_up_and_healed(energy: Energy) -> None:
    for minute in range(5, 125, 5):
        meter(energy, minute, 100 + minute / 100)
    rows = asked(energy, 120)
    assert rows[55].sums[Total.SOLAR] == rows[55].sums[Total.HOUSE] == MISSING
    assert Total.HOUSE not in rows[60].sums
    roof(energy, 120, 50.24)
    rows = asked(energy, 120)
    assert {row.registers[SUN] for row in rows.values()} == {Amount(0.01, Grade.ESTIMATED)}
    assert house(rows[0]) == house(rows[115]) == pytest.approx(0.06)
    assert rows[0].sums[Total.HOUSE].grade is Grade.ESTIMATED


def test_the_total_of_the_house_waits_for_the_gap_and_has_it_then(energy: Energy) -> None:
    for minute in range(5, 125, 5):
        meter(energy, minute, 100 + minute / 100)
        total = energy.totals(at(minute))[Total.HOUSE]
        assert total.kwh == 0
    assert total.grade is Grade.MISSING
    roof(energy, 120, 50.24)
    total = energy.totals(at(120))[Total.HOUSE]
    assert (total.kwh, total.at) == (pytest.approx(1.44), at(120))


def test_totals_go_on_inside_a_slot(energy: Energy) -> None:
    meter(energy, 4, 100.4, 0.1)
    roof(energy, 2, 50.5)
    totals = energy.totals(at(4))
    assert (totals[Total.IMPORT].kwh, totals[Total.IMPORT].at) == (0.4, at(4))
    assert (totals[Total.SOLAR].kwh, totals[Total.SOLAR].at) == (0.5, at(2))
    # The house stands where both have come to: half of the meter's four minutes.
    assert totals[Total.HOUSE].at == at(2)
    assert totals[Total.HOUSE].kwh == pytest.approx(0.2 - 0.05 + 0.5)


def test_totals_since_an_instant(energy: Energy) -> None:
    for minute in (5, 10, 15, 17):
        meter(energy, minute, 100 + minute / 100)
        roof(energy, minute, 50 + minute / 100)
    totals = energy.totals(at(17), at(10))
    assert totals[Total.IMPORT].kwh == pytest.approx(0.07)
    assert totals[Total.HOUSE].kwh == pytest.approx(0.14)
    assert totals[Total.BATTERY_IN].kwh == 0
    assert totals[Total.HOUSE].grade is Grade.MEASURED


def test_totals_over_a_gap_are_estimated(energy: Energy) -> None:
    meter(energy, 17, 100.17)
    roof(energy, 17, 50.17)
    assert energy.totals(at(17), at(10))[Total.HOUSE].grade is Grade.ESTIMATED
    assert energy.totals(at(17), at(15))[Total.IMPORT].grade is Grade.ESTIMATED


def test_of_a_span_that_no_counter_has_reached_nothing_is_known(energy: Energy) -> None:
    meter(energy, 16, 100.2)
    roof(energy, 14, 50.1)
    totals = energy.totals(at(16), at(15))
    assert totals[Total.IMPORT].kwh is not None
    assert (totals[Total.SOLAR].kwh, totals[Total.SOLAR].grade) == (None, Grade.MISSING)
    assert (totals[Total.HOUSE].kwh, totals[Total.HOUSE].at) == (None, at(14))


def test_before_the_first_reading_nothing_is_known() -> None:
    energy = Energy((METER, ROOF), NOON)
    assert energy.changes(at(5)).rows == ()
    totals = energy.totals(at(5))
    assert (totals[Total.IMPORT].kwh, totals[Total.IMPORT].at) == (None, None)
    assert totals[Total.HOUSE].grade is Grade.MISSING
    assert energy.reached == dict.fromkeys(registers((METER, ROOF)))


def test_a_span_begins_at_an_edge_that_is_remembered(energy: Energy) -> None:
    for minute in range(60, 60 * 40, 60):
        meter(energy, minute, 100 + minute)
        roof(energy, minute, 50 + minute)
        asked(energy, minute)
    with pytest.raises(ValueError, match="edge"):
        energy.totals(at(60 * 39), at(60 * 38 + 1))
    with pytest.raises(ValueError, match="forgotten"):
        energy.totals(at(60 * 39), NOON)
    assert energy.totals(at(60 * 39), at(60 * 15))[Total.IMPORT].kwh == 24 * 60


def test_what_came_before_the_beginning_is_no_part_of_the_house() -> None:
    energy = Energy((METER, ROOF), at(27))
    roof(energy, 8, 50, now=27)
    for minute in (27, 35):
        meter(energy, minute, 100 + minute)
        roof(energy, minute, 50 + minute)
    rows = asked(energy, 35)
    assert rows[10].registers.keys() == {SUN}
    assert not rows[10].sums
    assert not rows[25].sums
    assert house(rows[30]) == pytest.approx(10)
    assert energy.totals(at(35))[Total.HOUSE].kwh == pytest.approx(10)


def test_a_young_ledger_counts_from_its_beginning(energy: Energy) -> None:
    meter(energy, 10, 100.1)
    roof(energy, 10, 50.1)
    assert energy.totals(at(10), at(-720))[Total.HOUSE].kwh == pytest.approx(0.2)


def test_a_reading_from_the_future_counts_as_now(energy: Energy) -> None:
    energy.feed(reading(METER, 500, 100.1, 0), at(5))
    assert energy.reached[IMPORT] == at(5)
    assert energy.reached[SUN] == at(0)


def test_unknown_counters_and_strangers_change_nothing(energy: Energy) -> None:
    before = energy.as_state()
    energy.feed(reading(METER, 5, None, None), at(5))
    energy.feed(reading(BATTERY, 5, 3.0, 4.0), at(5))
    assert energy.as_state() == before


def test_a_restart_loses_nothing(energy: Energy) -> None:
    meter(energy, 17, 100.3)
    roof(energy, 12, 50.3)
    energy.totals(at(17))
    energy.confirm(energy.changes(at(17)).revision)
    meter(energy, 21, 100.4)
    again = restarted(energy, 30)
    for ledger in (energy, again):
        roof(ledger, 40, 51)
        meter(ledger, 40, 101)
    assert again.changes(at(40)) == energy.changes(at(40))
    assert again.totals(at(40)) == energy.totals(at(40))
    assert again.as_state() == energy.as_state()


def test_a_restart_repeats_no_change(energy: Energy) -> None:
    meter(energy, 100, 101)
    roof(energy, 20, 50.3)
    asked(energy, 100)
    assert restarted(energy, 100).changes(at(100)).rows == ()


def test_a_crash_repeats_what_was_not_saved(energy: Energy) -> None:
    written = asked(energy, 0)
    saved = json.loads(json.dumps(energy.as_state()))
    for minute in (5, 10, 15):
        meter(energy, minute, 100 + minute**2 / 1000)
        roof(energy, minute, 50 + minute / 100)
        written |= asked(energy, minute)
    again = Energy.from_state(saved, (METER, ROOF), at(18))
    meter(again, 20, 100.4)
    roof(again, 20, 50.2)
    written |= asked(again, 20)
    assert sum(house(row) or 0 for row in written.values()) == pytest.approx(0.6)


def test_a_new_source_counts_from_now_on(energy: Energy) -> None:
    meter(energy, 10, 100.1)
    roof(energy, 10, 50.1)
    assert house(asked(energy, 10)[0]) == pytest.approx(0.1)
    energy = restarted(energy, 12, METER, ROOF, BATTERY)
    assert energy.changes(at(12)).rows == ()
    energy.feed(reading(BATTERY, 12.5, 7, 9), at(12.5))
    meter(energy, 20, 100.2)
    roof(energy, 20, 50.2)
    assert house(asked(energy, 20)[10]) == pytest.approx(0.1)
    assert Total.HOUSE not in by_minute(energy.changes(at(20)))
    energy.feed(reading(BATTERY, 20, 7.3, 9), at(20))
    assert house(asked(energy, 20)[15]) == pytest.approx(0.1 + 0.2)


def test_what_a_source_gave_stays_when_it_goes(energy: Energy) -> None:
    meter(energy, 30, 100.6)
    roof(energy, 10, 50.2)
    before = asked(energy, 30)
    assert Total.HOUSE not in before[10].sums
    energy = restarted(energy, 30, METER)
    rows = asked(energy, 30)
    assert house(rows[5]) == house(before[5]) == pytest.approx(0.2)
    assert house(rows[10]) == pytest.approx(0.1)
    assert energy.totals(at(30))[Total.SOLAR].kwh == pytest.approx(0.2)


def test_a_flow_that_is_seen_by_its_power_alone_leaves_the_house_unknown() -> None:
    blind = Source(id="battery", flow=Flow.BATTERY, counters=())
    energy = Energy((METER, blind), NOON)
    meter(energy, 0, 1)
    meter(energy, 90, 2)
    rows = asked(energy, 90)
    assert rows[0].sums[Total.BATTERY_IN] == rows[0].sums[Total.HOUSE] == MISSING
    assert rows[0].sums[Total.IMPORT].kwh is not None


def test_power_beside_counters_of_the_same_flow_is_enough() -> None:
    clamp = Source(id="clamp", flow=Flow.SOLAR, counters=())
    assert registers((METER, ROOF, clamp)) == registers((METER, ROOF))


def test_a_house_without_a_grid_is_unknown() -> None:
    energy = Energy((ROOF,), NOON)
    roof(energy, 0, 1)
    roof(energy, 10, 2)
    row = asked(energy, 10)[0]
    assert row.sums[Total.SOLAR].kwh == 0.5
    assert row.sums[Total.HOUSE] == MISSING


def test_a_meter_that_only_imports() -> None:
    simple = Source(id="meter", flow=Flow.GRID, counters=(Direction.TO_HOUSE,))
    energy = Energy((simple,), NOON)
    for minute in (0, 5):
        energy.feed(reading(simple, minute, minute), at(minute))
    assert house(asked(energy, 5)[0]) == 5


def test_a_load_is_no_part_of_the_balance(energy: Energy) -> None:
    pump = Source(id="pump", flow=Flow.LOAD, counters=DIRECTIONS[Flow.LOAD])
    energy = restarted(energy, 0, METER, ROOF, pump)
    meter(energy, 5, 100.5)
    roof(energy, 5, 50.5)
    assert house(asked(energy, 5)[0]) == 1
    energy.feed(reading(pump, 0, None, 3.0), at(6))
    energy.feed(reading(pump, 5, None, 3.4), at(6))
    row = asked(energy, 6)[0]
    register = Register(Flow.LOAD, Direction.FROM_HOUSE, "pump")
    assert (house(row), row.registers[register].kwh) == (1, pytest.approx(0.4))
