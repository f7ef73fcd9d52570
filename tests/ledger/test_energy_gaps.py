"""The energy of a house at night, over gaps, and when the past is forgotten."""

from datetime import date, timedelta
import json
from zoneinfo import ZoneInfo

import pytest

from custom_components.energy_hub.ledger.days import midnight
from custom_components.energy_hub.ledger.energy import Amount, Energy, Limits
from custom_components.energy_hub.ledger.source import (
    Grade,
    Total,
)
from custom_components.energy_hub.ledger.timegrid import slot_of, slot_start

from .readings import (
    BATTERY,
    IMPORT,
    METER,
    NOON,
    ROOF,
    SUN,
    asked,
    at,
    energy,
    house,
    meter,
    reading,
    restarted,
    roof,
)

__all__ = ["energy"]


def test_sleeping_inverters_do_not_hold_up_the_night(energy: Energy) -> None:
    for minute in range(5, 125, 5):
        meter(energy, minute, 100 + minute / 100)
        energy.rest(at(minute))
    rows = asked(energy, 120)
    assert house(rows[110]) == pytest.approx(0.05)
    assert rows[110].registers[SUN] == Amount(0, Grade.ESTIMATED)
    roof(energy, 125, 50.3)
    meter(energy, 125, 101.25)
    assert house(asked(energy, 125)[120]) == pytest.approx(0.05 + 0.3)


def test_a_source_that_reports_is_not_put_to_rest(energy: Energy) -> None:
    roof(energy, 5, 50.1)
    energy.rest(at(14))
    assert energy.reached[SUN] == at(5)


def test_settled_is_what_nothing_can_change(energy: Energy) -> None:
    meter(energy, 12, 100.2)
    roof(energy, 31, 50.2, now=31)
    assert energy.changes(at(31)).settled == at(0)
    meter(energy, 20, 100.2)
    # The edge at 20 was read itself; that of the roof was told from noon on.
    assert energy.changes(at(31)).settled == at(0)
    roof(energy, 36, 50.3)
    meter(energy, 33, 100.3)
    assert energy.changes(at(36)).settled == at(0)
    # Now the house stands at 35, an edge that was told from readings after 30.
    meter(energy, 45, 100.4)
    assert energy.changes(at(45)).settled == at(30)


def test_the_past_is_forgotten_when_it_is_over() -> None:
    energy = Energy((METER, ROOF), NOON)
    for hour in range(24 * 4):
        for minute in range(hour * 60, hour * 60 + 60, 10):
            meter(energy, minute, minute)
            roof(energy, minute, minute)
        asked(energy, hour * 60 + 55)
    assert len(energy.as_state()["book"]["hours"]) <= 27
    assert len(json.dumps(energy.as_state(), separators=(",", ":"))) < 15_000


def test_a_gap_that_is_too_long_is_filled_as_far_as_it_is_remembered() -> None:
    energy = Energy((METER, ROOF), NOON, Limits(longest=timedelta(days=2)))
    roof(energy, 0, 50)
    for minute in range(0, 3 * 24 * 60 + 1, 60):
        meter(energy, minute, minute / 100)
        written = asked(energy, minute)
        assert len(energy.as_state()["book"]["hours"]) <= 49
    days = 3 * 24 * 60
    roof(energy, days, 50 + 72)
    written = asked(energy, days)
    filled = [row for row in written.values() if SUN in row.registers]
    assert sum(row.registers[SUN].kwh or 0 for row in filled) == pytest.approx(48)
    assert energy.unplaced_kwh[SUN] == pytest.approx(24)
    assert house(written[days - 5]) == pytest.approx(1 / 12 + 0.05, abs=1e-5)


def test_an_outage_of_everything_is_healed_too(energy: Energy) -> None:
    assert asked(energy, 600) == {}
    meter(energy, 600, 112)
    roof(energy, 600, 62)
    rows = asked(energy, 600)
    assert len(rows) == 120
    assert sum(house(row) or 0 for row in rows.values()) == pytest.approx(24)


def test_an_outage_longer_than_the_memory_begins_anew(energy: Energy) -> None:
    away = 10 * 24 * 60
    asked(energy, away)
    meter(energy, away, 100 + 240)
    roof(energy, away, 50)
    rows = asked(energy, away)
    assert sum(house(row) or 0 for row in rows.values()) == pytest.approx(24 * 7)
    assert energy.unplaced_kwh[IMPORT] == pytest.approx(24 * 3)


def test_the_total_does_not_run_ahead_in_a_gap(energy: Energy) -> None:
    # The meter was away for two hours, and the roof is known for the first one only.
    for minute in range(5, 65, 5):
        roof(energy, minute, 50 + minute / 1000)
    meter(energy, 120, 112, 0)
    total = energy.totals(at(125))[Total.HOUSE]
    assert (total.kwh, total.grade) == (pytest.approx(0.06), Grade.MISSING)
    assert energy.totals(at(125), at(30))[Total.HOUSE].kwh == 0
    # The slots say where it probably was; the total has it when the gap is over for all.
    assert house(asked(energy, 125)[0]) == pytest.approx(0.505)
    roof(energy, 120, 50.12)
    total = energy.totals(at(125))[Total.HOUSE]
    assert (total.kwh, total.grade) == (pytest.approx(12.12), Grade.MEASURED)


def test_what_a_gap_may_still_take_is_not_counted(energy: Energy) -> None:
    # Two hours of export became known at once; the roof gave it in the first one.
    for minute in range(5, 65, 5):
        roof(energy, minute, 50 + minute / 10)
    meter(energy, 120, 100, 5)
    total = energy.totals(at(125))[Total.HOUSE]
    assert (total.kwh, total.at) == (pytest.approx(1), at(65))


def test_slow_sources_are_no_gap(energy: Energy) -> None:
    for minute in range(1, 62, 30):
        meter(energy, minute, 100 + minute / 100)
        roof(energy, minute + 15, 50 + minute / 100)
    total = energy.totals(at(76))[Total.HOUSE]
    assert (total.kwh, total.at) == (pytest.approx(0.61 + 0.46, abs=0.02), at(61))


def test_the_house_never_falls_when_a_late_value_takes_from_it(energy: Energy) -> None:
    # The battery's charge comes late and was spread over an hour that did not have it.
    energy = restarted(energy, 0, METER, ROOF, BATTERY)
    energy.feed(reading(BATTERY, 0, 0, 0), at(0))
    highest = 0.0
    for minute in range(1, 120):
        meter(energy, minute, 100 + max(0, minute - 50) / 100)
        if minute % 10 == 0:
            roof(energy, minute, 50 + minute / 1000)
        if minute in {55, 110}:
            energy.feed(reading(BATTERY, minute, 0, minute / 200), at(minute))
        kwh = energy.totals(at(minute))[Total.HOUSE].kwh
        assert kwh is not None
        assert kwh >= highest
        highest = kwh


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"])
def test_days_of_every_zone_begin_at_an_edge(zone: str) -> None:
    for day in range(365):
        start = midnight(date(2026, 1, 1) + timedelta(days=day), ZoneInfo(zone))
        assert slot_start(slot_of(start)) == start
