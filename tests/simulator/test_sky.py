"""The sun, the weather and the panels behave like those outside."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import degrees

import pytest

from simulator.world import BRUSSELS_PLACE, House, Place, Weather, mixed_house
from simulator.world.sun import clear_sky, sun_position

SOLSTICE = datetime(2026, 6, 21, 11, 44, tzinfo=UTC)
"""About solar noon in Brussels."""


def _elevation(place: Place, at: datetime) -> float:
    return degrees(sun_position(place, at.timestamp()).elevation)


def test_the_sun_stands_where_the_almanac_says() -> None:
    sun = sun_position(BRUSSELS_PLACE, SOLSTICE.timestamp())
    assert degrees(sun.elevation) == pytest.approx(90 - 50.85 + 23.44, abs=0.1)
    assert degrees(sun.azimuth) == pytest.approx(180, abs=1)
    winter = SOLSTICE.replace(month=12)
    assert _elevation(BRUSSELS_PLACE, winter) == pytest.approx(90 - 50.85 - 23.44, abs=0.1)


def test_the_sun_stands_overhead_on_the_equator_at_the_equinox() -> None:
    equinox = datetime(2026, 3, 20, 12, 7, 30, tzinfo=UTC)
    assert _elevation(Place(0, 0, "UTC"), equinox) == pytest.approx(90, abs=0.5)


def test_morning_is_east_and_evening_is_west() -> None:
    morning = sun_position(BRUSSELS_PLACE, SOLSTICE.timestamp() - 5 * 3600)
    evening = sun_position(BRUSSELS_PLACE, SOLSTICE.timestamp() + 5 * 3600)
    assert 60 < degrees(morning.azimuth) < 120
    assert 240 < degrees(evening.azimuth) < 300


def test_a_clear_summer_noon_gives_about_a_thousand_watts() -> None:
    light = clear_sky(sun_position(BRUSSELS_PLACE, SOLSTICE.timestamp()).elevation)
    assert 800 < light.level < 1050
    assert 800 < light.direct < 1000
    assert clear_sky(-0.01) == (0, 0, 0)


def test_clouds_are_smooth_and_take_light_away() -> None:
    weather = Weather(BRUSSELS_PLACE, seed=3)
    start_s = SOLSTICE.timestamp()
    covers = [weather.cover(start_s + second) for second in range(0, 5 * 86_400, 10)]
    assert max(abs(a - b) for a, b in pairwise(covers)) < 0.05
    assert min(covers) < 0.2
    assert max(covers) > 0.5
    for second in range(0, 86_400, 600):
        sky = weather.sky(start_s + second)
        clear = clear_sky(sky.sun.elevation)
        assert 0 <= sky.irradiance.level <= clear.level
        assert 0 <= sky.irradiance.direct <= clear.direct
        assert sky.irradiance.diffuse >= 0


def test_it_is_warmer_in_summer_on_both_halves_of_the_earth() -> None:
    def mean(place: Place, month: int) -> float:
        weather = Weather(place, seed=1)
        first = datetime(2026, month, 1, tzinfo=UTC)
        skies = [weather.sky((first + timedelta(hours=3 * n)).timestamp()) for n in range(240)]
        return sum(sky.temperature_c for sky in skies) / len(skies)

    south = Place(-33.9, 18.4, "Africa/Johannesburg")
    assert mean(BRUSSELS_PLACE, 7) > mean(BRUSSELS_PLACE, 1) + 8
    assert mean(south, 1) > mean(south, 7) + 5


def test_arrays_follow_their_orientation_and_limit() -> None:
    begin = datetime(2026, 6, 20, 22, tzinfo=UTC)
    house = House(mixed_house(), begin, fine_from=begin + timedelta(days=2))
    morning = house.truth(begin + timedelta(hours=8)).arrays
    evening = house.truth(begin + timedelta(hours=18)).arrays
    assert morning["hoymiles"].power_w > morning["enphase"].power_w
    assert evening["enphase"].power_w > evening["hoymiles"].power_w
    limits = {array.id: array.limit_w for array in house.config.arrays}
    for hours in range(24):
        truth = house.truth(begin + timedelta(hours=hours))
        assert all(0 <= one.power_w <= limits[name] for name, one in truth.arrays.items())
    assert house.truth(begin + timedelta(hours=2)).solar_w == 0


def test_a_day_in_june_gives_more_than_one_in_december() -> None:
    def day_kwh(month: int) -> float:
        begin = datetime(2026, month, 20, 23, tzinfo=UTC)
        end = begin + timedelta(days=1)
        house = House(mixed_house(), begin, fine_from=end)
        return house.truth(end).solar_kwh - house.truth(begin).solar_kwh

    assert day_kwh(6) > 3 * day_kwh(12) > 0


def test_panels_add_up_to_their_array(house: House) -> None:
    at = house.begin + timedelta(minutes=30)
    for array in house.config.arrays:
        powers = house.panel_w(array.id, at)
        assert len(powers) == array.panels
        assert sum(powers) == pytest.approx(house.truth(at).arrays[array.id].power_w)
        assert len(set(powers)) > 1
