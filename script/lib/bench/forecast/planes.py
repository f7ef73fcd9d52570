"""The forecast itself, without Home Assistant: ours, and the same models by pvlib."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from time import perf_counter, process_time
from typing import Any, Final

from custom_components.energy_hub.plan.forecast import expect
from custom_components.energy_hub.plan.learn import Correction
from custom_components.energy_hub.plan.outlook import Outlook
from custom_components.energy_hub.plan.plane import Plane
from custom_components.energy_hub.plan.sky import QUARTER, Light, Sky
from custom_components.energy_hub.plan.sun import Place
from simulator.world import BRUSSELS_PLACE, Weather

from ..case import Side

_BEGIN: Final = datetime(2026, 6, 17, tzinfo=UTC)
_QUARTERS: Final = 3 * 96
_ROUNDS: Final = 20
_PLACE: Final = Place(BRUSSELS_PLACE.latitude, BRUSSELS_PLACE.longitude)


def planes(*, side: str, count: int) -> dict[str, float]:
    """Return what a forecast for so many planes costs."""
    roof = [Plane(tilt=10 + 5 * n, azimuth=90 + 18 * n, peak_w=4000) for n in range(count)]
    skies = _skies()
    began = perf_counter()
    work = _ours(roof, skies) if Side(side) is Side.OURS else _pvlib(roof, skies)
    work()
    first = perf_counter() - began
    cpu = process_time()
    for _ in range(_ROUNDS):
        work()
    return {"cpu_ms": (process_time() - cpu) / _ROUNDS * 1e3, "first_ms": first * 1e3}


def _skies() -> list[Sky]:
    weather = Weather(BRUSSELS_PLACE, 1)
    found = []
    for number in range(_QUARTERS):
        start = _BEGIN + number * QUARTER
        sky = weather.sky(start.timestamp())
        found.append(Sky(start, Light(*_light(sky)), sky.temperature_c))
    return found


def _light(sky: Any) -> tuple[float, float, float]:
    return sky.irradiance.level, sky.irradiance.direct, sky.irradiance.diffuse


def _ours(roof: list[Plane], skies: list[Sky]) -> Callable[[], object]:
    return lambda: Outlook.of(expect(roof, _PLACE, skies), Correction()).hours()


def _pvlib(roof: list[Plane], skies: list[Sky]) -> Callable[[], object]:
    pvlib, pandas = import_module("pvlib"), import_module("pandas")
    index = pandas.DatetimeIndex([sky.start + QUARTER / 2 for sky in skies])
    lights = [sky.light for sky in skies if sky.light is not None]
    level, direct, diffuse = (
        pandas.Series([light[place] for light in lights], index) for place in range(3)
    )
    air = pandas.Series([sky.temperature_c for sky in skies], index)

    def work() -> object:
        sun = pvlib.solarposition.get_solarposition(index, *_PLACE)
        extra = pvlib.irradiance.get_extra_radiation(index)
        total: Any = 0.0
        for plane in roof:
            shine = pvlib.irradiance.get_total_irradiance(
                plane.tilt,
                plane.azimuth,
                sun["zenith"],
                sun["azimuth"],
                direct,
                level,
                diffuse,
                dni_extra=extra,
                albedo=0.2,
                model="reindl",
            )["poa_global"]
            cells = pvlib.temperature.faiman(shine, air)
            total = total + pvlib.pvsystem.pvwatts_dc(shine, cells, plane.peak_w, -0.0035) * 0.86
        return total.resample("h").sum()

    return work
