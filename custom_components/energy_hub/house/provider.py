"""The solar forecast of another integration, as quarters that the house can learn from."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from math import isfinite
from typing import Final

from homeassistant.components.energy.websocket_api import async_get_energy_platforms
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..ledger.days import quarter_of
from ..plan.forecast import Expected, Given
from ..plan.sky import HOUR, QUARTER, Sky
from ..plan.sun import Place, sun_at

# Forecasts by the half hour, the hour, or a few of them; what is longer is a gap.
_LONGEST: Final = timedelta(hours=1)


async def async_provided(hass: HomeAssistant, entry_id: str) -> dict[datetime, float]:
    """Return the mean power in W of the quarters that another integration forecasts."""
    entry = hass.config_entries.async_get_entry(entry_id)
    platforms = await async_get_energy_platforms(hass)
    if entry is None or (ask := platforms.get(entry.domain)) is None:
        return {}
    told = await ask(hass, entry_id)
    return {} if told is None else spread(told["wh_hours"])


def spread(told: Mapping[str, float]) -> dict[datetime, float]:
    """Return the mean power in W of each quarter; energies stand for the time up to the next.

    The last one stands for as long as the one before it. Pure.
    """
    energies: dict[datetime, float] = {}
    for text, wh in told.items():
        at = dt_util.parse_datetime(text)
        if at is not None and at.tzinfo is not None and isfinite(wh) and wh >= 0:
            energies[dt_util.as_utc(at)] = float(wh)
    if not energies:
        return {}
    starts = sorted(energies)
    lengths = [min(_LONGEST, last - first) for first, last in pairwise(starts)]
    lengths.append(lengths[-1] if lengths else _LONGEST)
    found: dict[datetime, float] = {}
    for start, length in zip(starts, lengths, strict=True):
        quarter = quarter_of(start)
        while quarter < start + length:
            found[quarter] = energies[start] / (length / HOUR)
            quarter += QUARTER
    return found


def provided(powers: Mapping[datetime, float], place: Place) -> Iterator[Expected]:
    """Yield quarters of which only the power is known. Pure."""
    for start, power_w in sorted(powers.items()):
        sun = sun_at(place, start + QUARTER / 2)
        yield Expected(Sky(start, None, None), sun, [Given(0.0, power_w, None)])
