"""Means of powers."""

from datetime import UTC, datetime

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.devices.fluvius.meter import Means, add, subtract
from custom_components.energy_hub.devices.fluvius.scan import Live

AT = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.lists(st.one_of(st.none(), st.integers(0, 99_999)), max_size=60))
def test_a_mean_counts_what_was_measured(values: list[int | None]) -> None:
    means = Means()
    for value in values:
        means.add(Live(AT, import_w=value))
    measured = [value for value in values if value is not None]
    mean = means.take()["import_w"]
    if measured:
        assert mean == pytest.approx(sum(measured) / len(measured), abs=0.06)
    else:
        assert mean is None


def test_a_mean_starts_again() -> None:
    means = Means()
    means.add(Live(AT, import_w=1000))
    means.take()
    means.add(Live(AT, import_w=10))
    assert means.take()["import_w"] == 10
    assert means.take()["import_w"] is None


def test_unknown_with_anything_is_unknown() -> None:
    assert add(1, None) is add(None, 1) is subtract(None, 1) is subtract(1, None) is None
    assert add(0.1, 0.2) == 0.3
