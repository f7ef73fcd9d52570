"""The live picture: readings of different ages, one house."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.energy_hub.ledger.live import ALIGNED, Live, Picture
from custom_components.energy_hub.ledger.source import DIRECTIONS, Grade, Source
from custom_components.energy_hub.reading import Flow, Reading
from simulator.world import House, Truth, mixed_house

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MEASURED, HELD, ESTIMATED, MISSING = Grade


def source(name: str, flow: Flow, *, power: bool = True) -> Source:
    return Source(id=name, flow=flow, power=power, counters=DIRECTIONS[flow])


METER = source("meter", Flow.GRID)
ROOF = source("roof", Flow.SOLAR)
SHED = source("shed", Flow.SOLAR)
BATTERY = source("battery", Flow.BATTERY)
PUMP = source("pump", Flow.LOAD)


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


def feed(
    live: Live, which: Source, second: float, power_w: float | None, valid_s: float = 300
) -> None:
    live.feed(
        Reading(
            source=which.id,
            flow=which.flow,
            at=at(second),
            valid_for=timedelta(seconds=valid_s),
            power_w=power_w,
        )
    )


def shown(live: Live, second: float) -> tuple[float | None, Grade]:
    house = live.picture(at(second)).house
    return house.power_w, house.grade


def test_the_house_is_the_sum_of_its_flows() -> None:
    live = Live((METER, ROOF, SHED, BATTERY))
    for which, power_w in ((METER, -900), (ROOF, 2500), (SHED, 400), (BATTERY, -1500)):
        feed(live, which, 0, power_w)
    picture = live.picture(at(1))
    assert (picture.solar_w, picture.grid_w, picture.battery_w) == (2900, -900, -1500)
    assert picture.house_w == 500
    assert picture.house.age == timedelta(seconds=1)
    assert picture.house.grade is MEASURED


def test_each_flow_shows_its_newest_value_and_the_age_of_its_oldest() -> None:
    live = Live((METER, ROOF, SHED))
    feed(live, METER, 100, 10)
    feed(live, ROOF, 90, 1)
    feed(live, SHED, 0, 2)
    picture = live.picture(at(100))
    assert picture.solar_w == 3
    assert picture.flows[Flow.SOLAR].age == timedelta(seconds=100)
    assert picture.flows[Flow.SOLAR].grade is HELD
    assert picture.sources[ROOF].grade is MEASURED
    assert picture.flows[Flow.GRID].age == timedelta()


def test_a_value_is_held_while_it_is_valid_and_missing_then() -> None:
    live = Live((METER, ROOF))
    feed(live, METER, 0, 100, valid_s=1000)
    feed(live, ROOF, 0, 50, valid_s=200)
    assert shown(live, ALIGNED.total_seconds()) == (150, MEASURED)
    assert shown(live, ALIGNED.total_seconds() + 1) == (150, HELD)
    assert shown(live, 200) == (150, HELD)
    assert shown(live, 201) == (None, MISSING)
    picture = live.picture(at(201))
    assert (picture.solar_w, picture.grid_w) == (None, 100)


def test_unknown_is_not_nothing() -> None:
    live = Live((METER, ROOF, BATTERY))
    assert shown(live, 0) == (None, MISSING)
    feed(live, METER, 0, 0)
    feed(live, ROOF, 0, 0)
    assert shown(live, 0) == (None, MISSING)
    feed(live, BATTERY, 0, 0)
    assert shown(live, 0) == (0, MEASURED)
    feed(live, BATTERY, 1, None)
    assert shown(live, 1) == (None, MISSING)
    for nonsense in (float("nan"), float("inf")):
        feed(live, BATTERY, 2, nonsense)
        assert shown(live, 2) == (None, MISSING)


def test_a_house_needs_a_grid() -> None:
    live = Live((ROOF,))
    feed(live, ROOF, 0, 500)
    picture = live.picture(at(0))
    assert (picture.solar_w, picture.grid_w, picture.house_w) == (500, None, None)


def test_loads_and_strangers_are_no_part_of_the_balance() -> None:
    live = Live((METER, PUMP, source("counted", Flow.BATTERY, power=False)))
    feed(live, METER, 0, 700)
    assert shown(live, 0) == (700, MEASURED)
    feed(live, PUMP, 0, -300)
    feed(live, ROOF, 0, 5000)
    picture = live.picture(at(0))
    assert picture.house_w == 700
    assert picture.flows.keys() == {Flow.GRID, Flow.LOAD}


def test_one_device_may_be_the_source_of_several_flows() -> None:
    both = [source("envoy", flow) for flow in (Flow.GRID, Flow.SOLAR)]
    live = Live(both)
    feed(live, both[0], 0, -1000)
    feed(live, both[1], 0, 1500)
    assert shown(live, 0) == (500, MEASURED)


def test_fresh_sources_are_brought_to_one_moment() -> None:
    # 600 W in the house; the battery stops at 10 s, which its own reading tells at 15 s.
    live = Live((METER, BATTERY))
    feed(live, BATTERY, 0, 2600)
    for second in range(20):
        feed(live, METER, second, -2000 if second < 10 else 600)
        if second == 15:
            feed(live, BATTERY, 15, 0)
        assert shown(live, second)[0] == 600
    assert live.picture(at(19)).grid_w == 600


def test_the_moment_of_the_house_never_goes_back() -> None:
    live = Live((METER, ROOF))
    feed(live, ROOF, 0, 100)
    feed(live, METER, 20, 0)
    feed(live, METER, 95, 500)
    assert shown(live, 95) == (600, HELD)
    # A value of 80 seconds ago comes in: the meter of then is the past.
    feed(live, METER, 100, 700)
    feed(live, ROOF, 20, 100)
    assert shown(live, 101) == (600, MEASURED)
    feed(live, ROOF, 102, 100)
    assert shown(live, 102)[0] == 800


def test_a_balance_that_is_negative_is_held_for_a_moment() -> None:
    live = Live((METER, ROOF))
    feed(live, METER, 0, -400)
    feed(live, ROOF, 0, 500)
    assert shown(live, 0) == (100, MEASURED)
    for second in range(10, 300, 10):
        feed(live, METER, second, -600)
        feed(live, ROOF, second, 500)
        expected = (100, HELD) if second <= ALIGNED.total_seconds() else (None, MISSING)
        assert shown(live, second) == expected
    assert live.picture(at(290)).grid_w == -600
    feed(live, METER, 300, -450)
    feed(live, ROOF, 300, 500)
    assert shown(live, 300) == (50, MEASURED)


def test_a_balance_that_was_never_good_is_unknown() -> None:
    live = Live((METER,))
    feed(live, METER, 0, -1)
    assert shown(live, 0) == (None, MISSING)


def test_the_rounding_of_floats_makes_no_negative_house() -> None:
    live = Live((METER, ROOF))
    feed(live, METER, 0, -0.3)
    feed(live, ROOF, 0, 0.1 + 0.2 - 1e-5)
    assert str(live.picture(at(0)).house_w) == "0.0"


def test_in_the_dark_a_silent_roof_gives_nothing() -> None:
    live = Live((METER, ROOF, SHED))
    feed(live, METER, 0, 300)
    feed(live, SHED, 0, 0)
    day, night = live.picture(at(1)), live.picture(at(1), dark=True)
    assert (day.solar_w, day.house_w) == (None, None)
    assert (night.solar_w, night.house_w) == (0, 300)
    assert night.house.grade is night.flows[Flow.SOLAR].grade is ESTIMATED
    # What is said counts, in the dark too.
    feed(live, ROOF, 0, 20)
    assert live.picture(at(1), dark=True).solar_w == 20


def test_an_older_reading_changes_nothing() -> None:
    live = Live((METER,))
    feed(live, METER, 10, 100)
    feed(live, METER, 9, 200)
    feed(live, METER, 10, 300)
    assert shown(live, 10) == (100, MEASURED)


def test_a_reading_from_the_future_is_the_present() -> None:
    live = Live((METER,))
    feed(live, METER, 60, 100)
    house = live.picture(at(0)).house
    assert (house.power_w, house.age) == (100, timedelta())


def test_memory_is_bounded() -> None:
    live = Live((METER,))
    for second in range(0, 5000, 5):
        feed(live, METER, second, second)
    assert len(live._samples[METER]) == 19


WORLD = House(mixed_house(), NOON)
HOUSE = {
    METER: lambda truth: truth.grid_w,
    ROOF: lambda truth: truth.solar_w,
    BATTERY: lambda truth: truth.battery_w,
}


def watched(random: Random, pace: dict[Source, int]) -> list[tuple[datetime, Picture]]:
    """Return pictures of five minutes in which every source has its own pace and delay."""
    live = Live(HOUSE)
    pictures = []
    delay = {which: random.uniform(0, min(one, 20)) for which, one in pace.items()}
    arrivals = sorted(
        (second + delay[which], second, which.id)
        for which, one in pace.items()
        for second in range(0, 300, one)
    )
    by_id = {which.id: which for which in HOUSE}
    for arrived, second, name in arrivals:
        which = by_id[name]
        feed(live, which, second, HOUSE[which](WORLD.truth(at(second))))
        pictures.append((at(arrived), live.picture(at(arrived))))
    return pictures


@settings(max_examples=12)
@given(
    seed=st.integers(0, 999),
    paces=st.tuples(*[st.sampled_from((1, 5, 10, 15, 30, 60))] * 3),
)
def test_the_aligned_house_is_that_of_its_moment(seed: int, paces: tuple[int, int, int]) -> None:
    """Where all sources were read at the moment of the picture, the house is the true one."""
    pace = dict(zip(HOUSE, paces, strict=True))
    for now, picture in watched(Random(seed), pace):
        if picture.house_w is None:
            continue
        assert picture.house_w >= 0
        assert picture.house.age is not None
        moment = now - picture.house.age
        second = (moment - NOON).total_seconds()
        if picture.house.grade is MEASURED and not any(second % one for one in paces):
            truth: Truth = WORLD.truth(moment)
            assert picture.house_w == pytest.approx(truth.load_w, abs=1)
