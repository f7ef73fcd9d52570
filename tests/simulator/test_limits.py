"""Inverters with a battery: what they give, what limits and rules take, exactly counted."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st
import pytest

from simulator.world import (
    BatteryCommand,
    BatteryRules,
    House,
    HouseConfig,
    Inverter,
    InverterLimits,
    Truth,
    mixed_house,
    plain_house,
)

from .tools import joules

NIGHT = datetime(2026, 1, 14, 22, tzinfo=UTC)
NOON = datetime(2026, 6, 21, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _luna_only(begin: datetime) -> House:
    """Return a house with one array and the battery behind the same inverter."""
    mixed = mixed_house()
    return House(
        HouseConfig(
            arrays=mixed.arrays[-1:],
            batteries=mixed.batteries[:1],
            inverters=mixed.inverters,
            heat_pump=False,
            car=False,
        ),
        begin,
    )


def _seconds(house: House, start: datetime, count: int) -> list[Truth]:
    return [house.truth(start + timedelta(seconds=one)) for one in range(count)]


def _tampered() -> House:
    """Return a house in which everything has been limited for a while."""
    house = House(mixed_house(), NOON)
    house.limit("huawei", InverterLimits(export_w=0), NOON + 10 * MINUTE)
    house.limit("huawei", InverterLimits(power_w=1200), NOON + 25 * MINUTE)
    house.allow("luna", BatteryRules(charge_w=700, grid_w=0), NOON + 30 * MINUTE)
    house.command("luna", BatteryCommand(2000, until=NOON + 50 * MINUTE), NOON + 40 * MINUTE)
    house.limit("huawei", InverterLimits(), NOON + 55 * MINUTE)
    return house


TAMPERED = _tampered()


@settings(max_examples=40)
@given(first=st.integers(0, 3600), length=st.integers(1, 200))
def test_what_is_cut_is_not_counted(first: int, length: int) -> None:
    start = NOON + timedelta(seconds=first)
    steps = _seconds(TAMPERED, start, length)
    end = TAMPERED.truth(start + timedelta(seconds=length))
    for one in steps:
        inverter = one.inverters["huawei"]
        parts = one.arrays["huawei"].power_w, one.batteries["luna"].power_w
        assert inverter.power_w == sum(parts)
        assert one.solar_w + one.grid_w + one.battery_w == one.load_w
        assert inverter.cut_w >= 0
    given_kwh = [one.inverters["huawei"].energy_kwh for one in (steps[0], end)]
    assert joules(given_kwh[1]) - joules(given_kwh[0]) == sum(
        max(0, one.inverters["huawei"].power_w) for one in steps
    )
    made_kwh = [one.arrays["huawei"].energy_kwh for one in (steps[0], end)]
    assert joules(made_kwh[1]) - joules(made_kwh[0]) == sum(
        one.arrays["huawei"].power_w for one in steps
    )


def test_a_house_that_must_not_export_does_not() -> None:
    house = House(plain_house(), NOON)
    assert house.mean(NOON, NOON + 10 * MINUTE).grid_w < -1000
    house.limit("huawei", InverterLimits(export_w=0), NOON + 10 * MINUTE)
    limited = _seconds(house, NOON + 10 * MINUTE, 600)
    assert {one.grid_w for one in limited if one.inverters["huawei"].cut_w} == {0}
    assert min(one.grid_w for one in limited) == 0
    assert all(one.solar_w <= one.load_w for one in limited)
    house.limit("huawei", InverterLimits(), NOON + 20 * MINUTE)
    assert house.mean(NOON + 20 * MINUTE, NOON + 30 * MINUTE).grid_w < -1000


@pytest.mark.parametrize("export_w", [800, -300])
def test_the_limit_of_the_export_may_be_anything(export_w: int) -> None:
    house = House(plain_house(), NOON)
    house.limit("huawei", InverterLimits(export_w=export_w), NOON)
    limited = _seconds(house, NOON, 300)
    assert min(one.grid_w for one in limited) == -export_w


def test_an_inverter_gives_no_more_than_it_may() -> None:
    house = House(plain_house(), NOON)
    free = house.truth(NOON + MINUTE).inverters["huawei"]
    house.limit("huawei", InverterLimits(power_w=900), NOON)
    limited = house.truth(NOON + MINUTE).inverters["huawei"]
    assert limited.power_w == 900
    assert limited.power_w + limited.cut_w == free.power_w


def test_a_forced_discharge_keeps_to_the_export_limit() -> None:
    house = _luna_only(NIGHT)
    house.limit("huawei", InverterLimits(export_w=0), NIGHT)
    house.command("luna", BatteryCommand(2500), NIGHT)
    truths = _seconds(house, NIGHT + MINUTE, 120)
    assert min(one.grid_w for one in truths) == 0
    assert any(0 < one.batteries["luna"].power_w < 2500 for one in truths)


def test_the_inverter_bounds_array_and_battery_together() -> None:
    config = mixed_house()
    small = HouseConfig(
        arrays=config.arrays,
        batteries=config.batteries,
        inverters=(Inverter("huawei", "huawei", ("luna",), limit_w=5000),),
    )
    house = House(small, NOON)
    house.command("luna", BatteryCommand(2500), NOON)
    assert house.truth(NOON + MINUTE).inverters["huawei"].power_w == 5000


def test_a_battery_may_take_and_give_less() -> None:
    house = _luna_only(NIGHT)
    house.allow("luna", BatteryRules(charge_w=600, discharge_w=150), NIGHT)
    truths = _seconds(house, NIGHT + MINUTE, 60)
    assert {one.batteries["luna"].power_w for one in truths} == {150}
    house.command("luna", BatteryCommand(-2500), NIGHT + 2 * MINUTE)
    assert house.truth(NIGHT + 3 * MINUTE).batteries["luna"].power_w == -600


def test_the_window_of_its_charge_can_be_set() -> None:
    house = _luna_only(NIGHT)
    house.allow("luna", BatteryRules(min_soc=45, max_soc=52), NIGHT)
    house.command("luna", BatteryCommand(2500), NIGHT)
    assert house.truth(NIGHT + 30 * MINUTE).batteries["luna"].soc_percent == pytest.approx(45, 1e-3)
    house.command("luna", BatteryCommand(-2500), NIGHT + 30 * MINUTE)
    assert house.truth(NIGHT + 60 * MINUTE).batteries["luna"].soc_percent == pytest.approx(52, 1e-3)


def test_it_charges_from_the_grid_only_where_that_is_allowed() -> None:
    house = _luna_only(NIGHT)
    house.allow("luna", BatteryRules(grid_w=0), NIGHT)
    house.command("luna", BatteryCommand(-2000), NIGHT)
    assert house.truth(NIGHT + 5 * MINUTE).batteries["luna"].power_w == 0
    house.allow("luna", BatteryRules(grid_w=800, grid_soc=51), NIGHT + 5 * MINUTE)
    assert house.truth(NIGHT + 6 * MINUTE).batteries["luna"].power_w == -800
    later = house.truth(NIGHT + 60 * MINUTE).batteries["luna"]
    assert later.power_w == 0
    assert later.soc_percent == pytest.approx(51, abs=0.01)


def test_it_always_charges_from_its_own_array() -> None:
    house = _luna_only(NOON)
    house.allow("luna", BatteryRules(grid_w=0), NOON)
    house.command("luna", BatteryCommand(-2400), NOON)
    truth = house.truth(NOON + MINUTE)
    assert truth.arrays["huawei"].power_w > 2400
    assert truth.batteries["luna"].power_w == -2400


@pytest.mark.parametrize(("power_w", "target"), [(-2000, 55.0), (2000, 45.0)])
def test_a_command_to_a_state_of_charge_ends_for_good(power_w: int, target: float) -> None:
    house = _luna_only(NIGHT)
    command = BatteryCommand(power_w, target_soc=target)
    house.command("luna", command, NIGHT)
    assert house.order("luna", NIGHT + MINUTE) == command
    truths = [house.truth(NIGHT + second * timedelta(seconds=1)) for second in range(1200)]
    powers = [one.batteries["luna"].power_w for one in truths]
    end = next(second for second, one in enumerate(powers) if one != power_w)
    assert truths[end + 2].batteries["luna"].soc_percent == pytest.approx(target, abs=0.1)
    assert house.order("luna", NIGHT + timedelta(seconds=end + 2)) is None
    # It follows the house again, away from the target too.
    assert all(0 <= one < 2000 for one in powers[end + 20 :])
    assert house.order("luna", NIGHT + timedelta(hours=3)) is None


def test_a_target_that_is_reached_already_does_nothing() -> None:
    house, untouched = _luna_only(NIGHT), _luna_only(NIGHT)
    house.command("luna", BatteryCommand(-2000, target_soc=30.0), NIGHT + MINUTE)
    assert house.order("luna", NIGHT + MINUTE) is None
    assert house.truth(NIGHT + 9 * MINUTE) == untouched.truth(NIGHT + 9 * MINUTE)


def test_an_order_is_known_while_it_counts() -> None:
    house = House(mixed_house(), NIGHT)
    command = BatteryCommand(0, until=NIGHT + 5 * MINUTE)
    house.command("luna", command, NIGHT + MINUTE)
    assert house.order("luna", NIGHT) is None
    assert house.order("luna", NIGHT + MINUTE) == command
    assert house.order("luna", NIGHT + 5 * MINUTE - timedelta(seconds=1)) == command
    assert house.order("luna", NIGHT + 5 * MINUTE) is None
    assert house.order("homevolt", NIGHT + MINUTE) is None


def test_a_battery_at_rest_or_storing_only() -> None:
    house = House(mixed_house(), NOON - timedelta(hours=5))
    house.allow(
        "luna", BatteryRules(uncommanded=BatteryCommand(None, stores_only=True)), house.begin
    )
    house.allow("homevolt", BatteryRules(uncommanded=BatteryCommand(0)), house.begin)
    truths = [house.truth(house.begin + one * MINUTE) for one in range(12 * 60)]
    assert {one.batteries["homevolt"].power_w for one in truths} == {0}
    luna = {one.batteries["luna"].power_w for one in truths}
    assert min(luna) < 0
    assert max(luna) == 0
    command = BatteryCommand(1000, until=truths[-1].time + 10 * MINUTE)
    house.command("luna", command, truths[-1].time)
    assert house.truth(truths[-1].time + 9 * MINUTE).batteries["luna"].power_w == 1000


def test_the_peak_is_that_of_the_local_day() -> None:
    midnight = datetime(2026, 6, 20, 22, tzinfo=UTC)
    house = House(mixed_house(), midnight - timedelta(hours=6))
    seconds = _seconds(house, midnight, 3000)
    highest = max(one.inverters["huawei"].power_w for one in seconds)
    assert seconds[-1].inverters["huawei"].peak_w == highest
    evening = house.truth(midnight - timedelta(seconds=1)).inverters["huawei"]
    assert evening.peak_w > seconds[0].inverters["huawei"].peak_w


def test_rules_in_the_past_change_only_what_follows() -> None:
    late, early = House(mixed_house(), NOON), House(mixed_house(), NOON)
    end = NOON + 40 * MINUTE
    before = late.truth(NOON + 9 * MINUTE)
    late.truth(end)
    for house in (late, early):
        house.limit("huawei", InverterLimits(export_w=0), NOON + 10 * MINUTE)
        house.allow("luna", BatteryRules(charge_w=100), NOON + 20 * MINUTE)
    assert late.truth(end) == early.truth(end)
    assert late.truth(NOON + 9 * MINUTE) == before


def test_only_what_the_house_has_can_be_set() -> None:
    house = House(mixed_house(), NIGHT)
    with pytest.raises(KeyError):
        house.allow("powerwall", BatteryRules(), NIGHT)
    with pytest.raises(KeyError):
        house.limit("fronius", InverterLimits(), NIGHT)
    with pytest.raises(KeyError):
        House(HouseConfig(inverters=(Inverter("x", "nothing"),)), NIGHT)


def test_a_plan_replaces_what_was_planned() -> None:
    house = House(mixed_house(), NIGHT)

    def runs(power_w: int) -> BatteryRules:
        return BatteryRules(uncommanded=BatteryCommand(power_w))

    house.plan("homevolt", [(NIGHT + 2 * MINUTE, runs(700)), (NIGHT + 4 * MINUTE, runs(0))], NIGHT)
    assert house.truth(NIGHT + 3 * MINUTE).batteries["homevolt"].power_w == 700
    assert house.truth(NIGHT + 5 * MINUTE).batteries["homevolt"].power_w == 0
    house.plan("homevolt", [(NIGHT + 3 * MINUTE, runs(-900))], NIGHT + 3 * MINUTE)
    watts = [
        house.truth(NIGHT + minutes * MINUTE).batteries["homevolt"].power_w for minutes in (2, 3, 9)
    ]
    assert watts == [700, -900, -900]
    with pytest.raises(KeyError):
        house.plan("none", [(NIGHT, runs(0))], NIGHT)
