"""Clock quarters and month peaks, beside what the meter itself says."""

from datetime import UTC, date, datetime, timedelta
import json
from zoneinfo import ZoneInfo

import pytest

from custom_components.energy_hub.ledger.days import quarter_of
from custom_components.energy_hub.ledger.energy import Amount, Energy, Row
from custom_components.energy_hub.ledger.quarter import Peak, Peaks, Quarter, quarters, running
from custom_components.energy_hub.ledger.source import DIRECTIONS, Grade, Source, Total
from custom_components.energy_hub.ledger.tally import Tally
from custom_components.energy_hub.reading import Demand, Flow, Reading
from simulator.world import House, mixed_house

BRUSSELS = ZoneInfo("Europe/Brussels")
NOON = datetime(2026, 10, 25, 12, tzinfo=UTC)
METER = Source(id="meter", flow=Flow.GRID, counters=DIRECTIONS[Flow.GRID])
MEASURED, ESTIMATED, MISSING = Grade.MEASURED, Grade.ESTIMATED, Grade.MISSING


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS, fold=fold).astimezone(UTC)


def slots(start: datetime, *energies: tuple[float | None, Grade]) -> list[Row]:
    return [
        Row(start + index * timedelta(minutes=5), {}, {Total.IMPORT: Amount(kwh, grade)})
        for index, (kwh, grade) in enumerate(energies)
    ]


def test_a_quarter_is_its_three_slots() -> None:
    rows = slots(NOON, *[(0.1, MEASURED)] * 5, (0.3, ESTIMATED))
    first, second = quarters(rows)
    assert (first.start, first.end) == (NOON, NOON + timedelta(minutes=15))
    assert (first.kwh, first.power_w) == (pytest.approx(0.3), pytest.approx(1200))
    assert (first.grade, second.grade) == (MEASURED, ESTIMATED)


def test_a_quarter_with_an_unknown_slot_is_no_quarter() -> None:
    assert quarters(slots(NOON, (0.1, MEASURED), (None, MISSING), (0.1, MEASURED))) == []
    waiting = [*slots(NOON, *[(0.1, MEASURED)] * 2), Row(NOON + timedelta(minutes=10), {}, {})]
    assert quarters(waiting) == []


def test_the_worked_example_of_the_projection() -> None:
    # Two seconds into the quarter with 4.482 kW: 9 W so far, 4.481 kW at its end.
    now = NOON + timedelta(seconds=2)
    meter = running(now, Tally(None, None, MISSING), 4482, Demand(now, 9))
    assert meter.so_far_w == 9
    assert meter.projected_w == pytest.approx(4481, abs=0.1)
    assert meter.grade is MEASURED


def test_the_rest_counts_from_where_the_counter_has_come() -> None:
    now = NOON + timedelta(minutes=7)
    imported = Tally(0.25, NOON + timedelta(minutes=5), ESTIMATED)
    quarter = running(now, imported, 3000)
    assert quarter.so_far_w == 1000
    assert quarter.projected_w == pytest.approx(1000 + 3000 * 10 / 15)
    assert (quarter.start, quarter.grade) == (NOON, ESTIMATED)


def test_export_takes_nothing_back() -> None:
    assert running(NOON, Tally(0.5, NOON, MEASURED), -5000).projected_w == 2000


def test_unknown_gives_unknown() -> None:
    nothing = Tally(None, None, MISSING)
    quarter = running(NOON, nothing, 500)
    assert (quarter.so_far_w, quarter.projected_w, quarter.grade) == (None, None, MISSING)
    quarter = running(NOON, Tally(0.1, NOON, MEASURED), None)
    assert (quarter.so_far_w, quarter.projected_w) == (pytest.approx(400), None)


