"""How many quarters are interpolated or not known."""

from datetime import timedelta

from custom_components.energy_hub.ledger.energy import Energy
from custom_components.energy_hub.ledger.graded import Graded, graded

from .readings import METER, NOON, ROOF, at, energy, meter, reading, roof

__all__ = ["energy"]

HOUR = timedelta(hours=1)


def counted(energy: Energy, minute: float) -> dict[int, tuple[float, float]]:
    """Return estimated and missing quarters of every hour that is kept, since noon."""
    energy.changes(at(minute))
    return numbers(graded(energy.rows(), None))


def numbers(counts: Graded) -> dict[int, tuple[float, float]]:
    assert counts.estimated.keys() == counts.missing.keys()
    return {
        (hour - NOON) // HOUR: (counts.estimated[hour], missing)
        for hour, missing in counts.missing.items()
    }


def test_quarters_are_measured_missing_or_estimated(energy: Energy) -> None:
    for minute in range(5, 65, 5):
        meter(energy, minute, 100 + minute / 100)
        roof(energy, minute, 50 + minute / 100)
    assert counted(energy, 60) == {0: (0, 0)}
    # The roof is silent: its quarters wait an hour, then they are missing.
    for minute in range(65, 185, 5):
        meter(energy, minute, 100 + minute / 100)
    assert counted(energy, 120) == {0: (0, 0), 1: (0, 0), 2: (0, 0)}
    assert counted(energy, 155) == {0: (0, 0), 1: (0, 3), 2: (0, 0)}
    assert counted(energy, 180) == {0: (0, 0), 1: (0, 4), 2: (0, 0)}
    # It says what was at 85 minutes, and then what is now: the rest is spread.
    for minute in (*range(65, 90, 5), 180):
        roof(energy, minute, 50 + minute / 100, now=180)
    assert counted(energy, 180) == {0: (0, 0), 1: (3, 0), 2: (4, 0)}


def test_a_quarter_can_be_both() -> None:
    energy = Energy((METER, ROOF), NOON)
    energy.feed(reading(METER, 0, 100, 0), at(0))
    energy.feed(reading(METER, 60, 101, 0), at(60))
    assert counted(energy, 120) == {0: (4, 4)}


def test_lost_hours_are_missing(energy: Energy) -> None:
    meter(energy, 5, 100)
    roof(energy, 5, 50)
    rows = energy.changes(at(5)).rows
    assert numbers(graded(rows, NOON - 3 * HOUR)) == {-2: (0, 4), -1: (0, 4), 0: (0, 0)}
    assert numbers(graded(rows, NOON)) == {0: (0, 0)}
    assert numbers(graded((), NOON)) == {}
