"""Quarters that were interpolated, or are not known, are counted in what the house tells."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.statistics import Series, async_write_changes
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .conftest import GRID, START, AddHouse, Pass, Sensors
from .money import totals
from .test_heal import HOUR, Inverter, _there, history

SOON = timedelta(seconds=20)
STEP = 300


class Home:
    """A meter that always answers, and a roof that can be silent."""

    def __init__(self, sensors: Sensors, passes: Pass) -> None:
        self.roof = Inverter({"roof": "Roof"})
        self._sensors = sensors
        self._passes = passes

    def show(self, *, roof: bool = True) -> None:
        """Let the counters say what they count: 1.2 kWh of each in an hour."""
        kwh = (dt_util.utcnow() - START) / HOUR * 1.2
        self._sensors(meter_power=0, meter_import=100 + kwh, meter_export=50)
        if roof:
            self.roof.show(100 + kwh)

    async def hours(self, count: float, *, roof: bool = True) -> None:
        """Let hours pass in slots."""
        for _ in range(round(count * 12)):
            self.show(roof=roof)
            await self._passes(STEP, step=STEP)


async def _counts(
    hass: HomeAssistant, entry: MockConfigEntry, period: str = "hour"
) -> list[tuple[Any, Any]]:
    rows = await totals(hass, entry, START, START + 4 * HOUR, period)
    return [(row["estimated_quarters"], row["missing_quarters"]) for row in rows]


async def test_quarters_are_missing_then_measured_or_estimated(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_house: AddHouse,
    sensors: Sensors,
    passes: Pass,
) -> None:
    freezer.move_to(START)
    home = Home(sensors, passes)
    _there(hass, home.roof)
    home.show()
    entry = await add_house(GRID, solar=["solar/roof"])
    freezer.move_to(START + SOON)
    await home.hours(13 / 12)
    await home.hours(1, roof=False)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await home.hours(14 / 12, roof=False)
    assert (await _counts(hass, entry))[:2] == [(0, 0), (0, 4)]
    # The roof comes back, and remembers its first silent hour; the next one is spread, once
    # it is sure that no more of it is remembered.
    home.roof.past = history(*((minute, 100 + minute / 50) for minute in range(60, 121, 5)))
    await home.hours(1)
    assert await _counts(hass, entry) == [(0, 0), (0, 0), (4, 0), (1, 0)]
    assert await _counts(hass, entry, "month") == [(5, 0)]
    hours = await totals(hass, entry, START, START + 3 * HOUR, "hour")
    assert [hour["house"] for hour in hours] == pytest.approx([2.4] * 3, abs=0.01)


async def test_lost_hours_are_missing_and_a_strange_past_is_not_graded(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    add_house: AddHouse,
    sensors: Sensors,
    passes: Pass,
) -> None:
    freezer.move_to(START)
    series = Series("home_import", "Home import", "kWh", "energy")
    await async_write_changes(hass, series, {START - HOUR: 1.0})
    home = Home(sensors, passes)
    _there(hass, home.roof)
    home.show()
    entry = await add_house(GRID, solar=["solar/roof"])
    freezer.move_to(START + SOON)
    await home.hours(0.25)
    assert await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(timedelta(days=8))
    home.show()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await home.hours(1 / 12)
    now = dt_util.utcnow()
    hours = await totals(hass, entry, START - HOUR, now, "hour")
    told = [(row["import"] is None, row["missing_quarters"]) for row in hours]
    assert told[0] == (False, None)
    # Almost a day is lost; of the seven that follow the counters know the sum.
    lost = 23
    assert told[2 : 2 + lost] == [(True, 4)] * lost
    assert {missing for _, missing in told[3 + lost :]} == {0}
    (month,) = await totals(hass, entry, START - HOUR, now, "month")
    assert 4 * lost <= month["missing_quarters"] <= 4 * (lost + 1)
    assert month["estimated_quarters"] > 4 * 24 * 6
    # What the counters gave in the lost hours is in no hour, and said where one looks for it.
    (placeless,) = (
        one["unplaced_kwh"]
        for one in entry.runtime_data.diagnostics()["reached"]
        if (one["flow"], one["direction"]) == ("grid", "to_house")
    )
    a_full_hour = hours[-3]["import"]
    # With them go the parts of the hours in which the silence and the memory began.
    assert lost * a_full_hour <= placeless <= (lost + 2) * a_full_hour
