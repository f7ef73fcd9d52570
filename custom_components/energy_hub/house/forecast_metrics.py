"""The sensors of a house that has a forecast, one line each."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import UnitOfEnergy
from homeassistant.util import dt as dt_util

from ..metric import ENERGY_SO_FAR, POWER, SHARE, TIME, AnyMetric, Kind, Metric
from ..plan.outlook import Power
from ..plan.skill import Figures
from .foresight import Foresight
from .moment import Moment

# The day ahead is what people plan with.
_LEAD: Final = 24
_OFF: Final = Kind(device_class=SensorDeviceClass.ENERGY, unit=UnitOfEnergy.WATT_HOUR, precision=0)


def _seen[T](read: Callable[[Foresight], T | None]) -> Callable[[Moment], T | None]:
    return lambda moment: None if moment.forecast is None else read(moment.forecast)


def _kwh(read: Callable[[Foresight], Power | None]) -> Callable[[Moment], float | None]:
    def kwh(seen: Foresight) -> float | None:
        energy = read(seen)
        return None if energy is None else round(energy.corrected_w / 1000, 3)

    return _seen(kwh)


def _raw(
    read: Callable[[Foresight], Power | None], per: float = 1000
) -> Callable[[Moment], Mapping[str, Any]]:
    """Return what the models say before the house's own history corrects it."""

    def attributes(moment: Moment) -> Mapping[str, Any]:
        seen = None if moment.forecast is None else read(moment.forecast)
        return {} if seen is None else {"uncorrected": round(seen.raw_w / per, 3)}

    return attributes


def _hours(moment: Moment) -> Mapping[str, Any]:
    seen = moment.forecast
    ahead: Mapping[datetime, Power] = {} if seen is None else seen.hours
    hours = {
        dt_util.as_local(at).isoformat(): round(energy.corrected_w / 1000, 3)
        for at, energy in ahead.items()
    }
    return {**_raw(lambda f: f.next_hour)(moment), "hours": hours}


def _figure(read: Callable[[Figures], float | None]) -> Callable[[Moment], float | None]:
    return _seen(lambda seen: read(seen.skill[_LEAD]))


def _percent(figures: Figures) -> float | None:
    return None if figures.better is None else 100 * figures.better


def _skill(moment: Moment) -> Mapping[str, Any]:
    if moment.forecast is None:
        return {}
    return {
        f"hours_{lead}": {
            name: None if value is None else round(value, 3)
            for name, value in asdict(figures).items()
        }
        for lead, figures in moment.forecast.skill.items()
    }


FORECAST_METRICS: Final[tuple[AnyMetric, ...]] = (
    Metric[Moment](
        "forecast_power",
        POWER,
        _seen(lambda f: None if f.power is None else f.power.corrected_w),
        always=True,
        attributes=_raw(lambda f: f.power, 1),
    ),
    Metric[Moment](
        "forecast_today",
        ENERGY_SO_FAR,
        _kwh(lambda f: f.today),
        always=True,
        attributes=_raw(lambda f: f.today),
    ),
    Metric[Moment](
        "forecast_remaining",
        ENERGY_SO_FAR,
        _kwh(lambda f: f.remaining),
        always=True,
        attributes=_raw(lambda f: f.remaining),
    ),
    Metric[Moment](
        "forecast_tomorrow",
        ENERGY_SO_FAR,
        _kwh(lambda f: f.tomorrow),
        always=True,
        attributes=_raw(lambda f: f.tomorrow),
    ),
    Metric[Moment](
        "forecast_next_hour",
        ENERGY_SO_FAR,
        _kwh(lambda f: f.next_hour),
        always=True,
        attributes=_hours,
    ),
    Metric[Moment](
        "forecast_error", _OFF, _figure(lambda f: f.mae), diagnostic=True, attributes=_skill
    ),
    Metric[Moment]("forecast_bias", _OFF, _figure(lambda f: f.bias), diagnostic=True),
    Metric[Moment]("forecast_skill", SHARE, _figure(_percent), diagnostic=True),
    Metric[Moment]("forecast_made", TIME, _seen(lambda f: f.made), diagnostic=True, always=True),
)
