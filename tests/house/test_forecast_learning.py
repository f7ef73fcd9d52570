"""What becomes of a forecast: it is kept, compared with the ledger, and learnt from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_integration,
    mock_platform,
)

from custom_components.energy_hub.house.forecast import HouseForecast, solar_hours
from custom_components.energy_hub.house.provider import spread
from custom_components.energy_hub.ledger.energy import Amount, Row
from custom_components.energy_hub.ledger.source import Grade, Total
from custom_components.energy_hub.statistics import async_read_changes, async_read_means
from homeassistant.components.recorder import Recorder
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import number, state

from .forecasting import BEGIN, PLANE, Build, Under, build, coordinator, told, under

__all__ = ["build", "under"]

HOUR = timedelta(hours=1)
SLOT = timedelta(minutes=5)
TEN = datetime(2026, 6, 17, 10, tzinfo=UTC)


def _rows(under: Under, start: datetime, end: datetime, share: float) -> list[Row]:
    """Return slots of a ledger in which this share of the truth came."""
    rows = []
    while start < end:
        kwh = share * under.truth_wh(start, start + SLOT) / 1000
        rows.append(Row(start, {}, {Total.SOLAR: Amount(kwh, Grade.MEASURED)}))
        start += SLOT
    return rows


def _forecast(entry: MockConfigEntry) -> HouseForecast:
    return coordinator(entry)._forecast


async def test_the_house_learns_and_remembers(
    recorder_mock: Recorder, hass: HomeAssistant, under: Under, build: Build
) -> None:
    entry = await build(PLANE)
    await told(under, entry)
    before = number(hass, "house_home_forecast_tomorrow")
    for hours in (1, 2, 3, 4, 5, 6, 7, 25, 26):
        now = TEN + hours * HOUR + timedelta(minutes=6)
        await under.at(now)
        await told(under, entry)
        await _forecast(entry).async_settle(now, _rows(under, TEN, now, 0.5))
    await under.passes(timedelta(seconds=20))
    tomorrow = state(hass, "house_home_forecast_tomorrow")
    assert float(tomorrow.state) < 0.75 * tomorrow.attributes["uncorrected"]
    assert before == pytest.approx(under.truth_wh(_midnight(1), _midnight(2)) / 1000, rel=0.06)
    skill = state(hass, "house_home_forecast_error").attributes
    assert skill["hours_24"]["raw_bias"] > 500
    assert skill["hours_1"]["persistence_mae"] is not None
    assert number(hass, "house_home_forecast_bias") > 0
    learnt = _forecast(entry).diagnostics()
    assert learnt["positions"] > 5
    assert await hass.config_entries.async_reload(entry.entry_id)
    again = _forecast(entry).diagnostics()
    assert again == learnt
    # What is settled is not learnt twice.
    await _forecast(entry).async_settle(now, _rows(under, TEN, now, 0.5))
    assert _forecast(entry).diagnostics()["learnt"] == learnt["learnt"]


def _midnight(days: int) -> datetime:
    return datetime(2026, 6, 16, 22, tzinfo=UTC) + timedelta(days=days)


async def test_nothing_is_learnt_while_something_holds_the_panels_back(
    recorder_mock: Recorder, hass: HomeAssistant, under: Under, build: Build
) -> None:
    entry = await build(PLANE)
    await told(under, entry)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(coordinator(entry)), "held_back", True)
        await under.at(TEN + timedelta(minutes=30))
    now = TEN + HOUR + timedelta(minutes=6)
    await under.at(now)
    await _forecast(entry).async_settle(now, _rows(under, TEN, now, 0.1))
    assert _forecast(entry).diagnostics()["positions"] == 0


async def test_weather_and_forecasts_become_statistics(
    recorder_mock: Recorder, hass: HomeAssistant, under: Under, build: Build
) -> None:
    entry = await build(PLANE)
    await told(under, entry)
    for hours in (0, 1, 2):
        now = TEN + hours * HOUR + timedelta(minutes=6)
        await under.at(now)
        await _forecast(entry).async_settle(now, ())
    ids = [f"energy_hub:home_{key}" for key in ("forecast", "forecast_corrected")]
    energy = await async_read_changes(hass, ids, TEN - HOUR, TEN + 4 * HOUR, "hour")
    for one in ids:
        assert [*energy[one]] == [TEN, TEN + HOUR, TEN + 2 * HOUR]
        for at, kwh in energy[one].items():
            assert 1000 * kwh == pytest.approx(under.truth_wh(at, at + HOUR), rel=0.08)
    keys = [f"energy_hub:home_{key}" for key in ("irradiance", "temperature")]
    means = await async_read_means(hass, keys, TEN, TEN + 4 * HOUR, "hour")
    light, air = (means[one] for one in keys)
    assert [*light] == [*air] == [TEN, TEN + HOUR]
    seen = [under.weather.sky(TEN.timestamp() + at) for at in range(0, 3600, 300)]
    truth = sum(one.irradiance.level for one in seen) / len(seen)
    assert light[TEN][0] == pytest.approx(truth, rel=0.001)
    assert light[TEN][1] <= light[TEN][0] <= light[TEN][2]
    assert air[TEN][0] == pytest.approx(sum(one.temperature_c for one in seen) / 12, abs=0.2)


async def test_own_sensors_take_the_place_of_the_service(
    hass: HomeAssistant, under: Under, build: Build
) -> None:
    sensors = {"service": False, "irradiance": "sensor.sun", "temperature": "sensor.air"}
    entry = await build(PLANE, weather=sensors)
    await under.passes(timedelta(seconds=20))
    assert state(hass, "house_home_forecast_power").state == STATE_UNKNOWN
    for minute in range(0, 12, 2):
        await under.at(TEN + timedelta(minutes=minute, seconds=10))
        sky = under.weather.sky(dt_util.utcnow().timestamp())
        for name, value, unit in (
            ("sun", sky.irradiance.level, "W/m²"),
            ("air", 32 + 1.8 * sky.temperature_c, "°F"),
        ):
            hass.states.async_set(f"sensor.{name}", str(value), {"unit_of_measurement": unit})
    await under.passes(timedelta(seconds=20))
    await _forecast(entry)._async_hear()
    await under.passes(timedelta(seconds=20))
    truth = 4 * under.truth_wh(TEN, TEN + timedelta(minutes=15))
    assert number(hass, "house_home_forecast_power") == pytest.approx(truth, rel=0.1)
    # They know nothing of tomorrow, and nobody was asked.
    assert state(hass, "house_home_forecast_tomorrow").state == STATE_UNKNOWN
    assert not under.service.asked
    assert await hass.config_entries.async_reload(entry.entry_id)
    await under.passes(timedelta(seconds=20))
    assert number(hass, "house_home_forecast_power") == pytest.approx(truth, rel=0.1)


@pytest.mark.parametrize(
    ("value", "unit"), [("much", "W/m²"), ("nan", "W/m²"), ("500", "lx"), ("-5", "W/m²")]
)
async def test_what_a_sensor_cannot_mean_is_unknown(
    hass: HomeAssistant, under: Under, build: Build, value: str, unit: str
) -> None:
    hass.states.async_set("sensor.sun", value, {"unit_of_measurement": unit})
    hass.states.async_set("sensor.air", value, {"unit_of_measurement": unit})
    sensors = {"service": False, "irradiance": "sensor.sun", "temperature": "sensor.air"}
    entry = await build(PLANE, weather=sensors)
    await under.passes(timedelta(seconds=20))
    measured = _forecast(entry)._sensors.measured.values()
    assert {(one.light, one.temperature_c) for one in measured} == {(None, None)}


class Rooftop:
    """Another integration with a solar forecast; None until it knows one."""

    told: dict[str, Any] | None = None

    async def async_get_solar_forecast(self, _hass: HomeAssistant, _entry_id: str) -> Any:
        return self.told


async def test_another_forecast_takes_the_place_of_ours(
    hass: HomeAssistant, under: Under, build: Build
) -> None:
    rooftop = Rooftop()
    mock_integration(hass, MockModule("rooftop"))
    mock_platform(hass, "rooftop.energy", rooftop)
    hass.config.components.add("rooftop")
    other = MockConfigEntry(domain="rooftop", title="Rooftop")
    other.add_to_hass(hass)
    entry = await build(weather={"service": False, "provider": other.entry_id})
    await under.passes(timedelta(seconds=20))
    assert state(hass, "house_home_forecast_power").state == STATE_UNKNOWN
    rooftop.told = {"wh_hours": {(TEN + n * HOUR).isoformat(): 1200 + 100 * n for n in range(36)}}
    await _forecast(entry)._async_hear()
    await under.passes(timedelta(seconds=20))
    assert number(hass, "house_home_forecast_power") == 1200
    assert number(hass, "house_home_forecast_next_hour") == pytest.approx(1.2, abs=0.01)
    assert BEGIN - TEN < HOUR


def test_energies_stand_for_the_time_up_to_the_next() -> None:
    told = {
        "2026-06-17T10:00:00+00:00": 300.0,
        "2026-06-17T10:30:00+00:00": 400.0,
        "2026-06-17T15:00:00+02:00": 1000.0,
        "soon": 5.0,
        "2026-06-17T12:00:00": 7.0,
        "2026-06-17T20:00:00+00:00": float("nan"),
    }
    powers = spread(told)
    assert [powers[TEN + n * timedelta(minutes=15)] for n in range(4)] == [600, 600, 400, 400]
    assert powers[datetime(2026, 6, 17, 13, 45, tzinfo=UTC)] == 1000
    assert len(powers) == 2 + 4 + 4
    assert spread({}) == {}


def test_only_hours_that_are_wholly_known_count(under: Under) -> None:
    rows = _rows(under, TEN, TEN + 2 * HOUR, 1.0)
    del rows[3]
    rows[5] = Row(rows[5].start, {}, {Total.SOLAR: Amount(None, Grade.MISSING)})
    assert [*solar_hours(rows)] == [TEN + HOUR]
