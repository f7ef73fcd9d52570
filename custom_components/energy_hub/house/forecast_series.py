"""The series of weather and forecast of a house, and how they are kept up to date."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from homeassistant.const import UnitOfEnergy, UnitOfIrradiance, UnitOfTemperature
from homeassistant.core import HomeAssistant

from ..plan.outlook import Power
from ..plan.sky import HOUR, QUARTER, Sky
from ..statistics import Series, async_write_changes, async_write_means

type Mean = tuple[float, float, float]
"""Mean, least and greatest."""

_QUARTERS: Final = 4
_LOOK_BACK: Final = timedelta(hours=26)


class ForecastSeries:
    """The four series; what was written already is not written again."""

    def __init__(self, house_id: str, title: str) -> None:
        """Name them after the house."""
        self.irradiance = Series(
            f"{house_id}_irradiance",
            f"{title} irradiance",
            UnitOfIrradiance.WATTS_PER_SQUARE_METER,
            counts=False,
        )
        self.temperature = Series(
            f"{house_id}_temperature",
            f"{title} temperature",
            UnitOfTemperature.CELSIUS,
            "temperature",
            counts=False,
        )
        unit = UnitOfEnergy.KILO_WATT_HOUR
        self.raw = Series(f"{house_id}_forecast", f"{title} forecast", unit, "energy")
        self.corrected = Series(
            f"{house_id}_forecast_corrected", f"{title} forecast corrected", unit, "energy"
        )
        self._written: dict[Series, dict[datetime, Mean]] = {}
        self._forecasts: dict[datetime, Power] = {}

    async def async_write(
        self,
        hass: HomeAssistant,
        skies: Mapping[datetime, Sky],
        forecasts: Mapping[datetime, Power],
        now: datetime,
    ) -> None:
        """Write the weather of the last hours that are over, and what was forecast of hours."""
        over = [at for at in _hours(skies) if now - _LOOK_BACK <= at <= now - HOUR]
        await self._async_means(hass, self.irradiance, light_means(skies, over))
        await self._async_means(hass, self.temperature, air_means(skies, over))
        new = {at: one for at, one in forecasts.items() if self._forecasts.get(at) != one}
        raw = {at: energy.raw_w / 1000 for at, energy in new.items()}
        corrected = {at: energy.corrected_w / 1000 for at, energy in new.items()}
        await async_write_changes(hass, self.raw, raw)
        await async_write_changes(hass, self.corrected, corrected)
        self._forecasts = dict(forecasts)

    async def _async_means(
        self, hass: HomeAssistant, series: Series, means: Mapping[datetime, Mean]
    ) -> None:
        known = self._written.get(series, {})
        await async_write_means(
            hass, series, {at: mean for at, mean in means.items() if known.get(at) != mean}
        )
        self._written[series] = dict(means)


def light_means(skies: Mapping[datetime, Sky], hours: Iterable[datetime]) -> dict[datetime, Mean]:
    """Return the global irradiance of those hours that are wholly known."""
    found = {}
    for hour in hours:
        lights = [sky.light for sky in _inside(skies, hour) if sky.light is not None]
        if len(lights) == _QUARTERS:
            found[hour] = _mean([light.level for light in lights])
    return found


def air_means(skies: Mapping[datetime, Sky], hours: Iterable[datetime]) -> dict[datetime, Mean]:
    """Return the temperature of those hours that are wholly known."""
    found = {}
    for hour in hours:
        air = [sky.temperature_c for sky in _inside(skies, hour) if sky.temperature_c is not None]
        if len(air) == _QUARTERS:
            found[hour] = _mean(air)
    return found


def _hours(skies: Iterable[datetime]) -> list[datetime]:
    return sorted({at.replace(minute=0) for at in skies})


def _inside(skies: Mapping[datetime, Sky], hour: datetime) -> list[Sky]:
    quarters = (hour + number * QUARTER for number in range(_QUARTERS))
    return [skies[at] for at in quarters if at in skies]


def _mean(values: list[float]) -> Mean:
    return sum(values) / len(values), min(values), max(values)
