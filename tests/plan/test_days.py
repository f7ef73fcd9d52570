"""Forecasts of days under a perfectly known sky, against a world of other models."""

import pytest

from custom_components.energy_hub.plan.forecast import expect
from custom_components.energy_hub.plan.learn import Correction
from custom_components.energy_hub.plan.outlook import Outlook
from custom_components.energy_hub.plan.plane import Plane
from custom_components.energy_hub.plan.sky import QUARTER, Light, Sky
from simulator.world import BRUSSELS_PLACE, Weather, mixed_house

from .world import DAY, HOUR, NO_SHADE, PLACE, day, plane_of, skies, truth_wh

ARRAYS = (*mixed_house().arrays, NO_SHADE)
DAYS = [f"2026-{month:02}-{date:02}" for month in range(1, 13) for date in (6, 16, 26)]


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_within_five_percent(text: str) -> None:
    weather = Weather(BRUSSELS_PLACE, 1)
    start = day(text)
    quarters = list(expect(plane_of(*ARRAYS), PLACE, skies(weather, start, start + DAY)))
    assert len(quarters) == 96
    outlook = Outlook.of(quarters, Correction())
    energy = outlook.energy(start, start + DAY)
    truth = sum(truth_wh(weather, one, start, start + DAY) for one in ARRAYS)
    assert energy is not None
    assert energy.raw_w == energy.corrected_w
    assert energy.raw_w == pytest.approx(truth, rel=0.05)


def test_what_is_not_known_is_not_expected() -> None:
    start = day("2026-06-01") + 12 * HOUR
    known = Sky(start, Light(600, 500, 200), 20.0)
    unlit = Sky(start + QUARTER, None, 20.0)
    airless = Sky(start + 2 * QUARTER, Light(600, 500, 200), None)
    planes = [Plane(tilt=35, azimuth=180, peak_w=1000)]
    quarters = list(expect(planes, PLACE, [known, unlit, airless]))
    assert [one.sky for one in quarters] == [known]
    outlook = Outlook.of(quarters, Correction())
    assert outlook.power(start + QUARTER) is None
    assert outlook.energy(start, start + HOUR) is None
    assert outlook.hours() == {}
    half = outlook.energy(start, start + QUARTER / 2)
    power = outlook.power(start + QUARTER / 3)
    assert half is not None
    assert power is not None
    assert half.raw_w == pytest.approx(power.raw_w / 8)


def test_each_plane_has_its_own_limit() -> None:
    sky = Sky(day("2026-06-01") + 12 * HOUR, Light(800, 850, 100), 20.0)
    free = Plane(tilt=35, azimuth=180, peak_w=4000)
    held = Plane(tilt=35, azimuth=180, peak_w=4000, limit_w=1000)
    (both,) = expect([free, held], PLACE, [sky])
    (alone,) = expect([free], PLACE, [sky])
    assert both.power_w == pytest.approx(alone.power_w + 1000)
    assert both.limited
    assert not alone.limited
    assert both.corrected_w(0.5, 0.5) == pytest.approx(alone.power_w / 2 + 1000)
