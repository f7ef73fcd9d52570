"""The hourly table of the past: what the sun gave, what was expected, what was returned."""

from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from ..ledger.source import Total
from ..statistics import async_read_changes, async_read_means
from .forecast_series import ForecastSeries
from .series import HouseSeries


async def async_hours(
    hass: HomeAssistant,
    series: HouseSeries,
    forecast: ForecastSeries,
    start: datetime,
    end: datetime,
) -> list[JsonValueType]:
    """Return one row for each hour of the span of which anything is known.

    Irradiance in W/m2, temperature in degrees Celsius, energies in kWh; None is unknown.
    """
    energies = {
        "pv": series.total(Total.SOLAR).id,
        "forecast": forecast.raw.id,
        "forecast_corrected": forecast.corrected.id,
        "returned": series.total(Total.EXPORT).id,
    }
    means = {"irradiance": forecast.irradiance.id, "temperature": forecast.temperature.id}
    changed = await async_read_changes(hass, energies.values(), start, end, "hour")
    seen = await async_read_means(hass, means.values(), start, end, "hour")
    hours = {at for rows in changed.values() for at in rows}
    hours |= {at for rows in seen.values() for at in rows}
    rows: list[JsonValueType] = []
    for at in sorted(hours):
        mean = {name: seen.get(one, {}).get(at) for name, one in means.items()}
        kwh = {name: changed.get(one, {}).get(at) for name, one in energies.items()}
        rows.append(
            {
                "start": dt_util.as_local(at).isoformat(),
                **{name: None if one is None else round(one[0], 3) for name, one in mean.items()},
                **{name: None if one is None else round(one, 6) for name, one in kwh.items()},
            }
        )
    return rows
