"""One counter on the time grid: every watt-hour in the slot it belongs to, none twice."""

from itertools import accumulate

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.ledger.source import Grade
from custom_components.energy_hub.ledger.timegrid import SLOT_MS
from custom_components.energy_hub.ledger.track import UNKNOWN, Cell, Track

MINUTE = 60_000
FIRST = 1000
BEGIN = FIRST * SLOT_MS
MEASURED, ESTIMATED = Grade.MEASURED, Grade.ESTIMATED


def feed(track: Track, minute: float, kwh: float, floor: int = 0) -> dict[int, Cell]:
    """Show the counter after so many minutes; return the slots, the first one being 0."""
    cells = track.read(BEGIN + round(minute * MINUTE), kwh, floor)
    return {slot - FIRST: cell for slot, cell in cells}


def test_a_straight_line_is_cut_at_the_edges() -> None:
    track = Track(0)
    assert feed(track, 2, 10.0) == {}
    # 0.6 kWh in ten minutes: three minutes of it in the first slot, two in the last.
    cells = feed(track, 12, 10.6)
    assert [cell.mwh for cell in cells.values()] == [180_000, 300_000]
    assert track.part(BEGIN + 12 * MINUTE) == 120_000
    assert track.part(BEGIN + 11 * MINUTE) == 60_000


def test_a_slot_is_measured_with_a_reading_near_both_edges() -> None:
    track = Track(0)
    grades = {}
    for minute in (0, 1, 4, 4.5, 6, 9.9, 12, 14, 15, 20):
        grades |= {slot: cell.grade for slot, cell in feed(track, minute, minute).items()}
    assert grades == {0: MEASURED, 1: MEASURED, 2: MEASURED, 3: MEASURED}
    # The edge at 25 has no reading within a minute: the slots on both sides are estimated.
    grades = {slot: cell.grade for slot, cell in feed(track, 27, 27).items()}
    grades |= {slot: cell.grade for slot, cell in feed(track, 30, 30).items()}
    assert grades == {4: ESTIMATED, 5: ESTIMATED}
    assert feed(track, 35, 35)[6].grade is MEASURED


def test_the_part_of_the_first_slot_is_an_estimate() -> None:
    track = Track(0)
    feed(track, 3, 1.0)
    assert feed(track, 5, 1.2) == {0: Cell(200_000, ESTIMATED)}


def test_a_cell_knows_the_reading_its_start_was_told_from() -> None:
    track = Track(0)
    feed(track, 4, 1.0)
    assert [cell.back for cell in feed(track, 26, 1.2).values()] == [0, 1, 2, 3, 4]
    assert feed(track, 30, 1.3)[5].back == 5
    assert feed(track, 35, 1.4)[6].back == 0


def test_what_is_no_counter_changes_nothing() -> None:
    track = Track(0)
    feed(track, 0, 1.0)
    before = track.as_state()
    for kwh in (float("nan"), float("inf"), -0.001):
        assert feed(track, 6, kwh) == {}
    assert feed(track, 0, 2.0) == feed(track, -5, 2.0) == {}
    assert track.as_state() == before


def test_a_replaced_counter_invents_nothing() -> None:
    track = Track(0)
    feed(track, 0, 100.0)
    feed(track, 2, 100.1)
    assert feed(track, 18, 3.0) == {0: Cell(100_000, ESTIMATED), 1: UNKNOWN, 2: UNKNOWN}
    # The slot in which the new one was first seen holds what that one counted.
    assert feed(track, 20, 3.2)[3] == Cell(200_000, ESTIMATED)
    assert feed(track, 25, 3.3)[4] == Cell(100_000, MEASURED)


def test_a_counter_replaced_within_a_slot_keeps_what_is_known_of_it() -> None:
    track = Track(0)
    feed(track, 0, 100.0)
    feed(track, 2, 100.1)
    feed(track, 3, 0.0)
    assert feed(track, 5, 0.3)[0] == Cell(400_000, ESTIMATED)


def test_what_lies_before_the_floor_is_in_no_slot() -> None:
    track = Track(0)
    feed(track, 0, 1.0)
    cells = feed(track, 40, 1.8, floor=FIRST + 6)
    assert {slot: cell.mwh for slot, cell in cells.items()} == {6: 100_000, 7: 100_000}
    assert track.unplaced == 600_000
    assert cells[6].grade is ESTIMATED


def test_a_backlog_before_the_floor_is_in_no_slot_either() -> None:
    track = Track(0)
    feed(track, 0, 1.0)
    assert feed(track, 10, 1.2, floor=FIRST + 6) == {}
    assert feed(track, 30, 1.6, floor=FIRST + 6) == {}
    assert track.unplaced == 600_000
    assert feed(track, 35, 1.7, floor=FIRST + 6)[6].mwh == 100_000


def test_a_counter_replaced_before_the_floor_is_unknown_from_there() -> None:
    track = Track(0)
    feed(track, 0, 1.0)
    feed(track, 2, 1.1)
    assert feed(track, 40, 0.2, floor=FIRST + 6) == {6: UNKNOWN, 7: UNKNOWN}
    assert track.unplaced == 100_000


def test_a_counter_at_rest_stands_still_and_is_not_measured() -> None:
    track = Track(0)
    assert [*track.rest(BEGIN, 0)] == []
    feed(track, 0, 1.0)
    assert [*track.rest(BEGIN + 11 * MINUTE, 0)] == [
        (FIRST, Cell(0, ESTIMATED, 0)),
        (FIRST + 1, Cell(0, ESTIMATED, 1)),
    ]
    assert feed(track, 15, 1.4)[2].mwh == 400_000


@given(
    st.lists(st.tuples(st.integers(1, 4_000_000), st.floats(0, 5)), min_size=1, max_size=40),
    st.integers(0, 40),
)
def test_the_slots_add_up_to_the_counter_exactly(
    steps: list[tuple[int, float]], floor: int
) -> None:
    track = Track(0)
    at = BEGIN
    shown = [*accumulate((rise for _ms, rise in steps), initial=1234.5)]
    placed: dict[int, int] = {}
    for (ms, _rise), kwh in zip([(0, 0.0), *steps], shown, strict=True):
        at += ms
        track = Track.from_state(track.as_state())
        for slot, cell in track.read(at, kwh, FIRST + floor):
            assert cell.mwh is not None
            assert cell.mwh >= 0
            assert slot >= FIRST + floor
            assert placed.setdefault(slot, cell.mwh) is cell.mwh
    total = sum(placed.values()) + track.part(at) + track.unplaced
    if at >= (FIRST + floor) * SLOT_MS:
        assert total == round(shown[-1] * 1e6) - round(shown[0] * 1e6)
        assert len(placed) == at // SLOT_MS - max(FIRST, FIRST + floor)


@pytest.mark.parametrize("ms", [1, 59_999, 60_000])
def test_an_edge_is_measured_within_a_minute(ms: int) -> None:
    track = Track(0)
    feed(track, 0, 1.0)
    assert feed(track, 5 + ms / MINUTE, 1.1)[0].grade is MEASURED
    assert feed(track, 15, 1.2)[1].grade is ESTIMATED
