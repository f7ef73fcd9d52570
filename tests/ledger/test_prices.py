"""What price entities showed, by the quarter that it holds for."""

from datetime import UTC, datetime, timedelta
import json

from custom_components.energy_hub.ledger.prices import Prices

NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
SPOT = "sensor.spot"


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_a_price_holds_for_the_quarters_in_which_it_was_shown() -> None:
    prices = Prices()
    prices.learn(SPOT, 100.0, at(0), at(1))
    prices.learn(SPOT, 100.0, at(0), at(40))
    assert prices.market == {SPOT: {at(0): 100, at(15): 100, at(30): 100}}
    prices.learn(SPOT, 80.0, at(45), at(46))
    assert prices.market[SPOT][at(30)] == 100
    assert prices.market[SPOT][at(45)] == 80


def test_a_price_that_comes_some_seconds_early_means_the_next_quarter() -> None:
    prices = Prices()
    prices.learn(SPOT, 100.0, at(0), at(14))
    prices.learn(SPOT, 80.0, at(15) - timedelta(seconds=20), at(16))
    assert prices.market == {SPOT: {at(0): 100, at(15): 80}}


def test_the_last_price_of_a_quarter_is_its_price() -> None:
    prices = Prices()
    prices.learn(SPOT, 100.0, at(0), at(2))
    prices.learn(SPOT, 90.0, at(3), at(4))
    assert prices.market == {SPOT: {at(0): 90}}


def test_a_clock_that_was_put_back_changes_no_past() -> None:
    prices = Prices()
    prices.learn(SPOT, 100.0, at(60), at(1))
    assert prices.market == {SPOT: {at(0): 100}}


def test_a_week_is_remembered_over_a_restart() -> None:
    prices = Prices()
    prices.learn(SPOT, -5.5, at(0), at(1))
    again = Prices(json.loads(json.dumps(prices.as_state())))
    assert again.market == prices.market
    again.forget(NOON + timedelta(days=7))
    assert again.market == prices.market
    again.forget(NOON + timedelta(days=9))
    assert again.market == {SPOT: {}}


def test_of_two_prices_of_a_quarter_the_second_counts() -> None:
    old = {SPOT: {at(0): 50.0, at(15): 60.0}}
    joined = Prices.joined(old, {SPOT: {at(15): 65.0}})
    assert joined.market == {SPOT: {at(0): 50, at(15): 65}}
    assert old[SPOT][at(15)] == 60
