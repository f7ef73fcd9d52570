"""Today, this month and seven days, counted by us from the guarded counter, on the wire."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.envoy import EnvoyFault, profiles
from simulator.envoy.profiles import Profile
from tests.helpers import number

from .conftest import Plant

BRUSSELS = ZoneInfo("Europe/Brussels")
HOUR = 3600


def _since(plant: Plant, day: datetime) -> float:
    """Return what the panels gave between a local midnight and the last reading."""
    asked = plant.envoy.requests[-1].time
    at = day.astimezone(BRUSSELS).replace(hour=0, minute=0, second=0, microsecond=0)
    return plant.house.truth(asked).solar_kwh - plant.house.truth(at.astimezone(UTC)).solar_kwh


def _figure(hass: HomeAssistant, plant: Plant, key: str) -> float:
    return number(hass, f"{plant.serial}_{key}")


async def _until(plant: Plant, day: int, hour: int) -> datetime:
    """Let time pass until a local hour of a day of the month; return that time."""
    for _ in range(400):
        now = dt_util.now()
        if (now.day, now.hour) == (day, hour):
            return now
        await plant.tick(HOUR)
    raise AssertionError("that day does not come")


SPRING = datetime(2026, 3, 28, 18, 7, tzinfo=UTC)
"""The evening before the day of 23 hours."""
AUTUMN = datetime(2026, 10, 24, 18, 7, tzinfo=UTC)
"""That before the day of 25 hours."""


@pytest.mark.parametrize("profile", [profiles.single_phase()], ids=["single_phase"])
@pytest.mark.parametrize(("start", "day"), [(SPRING, 29), (AUTUMN, 25)], ids=["spring", "autumn"])
async def test_a_day_that_is_shorter_or_longer(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile, day: int
) -> None:
    await _until(plant, day, 0)
    assert _figure(hass, plant, "energy_today") == pytest.approx(0, abs=0.002)
    evening = await _until(plant, day, 21)
    whole = _figure(hass, plant, "energy_today")
    assert whole == pytest.approx(_since(plant, evening), abs=0.01)
    assert whole > 1
    # A restart in the night knows what was counted before it.
    await _until(plant, day, 23)
    await hass.config_entries.async_unload(entry.entry_id)
    setup = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await plant.until_done(setup)
    assert _figure(hass, plant, "energy_today") == whole
    noon = await _until(plant, day + 1, 12)
    assert _figure(hass, plant, "energy_today") == pytest.approx(_since(plant, noon), abs=0.01)


@pytest.mark.parametrize("start", [datetime(2026, 3, 31, 18, 7, tzinfo=UTC)], ids=["march"])
async def test_a_month_begins(hass: HomeAssistant, plant: Plant, entry: MockConfigEntry) -> None:
    first = await _until(plant, 1, 15)
    assert _figure(hass, plant, "energy_month") == pytest.approx(_since(plant, first), abs=0.01)
    assert _figure(hass, plant, "energy_month") == _figure(hass, plant, "energy_today")


@pytest.mark.parametrize("start", [datetime(2026, 10, 27, 18, 7, tzinfo=UTC)], ids=["october"])
async def test_a_week_in_which_the_clock_changed(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, hass_storage: dict[str, Any]
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    # As if it had been there for weeks: what the counter showed when each day began.
    stored = hass_storage[f"energy_hub.{entry.entry_id}.counters"]["data"]
    days = stored[f"{plant.serial}/production"]["days"]
    total = days["value"]
    days["marks"] = {f"2026-10-{day:02}": total - 2 * (28 - day) for day in (1, *range(20, 28))}
    setup = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await plant.until_done(setup)
    # The 21st to the 27th, then the 22nd to the 28th; the night gives nothing.
    assert _figure(hass, plant, "energy_seven_days") == pytest.approx(14, abs=0.01)
    assert _figure(hass, plant, "energy_month") == pytest.approx(54, abs=0.01)
    await _until(plant, 28, 1)
    assert _figure(hass, plant, "energy_seven_days") == pytest.approx(12, abs=0.01)
    assert _figure(hass, plant, "energy_month") == pytest.approx(54, abs=0.01)


@pytest.mark.parametrize("profile", [profiles.three_phase()], ids=["three_phase"])
@pytest.mark.parametrize("start", [datetime(2026, 6, 17, 18, 7, tzinfo=UTC)])
async def test_a_day_of_the_gateway_that_does_not_begin_anew(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    await plant.envoy.faults.set(EnvoyFault.TODAY_STUCK, True)
    noon = await _until(plant, 18, 12)
    assert _figure(hass, plant, "energy_today") == pytest.approx(_since(plant, noon), abs=0.01)
