"""Sun, light on planes and warm cells, against the models of pvlib."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import degrees, sin

import numpy as np
import pandas as pd
import pvlib
import pytest

from custom_components.energy_hub.plan.panel import cell_c, clipped_w, panel_w
from custom_components.energy_hub.plan.plane import Edge, Plane
from custom_components.energy_hub.plan.sky import Light
from custom_components.energy_hub.plan.split import split
from custom_components.energy_hub.plan.sun import Place, Sun, sun_at

YEAR = [datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=n) for n in range(8760)]
PLACES = (Place(50.85, 4.35), Place(-33.9, 18.4), Place(67.9, 20.2))
PLANES = ((35, 180), (15, 90), (40, 275), (90, 0))


@pytest.fixture(scope="module", params=PLACES, ids=["Brussels", "Cape Town", "Kiruna"])
def place(request: pytest.FixtureRequest) -> Place:
    """Return one of three latitudes."""
    found: Place = request.param
    return found


@pytest.fixture(scope="module")
def suns(place: Place) -> pd.DataFrame:
    """Return where pvlib sees the sun over a year of hours."""
    index = pd.DatetimeIndex(YEAR)
    return pvlib.solarposition.get_solarposition(index, place.latitude, place.longitude)


@pytest.fixture(scope="module")
def lights(place: Place, suns: pd.DataFrame) -> pd.DataFrame:
    """Return a year of light and air: clear, hazy and dull hours in turn."""
    clear = pvlib.clearsky.haurwitz(suns["apparent_zenith"])["ghi"].to_numpy()
    level = clear * np.resize([1.0, 0.8, 0.45, 0.2, 0.95], len(YEAR))
    split = pvlib.irradiance.erbs(level, suns["zenith"], pd.DatetimeIndex(YEAR))
    air = 10 + 12 * np.sin(np.arange(len(YEAR)) / 700) + 5 * np.sin(np.arange(len(YEAR)) / 4)
    wind = np.resize([0.5, 1.0, 4.0], len(YEAR))
    return pd.DataFrame(
        {
            "level": level,
            "direct": np.asarray(split["dni"]),
            "diffuse": np.asarray(split["dhi"]),
            "air": air,
            "wind": wind,
        }
    )


def test_the_sun_stands_where_pvlib_sees_it(place: Place, suns: pd.DataFrame) -> None:
    for at, height, azimuth in zip(YEAR, suns["elevation"], suns["azimuth"], strict=True):
        sun = sun_at(place, at)
        assert degrees(sun.elevation) == pytest.approx(height, abs=0.02)
        if abs(height) < 80:
            off = (degrees(sun.azimuth) - azimuth + 180) % 360 - 180
            assert abs(off) < 0.1


@pytest.mark.parametrize(("tilt", "azimuth"), PLANES)
def test_light_and_heat_agree_with_pvlib(
    place: Place, suns: pd.DataFrame, lights: pd.DataFrame, tilt: int, azimuth: int
) -> None:
    index = pd.DatetimeIndex(YEAR)
    theirs = pvlib.irradiance.get_total_irradiance(
        tilt,
        azimuth,
        suns["zenith"],
        suns["azimuth"],
        lights["direct"].to_numpy(),
        lights["level"].to_numpy(),
        lights["diffuse"].to_numpy(),
        dni_extra=pvlib.irradiance.get_extra_radiation(index, method="nrel"),
        albedo=0.2,
        model="reindl",
    )["poa_global"].to_numpy()
    plane = Plane(tilt=tilt, azimuth=azimuth, peak_w=1000)
    ours = np.array(
        [
            plane.shine(light, sun_at(place, at)).whole if light.level > 0 else 0.0
            for at, light in zip(YEAR, _lights(lights), strict=True)
        ]
    )
    day = (suns["elevation"] > 0).to_numpy() & (lights["level"] > 0).to_numpy()
    assert day.sum() > 3500
    assert ours[day].sum() == pytest.approx(theirs[day].sum(), rel=0.001)
    worst = np.abs(ours - theirs)[day] / np.maximum(theirs[day], 20)
    assert worst.max() < 0.01
    cells = pvlib.temperature.faiman(theirs, lights["air"].to_numpy(), lights["wind"].to_numpy())
    warm = [
        cell_c(shine, air, wind)
        for shine, air, wind in zip(theirs, lights["air"], lights["wind"], strict=True)
    ]
    assert np.abs(np.array(warm) - cells).max() < 0.01 * 25
    power = pvlib.pvsystem.pvwatts_dc(theirs, cells, 1000, -0.0035) * (1 - 0.14)
    given = [panel_w(shine, one, 1000, 14) for shine, one in zip(theirs, cells, strict=True)]
    assert np.abs(np.array(given) - power).max() < 0.01


def _lights(lights: pd.DataFrame) -> Iterator[Light]:
    for level, direct, diffuse in lights[["level", "direct", "diffuse"]].itertuples(index=False):
        yield Light(level, direct, diffuse)


def test_what_stands_in_the_way_takes_the_beam() -> None:
    open_plane = Plane(tilt=30, azimuth=180, peak_w=1000)
    edges = (Edge(90, 0), Edge(120, 40), Edge(150, 0))
    behind = Plane(tilt=30, azimuth=180, peak_w=1000, horizon=edges)
    light = Light(500, 600, 120)
    for azimuth, height, hidden in (
        (120, 39, True),
        (120, 41, False),
        (105, 19, True),
        (10, 1, False),
    ):
        sun = Sun(np.radians(height), np.radians(azimuth), 1366)
        assert behind.hidden(sun) is hidden
        assert (behind.shine(light, sun) == open_plane.shine(light, sun)) is not hidden
        assert behind.shine(light, sun).spread == open_plane.shine(light, sun).spread


def test_a_horizon_goes_round() -> None:
    plane = Plane(tilt=0, azimuth=0, peak_w=1, horizon=(Edge(90, 10), Edge(270, 30)))
    north = Sun(np.radians(19), 0.0, 1366)
    assert plane.hidden(north)
    assert not plane.hidden(north._replace(elevation=np.radians(21)))
    assert sin(north.elevation) > 0


def test_a_horizon_may_begin_in_the_north() -> None:
    plane = Plane(tilt=0, azimuth=0, peak_w=1, horizon=(Edge(0, 5), Edge(180, 25), Edge(360, 5)))
    for azimuth, height in ((0, 5), (90, 15), (180, 25), (270, 15)):
        sun = Sun(np.radians(height - 0.1), np.radians(azimuth), 1366.0)
        assert plane.hidden(sun)
        assert not plane.hidden(sun._replace(elevation=np.radians(height + 0.1)))


def test_a_level_sensor_is_split_as_pvlib_does() -> None:
    for height in (2, 5, 15, 40, 65):
        outside = float(pvlib.irradiance.get_extra_radiation(172))
        sun = Sun(np.radians(height), 3.0, outside)
        for share in (0.1, 0.4, 0.75, 0.9):
            level = share * outside * sin(sun.elevation)
            light = split(level, sun)
            if height < 3:
                assert light == Light(level, 0.0, level)
                continue
            theirs = pvlib.irradiance.erbs(level, 90 - height, 172)
            assert light.diffuse == pytest.approx(theirs["dhi"], rel=0.001)
            back = light.direct * sin(sun.elevation) + light.diffuse
            assert back == pytest.approx(level)


def test_an_inverter_passes_on_what_it_can() -> None:
    assert clipped_w(4200, 3680) == 3680
    assert clipped_w(3000, 3680) == 3000
    assert clipped_w(4200, None) == 4200
