"""The energy of a span, cut at quarters and at the edges of what is asked."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.ledger.slot import between

from .tools import EARLIEST, HOUR, LATEST, QUARTER, local, slot

NOON = local("2026-06-15 12:00")
MOMENTS = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
LENGTHS = st.timedeltas(timedelta(seconds=1), 5 * HOUR)


@given(MOMENTS, LENGTHS, st.floats(0, 100), st.none() | st.floats(0, 100))
def test_the_quarters_of_a_slot_are_the_slot(
    start: datetime, length: timedelta, drawn: float, fed: float | None
) -> None:
    whole = slot(start, start + length, drawn=drawn, fed=fed, used=None)
    parts = list(whole.quarters())
    assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert all(part.length <= QUARTER for part in parts)
    assert all(part.start.minute % 15 == 0 for part in parts[1:])
    assert sum(part.import_kwh or 0 for part in parts) == pytest.approx(drawn)
    assert all((part.export_kwh is None) is (fed is None) for part in parts)
    assert all(part.house_kwh is None for part in parts)


def test_a_quarter_is_not_cut_and_not_estimated() -> None:
    whole = slot(NOON, NOON + QUARTER, drawn=1)
    assert [*whole.quarters()] == [whole]


def test_a_cut_part_is_an_estimate() -> None:
    parts = [*slot(NOON, NOON + 2 * QUARTER, drawn=1).quarters()]
    assert [part.import_kwh for part in parts] == [0.5, 0.5]
    assert all(part.estimated for part in parts)


def test_only_what_lies_inside_is_returned() -> None:
    hours = [slot(NOON + n * HOUR, NOON + (n + 1) * HOUR, drawn=4) for n in range(5)]
    found = between(hours, NOON + HOUR + QUARTER, NOON + 3 * HOUR)
    assert [part.import_kwh for part in found] == [3, 4]
    assert [part.estimated for part in found] == [True, False]
    assert between(hours, NOON - HOUR, NOON) == []
    assert between(hours, NOON + 5 * HOUR, NOON + 6 * HOUR) == []
    assert between([], NOON, NOON + HOUR) == []


def test_energy_that_would_count_twice_is_refused() -> None:
    hours = [slot(NOON, NOON + HOUR), slot(NOON + 3 * QUARTER, NOON + 2 * HOUR)]
    with pytest.raises(ValueError, match="overlap"):
        between(hours, NOON, NOON + 2 * HOUR)


def test_a_slot_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="ends after"):
        slot(NOON, NOON)
