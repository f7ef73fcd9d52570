"""Batteries follow the house, obey commands, stop by themselves, and keep their limits."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.world import Battery, BatteryCommand, House, HouseConfig, Truth, mixed_house

from .tools import joules

NIGHT = datetime(2026, 1, 14, 22, tzinfo=UTC)
NOON = datetime(2026, 6, 21, 10, tzinfo=UTC)


def _minutes(house: House, begin: datetime, first: int, last: int) -> list[Truth]:
    return [house.truth(begin + timedelta(seconds=20 * n)) for n in range(first * 3, last * 3)]


def test_uncommanded_batteries_cover_the_house() -> None:
    house = House(mixed_house(), NIGHT)
    mean = house.mean(NIGHT + timedelta(minutes=5), NIGHT + timedelta(minutes=35))
    assert mean.battery_w == pytest.approx(mean.load_w, rel=0.05)
    assert abs(mean.grid_w) < 50


def test_uncommanded_batteries_store_the_surplus() -> None:
    house = House(mixed_house(), NOON)
    mean = house.mean(NOON + timedelta(minutes=5), NOON + timedelta(minutes=20))
    assert mean.battery_w < -1000
    assert abs(mean.grid_w) < 50


def test_a_command_ends_by_itself() -> None:
    house = House(mixed_house(), NIGHT)
    start, end = NIGHT + timedelta(minutes=10), NIGHT + timedelta(minutes=25)
    house.command("luna", BatteryCommand(power_w=-1800, until=end), start)
    commanded = _minutes(house, NIGHT, 10, 25)
    assert {one.batteries["luna"].power_w for one in commanded} == {-1800}
    assert house.truth(start - timedelta(seconds=1)).batteries["luna"].power_w >= 0
    assert house.truth(end - timedelta(seconds=1)).batteries["luna"].power_w == -1800
    assert house.truth(end).batteries["luna"].power_w > -1800
    assert house.truth(end + timedelta(seconds=30)).batteries["luna"].power_w > 0


def test_a_command_counts_from_the_next_whole_second() -> None:
    house = House(mixed_house(), NIGHT)
    start = NIGHT + timedelta(minutes=1, milliseconds=300)
    house.command("luna", BatteryCommand(power_w=0), start)
    assert house.truth(NIGHT + timedelta(minutes=1, seconds=1)).batteries["luna"].power_w == 0
    assert house.truth(NIGHT + timedelta(minutes=1)).batteries["luna"].power_w > 0


def test_the_newest_command_counts_and_the_older_one_does_not_come_back() -> None:
    house = House(mixed_house(), NIGHT)
    start = NIGHT + timedelta(minutes=5)
    house.command("luna", BatteryCommand(-2000, until=start + timedelta(hours=1)), start)
    newer = start + timedelta(minutes=10)
    house.command("luna", BatteryCommand(700, until=newer + timedelta(minutes=5)), newer)
    assert house.truth(newer - timedelta(seconds=1)).batteries["luna"].power_w == -2000
    assert house.truth(newer).batteries["luna"].power_w == 700
    assert house.truth(newer + timedelta(minutes=6)).batteries["luna"].power_w > 0


def test_a_battery_can_hold_the_meter_at_a_set_point() -> None:
    house = House(mixed_house(), NIGHT)
    house.command("luna", BatteryCommand(power_w=0), NIGHT)
    house.command("homevolt", BatteryCommand(power_w=None, grid_w=3000), NIGHT)
    mean = house.mean(NIGHT + timedelta(minutes=2), NIGHT + timedelta(minutes=30))
    assert mean.grid_w == pytest.approx(3000, abs=60)


def test_power_and_charge_stay_within_their_limits() -> None:
    house = House(mixed_house(), NIGHT)
    house.command("homevolt", BatteryCommand(99_999, until=NIGHT + timedelta(hours=3)), NIGHT)
    house.command("luna", BatteryCommand(-99_999, until=NIGHT + timedelta(hours=3)), NIGHT)
    first = house.truth(NIGHT + timedelta(minutes=1)).batteries
    assert first["homevolt"].power_w == 6000
    assert first["luna"].power_w == -2500
    last = house.truth(NIGHT + timedelta(hours=2, minutes=59)).batteries
    assert (last["homevolt"].power_w, last["luna"].power_w) == (0, 0)
    assert last["homevolt"].soc_percent == pytest.approx(10, abs=0.01)
    assert last["luna"].soc_percent == pytest.approx(100, abs=0.01)


def test_what_goes_in_comes_out_less_the_losses() -> None:
    battery = Battery("one", 8000, 3000, 3000, efficiency=0.9, start_soc=40)
    house = House(HouseConfig(batteries=(battery,)), NIGHT)
    hour = NIGHT + timedelta(hours=1)
    house.command("one", BatteryCommand(-2000, until=hour), NIGHT)
    first = house.truth(NIGHT).batteries["one"]
    full_kwh = house.truth(hour).batteries["one"].charged_kwh
    assert joules(full_kwh) - joules(first.charged_kwh) == 2000 * 3600
    last = house.truth(NIGHT + timedelta(hours=2)).batteries["one"]
    charged = joules(last.charged_kwh) - joules(first.charged_kwh)
    discharged = joules(last.discharged_kwh) - joules(first.discharged_kwh)
    assert discharged > 0
    stored = joules(first.stored_kwh) + charged * 0.9 - discharged / 0.9
    assert joules(last.stored_kwh) == pytest.approx(stored, abs=2)


def test_a_command_needs_a_battery_of_the_house() -> None:
    with pytest.raises(KeyError):
        House(mixed_house(), NIGHT).command("powerwall", BatteryCommand(0), NIGHT)