def test_the_counters_tell_what_the_meter_tells() -> None:
    """Three hours of telegrams: so far, projection and closed quarters are the meter's."""
    start = datetime(2026, 1, 14, 16, tzinfo=UTC)
    house = House(mixed_house(), start, fine_from=start + timedelta(days=1))
    energy, peaks = Energy((METER,), start), Peaks(BRUSSELS)
    closed: dict[datetime, float] = {}
    for second in range(0, 3 * 3600 + 1, 20):
        now = start + timedelta(seconds=second)
        truth = house.truth(now)
        energy.feed(
            Reading(
                source="meter",
                flow=Flow.GRID,
                at=now,
                valid_for=timedelta(minutes=1),
                to_house_kwh=round(truth.import_kwh, 3),
                from_house_kwh=round(truth.export_kwh, 3),
            ),
            now,
        )
        imported = energy.totals(now, quarter_of(now))[Total.IMPORT]
        quarter = running(now, imported, truth.grid_w)
        if second % 900:
            assert quarter.so_far_w == pytest.approx(truth.quarter_w, abs=4.1)
            before = running(now, imported, truth.grid_w, Demand(now, truth.quarter_w))
            assert quarter.projected_w == pytest.approx(before.projected_w, abs=4.1)
        elif second:
            closed[now] = house.truth(now - timedelta(seconds=1)).quarter_w
    for one in quarters(energy.changes(now).rows):
        peaks.add(one)
        assert one.grade is MEASURED
        assert one.power_w == pytest.approx(closed[one.end], abs=20)
    peak = peaks.at(now)
    assert peak is not None
    assert peak.power_w == pytest.approx(max(closed.values()), abs=20)


def test_the_highest_quarter_is_the_peak_of_its_month() -> None:
    peaks = Peaks(BRUSSELS)
    assert peaks.at(NOON) is None
    for hour, kwh in enumerate((0.5, 0.9, 0.7)):
        peaks.add(Quarter(NOON + timedelta(hours=hour), kwh, MEASURED))
    assert peaks.at(NOON) == Peak(3600, NOON + timedelta(hours=1, minutes=15), MEASURED)
    peaks.add(Quarter(NOON, 0.5, MEASURED))
    assert peaks.months[date(2026, 10, 1)].start == NOON + timedelta(hours=1)


def test_a_quarter_belongs_to_the_local_month_it_began_in() -> None:
    peaks = Peaks(BRUSSELS)
    peaks.add(Quarter(local("2026-10-31 23:45"), 0.5, MEASURED))
    peaks.add(Quarter(local("2026-11-01 00:00"), 0.3, MEASURED))
    assert {month: peak.power_w for month, peak in peaks.months.items()} == {
        date(2026, 10, 1): 2000,
        date(2026, 11, 1): 1200,
    }


def test_the_meter_knows_better() -> None:
    peaks = Peaks(BRUSSELS)
    peaks.add(Quarter(NOON, 1.0, ESTIMATED))
    said = NOON + timedelta(hours=2, seconds=5)
    peaks.learn(3210, NOON + timedelta(hours=1), said)
    assert peaks.at(NOON) == Peak(3210, NOON + timedelta(hours=1), MEASURED, said)
    # What it had seen when it spoke is in its value, what came after is not.
    peaks.add(Quarter(NOON + timedelta(hours=1, minutes=45), 0.9, MEASURED))
    assert peaks.at(NOON) == Peak(3210, NOON + timedelta(hours=1), MEASURED, said)
    peaks.add(Quarter(NOON + timedelta(hours=2), 0.9, MEASURED))
    assert peaks.at(NOON) == Peak(3600, NOON + timedelta(hours=2, minutes=15), MEASURED, said)
    peaks.learn(3594, NOON + timedelta(hours=2, minutes=15), NOON + timedelta(hours=2, minutes=16))
    now = peaks.at(NOON)
    assert now is not None
    assert now.power_w == 3594


def test_the_old_peak_that_a_meter_still_shows_stays_in_its_month() -> None:
    peaks = Peaks(BRUSSELS)
    midnight = local("2026-11-01 00:00")
    peaks.learn(4000, midnight, midnight + timedelta(seconds=30))
    assert peaks.at(midnight) is None
    assert peaks.months.keys() == {date(2026, 10, 1)}


def test_thirteen_months_are_remembered_over_a_restart() -> None:
    peaks = Peaks(BRUSSELS)
    for month in range(1, 11):
        for year in (2025, 2026):
            peaks.add(Quarter(datetime(year, month, 20, 17, tzinfo=UTC), month / 10, MEASURED))
    peaks.learn(2500, NOON, NOON)
    assert min(peaks.months) == date(2025, 7, 1)
    assert len(peaks.months) == 14
    again = Peaks.from_state(json.loads(json.dumps(peaks.as_state())), BRUSSELS)
    assert again.months == peaks.months
