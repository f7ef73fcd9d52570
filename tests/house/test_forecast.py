"""What a house expects of its panels, on real Home Assistant, from a service on the wire."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.energy import async_get_solar_forecast
from custom_components.energy_hub.house.weather import RUN, STALE
from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.recorder import Recorder
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator.weather import WeatherFault as Fault
from tests.helpers import entity_id, number, state, until

from .forecasting import (
    BEGIN,
    PLANE,
    ROOF,
    SOLAR,
    Build,
    Under,
    build,
    coordinator,
    told,
    under,
)

__all__ = ["build", "under"]

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 6, 16, 22, tzinfo=UTC)
DAY = timedelta(days=1)
KEYS = ("power", "today", "remaining", "tomorrow", "next_hour")


async def test_what_a_house_expects(hass: HomeAssistant, under: Under, build: Build) -> None:
    entry = await build(PLANE)
    for key in KEYS:
        assert state(hass, f"house_home_forecast_{key}").state == STATE_UNKNOWN
    await told(under, entry)
    now = dt_util.utcnow()
    truths = {
        "today": under.truth_wh(MIDNIGHT, MIDNIGHT + DAY),
        "remaining": under.truth_wh(now, MIDNIGHT + DAY),
        "tomorrow": under.truth_wh(MIDNIGHT + DAY, MIDNIGHT + 2 * DAY),
        "next_hour": under.truth_wh(now, now + HOUR),
    }
    for key, wh in truths.items():
        assert 1000 * number(hass, f"house_home_forecast_{key}") == pytest.approx(wh, rel=0.06)
    power = ROOF.power_w(under.weather.sky(now.timestamp()))
    assert number(hass, "house_home_forecast_power") == pytest.approx(power, rel=0.25)
    hours = state(hass, "house_home_forecast_next_hour").attributes["hours"]
    assert len(hours) == 24
    assert next(iter(hours)) == "2026-06-17T12:00:00+02:00"
    assert entity_id(hass, "house_home_forecast_skill") is None


async def test_the_dashboard_has_its_dashed_line(
    hass: HomeAssistant, under: Under, build: Build
) -> None:
    entry = await build(PLANE)
    assert await async_get_solar_forecast(hass, entry.entry_id) is None
    await told(under, entry)
    line = await async_get_solar_forecast(hass, entry.entry_id)
    assert line is not None
    noon = under.truth_wh(BEGIN.replace(second=0), BEGIN.replace(second=0) + HOUR)
    assert line["wh_hours"]["2026-06-17T10:00:00+00:00"] == pytest.approx(noon, rel=0.06)
    # Four days and two before, but for the last hour: its last quarter is the fifth day's.
    assert len(line["wh_hours"]) == 6 * 24 - 1
    assert await async_get_solar_forecast(hass, "nobody") is None
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await async_get_solar_forecast(hass, entry.entry_id) is None


async def test_a_house_without_panels_asks_nobody(hass: HomeAssistant, under: Under) -> None:
    entry = MockConfigEntry(
        domain="energy_hub",
        title="Home",
        data={"type": "house", "device_id": "home"},
        options={"grid": [], "solar": [], "battery": []},
        unique_id="house_home",
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await under.passes(HOUR)
    assert entity_id(hass, "house_home_forecast_power") is None
    assert await async_get_solar_forecast(hass, entry.entry_id) is None


async def test_one_request_for_each_run_of_the_models(
    hass: HomeAssistant, under: Under, build: Build
) -> None:
    entry = await build(PLANE)
    await told(under, entry)
    for _ in range(24):
        await under.passes(HOUR)
    # The first one at once, then eight runs in a day.
    assert len(under.service.asked) == 1 + DAY // RUN
    assert await hass.config_entries.async_reload(entry.entry_id)
    await under.passes(timedelta(minutes=1))
    # A restart asks no more often, and knows what was told before.
    assert len(under.service.asked) == 1 + DAY // RUN
    assert number(hass, "house_home_forecast_tomorrow") > 1


FAULTS = [
    Fault.RESET,
    Fault.SERVER_ERROR,
    Fault.TOO_MANY,
    Fault.RUBBISH,
    Fault.LIST,
    Fault.EMPTY,
    Fault.NULLS,
    Fault.WRONG_UNITS,
    Fault.SHORT,
    Fault.TEXTS,
    Fault.IMPOSSIBLE,
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_faulty_service_leaves_the_last_forecast_then_none(
    hass: HomeAssistant,
    under: Under,
    build: Build,
    fault: Fault,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("The weather service does not answer")
    entry = await build(PLANE)
    await told(under, entry)
    made = state(hass, "house_home_forecast_made").state
    tomorrow = number(hass, "house_home_forecast_tomorrow")
    await under.service.faults.set(fault, True)
    await under.passes(5 * HOUR)
    await under.passes(timedelta(seconds=20))
    assert len(under.service.asked) > 1
    assert number(hass, "house_home_forecast_tomorrow") == tomorrow
    assert state(hass, "house_home_forecast_made").state == made
    await under.passes(STALE)
    await coordinator(entry)._forecast._async_hear()
    await under.passes(timedelta(seconds=20))
    for key in KEYS:
        assert state(hass, f"house_home_forecast_{key}").state == STATE_UNKNOWN
    await under.service.faults.clear()
    feed = coordinator(entry)._forecast.feed
    known = feed.made
    await under.passes(2 * HOUR)
    await until(lambda: feed.made != known)
    await under.passes(timedelta(seconds=20))
    assert number(hass, "house_home_forecast_tomorrow") > 1


async def test_models_that_stand_still_are_no_forecast(
    hass: HomeAssistant, under: Under, build: Build
) -> None:
    await under.service.faults.set(Fault.YESTERDAY, True)
    entry = await build(PLANE)
    await under.passes(timedelta(seconds=1))
    await until(lambda: len(under.service.asked) == 1)
    await under.passes(timedelta(seconds=20))
    assert coordinator(entry)._forecast.feed.made is None
    assert state(hass, "house_home_forecast_today").state == STATE_UNKNOWN


async def test_the_forecast_belongs_to_the_first_solar_source_of_the_dashboard(
    recorder_mock: Recorder, hass: HomeAssistant, under: Under, build: Build
) -> None:
    assert await async_setup_component(hass, "energy", {})
    second = SOLAR | {"to_house": "sensor.shed"}
    entry = await build(PLANE, sources=(SOLAR, second))
    asked = {"config_entry_id": entry.entry_id}
    await hass.services.async_call(DOMAIN, "configure_energy_dashboard", asked, blocking=True)
    manager = await async_get_manager(hass)
    assert manager.data is not None
    lines = [
        source.get("config_entry_solar_forecast")
        for source in manager.data["energy_sources"]
        if source["type"] == "solar"
    ]
    assert lines == [[entry.entry_id], None]
