"""At every instant the flows add up, and every counter is the integral of its power."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st
import pytest

from simulator.world import BatteryCommand, House, HouseConfig, Truth, mixed_house, plain_house
from simulator.world.config import BRUSSELS_PLACE

from .tools import joules

BEGIN = datetime(2026, 4, 14, 22, tzinfo=UTC)
FINE = timedelta(hours=12)
LENGTH = timedelta(hours=36)


def _make(config: HouseConfig) -> House:
    """Return a house of half a day in coarse steps and a day in fine ones."""
    house = House(config, BEGIN, fine_from=BEGIN + FINE)
    if config.batteries:
        start = BEGIN + timedelta(hours=20)
        command = BatteryCommand(power_w=-1500, until=start + timedelta(hours=1))
        house.command("homevolt", command, start)
    return house


HOUSES = {
    "mixed": _make(mixed_house(seed=5)),
    "plain": _make(plain_house(seed=6)),
    "single phase": _make(
        HouseConfig(7, BRUSSELS_PLACE, 1, mixed_house().arrays, mixed_house().batteries)
    ),
    "no devices": _make(HouseConfig(seed=8)),
}

houses = st.sampled_from(sorted(HOUSES)).map(HOUSES.__getitem__)
instants = st.integers(0, int(LENGTH.total_seconds() * 1000)).map(
    lambda ms: BEGIN + timedelta(milliseconds=ms)
)


@settings(max_examples=200)
@given(house=houses, at=instants)
def test_the_balance_closes(house: House, at: datetime) -> None:
    truth = house.truth(at)
    assert abs(truth.solar_w + truth.grid_w + truth.battery_w - truth.load_w) < 1
    assert sum(phase.power_w for phase in truth.phases) == truth.grid_w
    assert sum(one.power_w for one in truth.arrays.values()) == truth.solar_w
    assert sum(one.power_w for one in truth.batteries.values()) == truth.battery_w
    assert truth.load_w > 0
    assert len(truth.phases) == house.config.phases


@settings(max_examples=40)
@given(
    house=houses,
    first=st.integers(int(FINE.total_seconds()), int(LENGTH.total_seconds())),
    length=st.integers(1, 400),
)
def test_counters_are_the_exact_integral_of_power(house: House, first: int, length: int) -> None:
    start = BEGIN + timedelta(seconds=first)
    steps = [house.truth(start + timedelta(seconds=second)) for second in range(length)]
    end = house.truth(start + timedelta(seconds=length))
    begin = steps[0]
    assert _moved(begin.solar_kwh, end.solar_kwh) == sum(one.solar_w for one in steps)
    assert _moved(begin.load_kwh, end.load_kwh) == sum(one.load_w for one in steps)
    assert _moved(begin.import_kwh, end.import_kwh) == sum(max(0, one.grid_w) for one in steps)
    assert _moved(begin.export_kwh, end.export_kwh) == sum(max(0, -one.grid_w) for one in steps)
    for name in begin.arrays:
        kwh = begin.arrays[name].energy_kwh, end.arrays[name].energy_kwh
        assert _moved(*kwh) == sum(one.arrays[name].power_w for one in steps)
    for name in begin.batteries:
        _check_battery(name, steps, end)


def _check_battery(name: str, steps: list[Truth], end: Truth) -> None:
    powers = [one.batteries[name].power_w for one in steps]
    first, last = steps[0].batteries[name], end.batteries[name]
    assert _moved(first.discharged_kwh, last.discharged_kwh) == sum(max(0, one) for one in powers)
    assert _moved(first.charged_kwh, last.charged_kwh) == sum(max(0, -one) for one in powers)


def _moved(first_kwh: float, last_kwh: float) -> int:
    return joules(last_kwh) - joules(first_kwh)


@settings(max_examples=40)
@given(house=houses, first=instants, second=instants)
def test_means_come_from_the_counters(house: House, first: datetime, second: datetime) -> None:
    if first == second:
        with pytest.raises(ValueError, match="after"):
            house.mean(first, second)
        return
    mean = house.mean(min(first, second), max(first, second))
    balance = mean.solar_w + mean.grid_w + mean.battery_w - mean.load_w
    # Closer together than a few seconds, the digits of the counters show.
    assert abs(balance) < 1 + 0.01 / abs((second - first).total_seconds())


def test_counters_inside_a_second_go_on_in_a_straight_line() -> None:
    house = HOUSES["mixed"]
    start = BEGIN + timedelta(hours=18, minutes=3, seconds=5)
    half = house.truth(start + timedelta(milliseconds=500))
    first, last = house.truth(start), house.truth(start + timedelta(seconds=1))
    assert half.load_kwh == pytest.approx((first.load_kwh + last.load_kwh) / 2, abs=1e-10)
    assert half.load_w == first.load_w


def test_a_coarse_minute_is_close_to_a_fine_one() -> None:
    fine = House(plain_house(seed=6), BEGIN)
    end = BEGIN + timedelta(hours=12)
    coarse = HOUSES["plain"].mean(BEGIN, end)
    assert coarse.load_w == pytest.approx(fine.mean(BEGIN, end).load_w, rel=0.01)
    assert coarse.solar_w == pytest.approx(fine.mean(BEGIN, end).solar_w, rel=0.01)


def test_nothing_is_true_before_the_beginning() -> None:
    with pytest.raises(ValueError, match="began"):
        HOUSES["plain"].truth(BEGIN - timedelta(seconds=1))


def test_phases_are_those_of_a_real_connection() -> None:
    house = HOUSES["mixed"]
    for minutes in range(0, 36 * 60, 37):
        truth = house.truth(BEGIN + timedelta(minutes=minutes))
        assert 49.9 < truth.frequency_hz < 50.1
        for phase in truth.phases:
            assert 215 < phase.voltage_v < 250
            assert phase.current_a * phase.voltage_v == pytest.approx(abs(phase.power_w), abs=50)
