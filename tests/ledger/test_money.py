"""Amounts: rounding at the edge, what is unknown, what is added how."""

from datetime import timedelta
from random import Random

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.ledger.money import NO_TIME, NOTHING, Item, Sum, cents, price_of

from .tools import HOUR, QUARTER


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (1.005, 1.01),
        (-1.005, -1.01),
        (0.285, 0.29),
        (2.675, 2.68),
        (1.0049, 1.00),
        (0.1 + 0.2, 0.30),
        (1234567.895, 1234567.90),
        (0.0, 0.0),
    ],
)
def test_half_a_cent_is_rounded_away_from_zero(amount: float, shown: float) -> None:
    assert cents(amount) == shown


def test_there_is_no_negative_zero() -> None:
    assert str(cents(-0.001)) == "0.0"


@given(st.floats(-1e9, 1e9))
def test_rounding_moves_half_a_cent_at_most(amount: float) -> None:
    assert abs(cents(amount) - amount) <= 0.005 + 1e-6
    assert cents(cents(amount)) == cents(amount)


def test_what_is_not_known_costs_nothing_that_is_known() -> None:
    assert price_of(None, 0.3) is None
    assert price_of(2.0, None) is None
    assert price_of(None, None) is None
    assert price_of(2.0, -0.3) == -0.6


def test_no_energy_costs_nothing_at_any_price() -> None:
    assert price_of(0.0, None) == 0.0


def test_a_sum_says_what_it_does_not_know() -> None:
    items = [Item(1.0, QUARTER), Item(None, HOUR, estimated=True), Item(2.0, HOUR, estimated=True)]
    assert Sum.of(items) == Sum(3.0, HOUR, HOUR)
    assert Sum.of(items, missing=QUARTER) == Sum(3.0, HOUR + QUARTER, HOUR)
    assert Sum.of([]) == NOTHING == Sum(0.0, NO_TIME, NO_TIME)


def test_spans_add_up_and_kinds_stand_beside_each_other() -> None:
    one, other = Sum(1.0, HOUR, QUARTER), Sum(2.0, QUARTER, HOUR)
    assert one + other == Sum(3.0, HOUR + QUARTER, HOUR + QUARTER)
    assert one.beside(other) == Sum(3.0, HOUR, HOUR)
    assert one.beside(other, -1) == Sum(-1.0, HOUR, HOUR)


@given(st.lists(st.floats(-1e6, 1e6)), st.randoms())
def test_the_order_of_the_items_does_not_matter(amounts: list[float], random: Random) -> None:
    items = [Item(amount, timedelta(minutes=15)) for amount in amounts]
    before = Sum.of(items)
    random.shuffle(items)
    assert Sum.of(items) == before
