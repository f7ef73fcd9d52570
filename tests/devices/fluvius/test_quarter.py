"""The running quarter."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.energy_hub.devices.fluvius.quarter import Quarter, QuarterTracker

START = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


def test_the_worked_example_of_the_projection() -> None:
    # Two seconds into the quarter with 4.482 kW: 9 W so far, 4.481 kW at its end.
    quarter = QuarterTracker().update(
        START + timedelta(seconds=2), register_w=9, import_w=4482, import_kwh=1.0
    )
    assert quarter.so_far_w == 9
    assert quarter.projected_w == pytest.approx(4481, abs=0.1)


def test_unknown_gives_unknown() -> None:
    tracker = QuarterTracker()
    assert tracker.update(START, register_w=None, import_w=5, import_kwh=None) == Quarter(
        None, None
    )
    assert tracker.update(START, register_w=7, import_w=None, import_kwh=None) == Quarter(7, None)


def test_an_old_meter_is_followed_from_a_quarters_start() -> None:
    tracker = QuarterTracker()

    def at(seconds: int, kwh: float) -> float | None:
        return tracker.update(
            START + timedelta(seconds=seconds), register_w=None, import_w=0, import_kwh=kwh
        ).so_far_w

    assert at(-400, 10.0) is None
    assert at(-1, 10.2) is None
    assert at(1, 10.2) == 0
    assert at(450, 10.45) == pytest.approx(1000)
    assert at(899, 10.7) == pytest.approx(2000)
    assert at(900, 10.7) == 0


def test_an_outage_over_the_start_leaves_the_quarter_unknown() -> None:
    tracker = QuarterTracker()
    tracker.update(START, register_w=None, import_w=0, import_kwh=10.0)
    late = START + timedelta(minutes=16)
    assert tracker.update(late, register_w=None, import_w=0, import_kwh=10.5).so_far_w is None
