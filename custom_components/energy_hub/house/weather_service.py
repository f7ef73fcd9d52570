"""Asks Open-Meteo, or an own server of it, through Home Assistant's shared session."""

import asyncio
from datetime import date
from typing import Any, Final

import aiohttp

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..errors import CannotConnectError, DeviceError, NoAnswerError
from ..plan.sky import Sky
from .weather_read import COLUMNS, RubbishError, hours, quarters

FORECAST_URL: Final = "https://api.open-meteo.com"
ARCHIVE_URL: Final = "https://archive-api.open-meteo.com"
_TIMEOUT_S: Final = 20
_PAST_DAYS: Final = 2
"""An import leaves the last 26 hours to what is told here."""
_DAYS: Final = 4
"""Today and three more, so that three whole days are always ahead."""


class BadWeatherError(DeviceError):
    """The service replied something else than weather."""

    key = "bad_answer"


async def async_forecast(hass: HomeAssistant, url: str | None) -> list[Sky]:
    """Return the quarters from the day before yesterday on; raises DeviceError."""
    body = await _async_get(
        hass,
        f"{url or FORECAST_URL}/v1/forecast",
        {"minutely_15": ",".join(COLUMNS), "past_days": _PAST_DAYS, "forecast_days": _DAYS},
    )
    try:
        return quarters(body)
    except RubbishError as err:
        raise BadWeatherError from err


async def async_archive(hass: HomeAssistant, url: str | None, first: date, last: date) -> list[Sky]:
    """Return the hours of past days (UTC), both included; raises DeviceError."""
    body = await _async_get(
        hass,
        f"{url or ARCHIVE_URL}/v1/archive",
        {
            "hourly": ",".join(COLUMNS),
            "start_date": first.isoformat(),
            "end_date": last.isoformat(),
        },
    )
    try:
        return hours(body)
    except RubbishError as err:
        raise BadWeatherError from err


async def _async_get(hass: HomeAssistant, url: str, query: dict[str, Any]) -> Any:
    """Return the JSON of a reply; raises DeviceError."""
    # A hundredth of a degree is finer than any weather model, and tells no address.
    query = {
        "latitude": round(hass.config.latitude, 2),
        "longitude": round(hass.config.longitude, 2),
        "timeformat": "unixtime",
        "timezone": "GMT",
        **query,
    }
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            async with async_get_clientsession(hass).get(url, params=query) as reply:
                if reply.status != 200:
                    raise CannotConnectError
                return await reply.json(content_type=None)
    except TimeoutError as err:
        raise NoAnswerError from err
    except aiohttp.ClientError as err:
        raise CannotConnectError from err
    except ValueError as err:
        raise BadWeatherError from err
