"""The month peaks in the statistics: one row a month, where the peak was."""

from dataclasses import replace
from datetime import UTC, date, datetime
import json

from custom_components.energy_hub.house.peak_series import PeakSeries
from custom_components.energy_hub.house.series import HouseSeries
from custom_components.energy_hub.ledger.quarter import Peak
from custom_components.energy_hub.ledger.source import Grade
from custom_components.energy_hub.statistics import async_read_means
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant

SERIES = HouseSeries("home", "Home", "EUR").month_peak
MAY, JUNE, JULY = (date(2026, month, 1) for month in (5, 6, 7))
# In local time the first one is of the month before.
OLD = Peak(3100.0, datetime(2026, 5, 31, 21, 0, tzinfo=UTC), Grade.MEASURED)
NEW = Peak(2500.0, datetime(2026, 6, 2, 17, 45, tzinfo=UTC), Grade.MEASURED)
HIGHER = Peak(2600.0, datetime(2026, 6, 9, 18, 15, tzinfo=UTC), Grade.MEASURED)
RECKONED = Peak(9000.0, datetime(2026, 7, 3, 12, 0, tzinfo=UTC), Grade.ESTIMATED)
START, END = (datetime(2026, month, 1, tzinfo=UTC) for month in (5, 8))


async def _rows(hass: HomeAssistant) -> dict[datetime, float]:
    found = await async_read_means(hass, [SERIES.id], START, END, "hour")
    return {at: round(mean[0]) for at, mean in found.get(SERIES.id, {}).items()}


async def test_a_month_has_one_row_wherever_its_peak_goes(
    recorder_mock: Recorder, hass: HomeAssistant
) -> None:
    peaks = PeakSeries(SERIES, {})
    await peaks.async_write(hass, {MAY: OLD, JUNE: NEW, JULY: RECKONED})
    may = datetime(2026, 5, 31, 20, tzinfo=UTC)
    assert await _rows(hass) == {may: 3100, datetime(2026, 6, 2, 17, tzinfo=UTC): 2500}
    again = PeakSeries(SERIES, json.loads(json.dumps(peaks.as_state())))
    await again.async_write(hass, {MAY: OLD, JUNE: replace(HIGHER, meter_at=END)})
    assert await _rows(hass) == {may: 3100, datetime(2026, 6, 9, 18, tzinfo=UTC): 2600}
    # A month that nobody speaks of any more keeps its row.
    await again.async_write(hass, {JUNE: replace(HIGHER, power_w=2700.0)})
    assert again.as_state() == {"peak_hours": {"2026-06-01": "2026-06-09T18:00:00+00:00"}}
    assert len(await _rows(hass)) == 2
