"""Which series of a house the columns of an import become."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from ..ledger.source import Direction, Register, Total
from ..reading import Flow
from ..rewrite import Rewrite
from ..statistics import Series
from .forecast_series import ForecastSeries
from .import_csv import MEASURES, Hours
from .series import HouseSeries

_TOTALS: Final = {
    "solar": Total.SOLAR,
    "import": Total.IMPORT,
    "export": Total.EXPORT,
    "house": Total.HOUSE,
    "battery_in": Total.BATTERY_IN,
    "battery_out": Total.BATTERY_OUT,
}
_SOURCE: Final = "solar:"


class ImportSeries:
    """The series of one house."""

    def __init__(
        self, series: HouseSeries, forecast: ForecastSeries, solar: Mapping[str, str]
    ) -> None:
        """`solar` are the names of the house's solar sources by their ids."""
        self._series = series
        self._forecast = forecast
        self._solar = solar

    @property
    def solar(self) -> Sequence[str]:
        """The ids of the solar sources."""
        return list(self._solar)

    def of(self, column: str) -> list[Series]:
        """Return the series that a column fills; none for one that the house does not have."""
        if column in _TOTALS:
            total = [self._series.total(_TOTALS[column])]
            # What one source alone gives is all that the sun gives.
            alone = column == "solar" and len(self._solar) == 1
            return [*total, *(self._source(one) for one in self._solar if alone)]
        if column.startswith(_SOURCE):
            source = column.removeprefix(_SOURCE)
            several = source in self._solar and len(self._solar) > 1
            return [self._source(source)] if several else []
        single = {
            "irradiance": self._forecast.irradiance,
            "temperature": self._forecast.temperature,
            "forecast": self._forecast.raw,
        }
        return [single[column]] if column in single else []

    def _source(self, source: str) -> Series:
        register = Register(Flow.SOLAR, Direction.TO_HOUSE, source)
        return self._series.register(register, self._solar[source])


def rewrite(series: Series, column: str, hours: Hours) -> Rewrite:
    """Return what makes a series show these hours of a column."""
    if column in MEASURES:
        return Rewrite(series, means={at: (one, one, one) for at, one in hours.items()})
    return Rewrite(series, changes=dict(hours))


def removal(series: Series, hours: Sequence[datetime]) -> Rewrite:
    """Return what takes these hours out of a series."""
    if series.counts:
        return Rewrite(series, changes=dict.fromkeys(hours))
    return Rewrite(series, means=dict.fromkeys(hours))
