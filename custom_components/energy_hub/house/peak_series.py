"""The month peaks of a house as statistics: those that its meter remembers, and each new one.

A row stands in the hour of its quarter, one for a month. The greatest value of a month in a
chart is its peak then.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from homeassistant.core import HomeAssistant

from ..const import LOGGER
from ..ledger.quarter import Peak
from ..ledger.source import Grade
from ..rewrite import Mean, Rewrite, RewriteError, async_rewrite
from ..statistics import Series

_KEY: Final = "peak_hours"


class _Said(NamedTuple):
    kw: float
    hour: datetime


class PeakSeries:
    """The series of one house."""

    def __init__(self, series: Series, remembered: Mapping[str, Any]) -> None:
        """Write into this series; `remembered` is what `as_state` told before."""
        self._series = series
        self._hours = {
            date.fromisoformat(month): datetime.fromisoformat(hour)
            for month, hour in remembered.get(_KEY, {}).items()
        }
        self._written: dict[date, _Said] = {}

    def as_state(self) -> dict[str, Any]:
        """Return where the row of each month stands, for JSON."""
        hours = {month.isoformat(): hour.isoformat() for month, hour in self._hours.items()}
        return {_KEY: hours}

    async def async_write(self, hass: HomeAssistant, peaks: Mapping[date, Peak]) -> None:
        """Write the peaks that are new; one that was only reckoned over a gap is none."""
        known = {
            month: _Said(one.power_w / 1000, _hour(one))
            for month, one in peaks.items()
            if one.grade is Grade.MEASURED
        }
        new = {month: one for month, one in known.items() if self._written.get(month) != one}
        means: dict[datetime, Mean | None] = {
            self._hours[month]: None for month in new if month in self._hours
        }
        means |= {one.hour: (one.kw,) * 3 for one in new.values()}
        if not means:
            return
        try:
            await async_rewrite(hass, [Rewrite(self._series, means=means)])
        except RewriteError as err:
            LOGGER.debug("The month peaks are written later: %s", err)
            return
        self._written |= known
        self._hours = {month: at for month, at in self._hours.items() if month in peaks}
        self._hours |= {month: one.hour for month, one in new.items()}


def _hour(peak: Peak) -> datetime:
    return peak.start.replace(minute=0, second=0, microsecond=0)
