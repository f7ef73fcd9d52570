"""A house of sensors only: a Fronius inverter and a HomeWizard meter, as other integrations."""

import pytest

from homeassistant.core import HomeAssistant
from tests.helpers import number, state

from .conftest import GRID, SOLAR, AddHouse, Pass, Sensors


async def test_the_balance_of_foreign_sensors(
    hass: HomeAssistant, add_house: AddHouse, sensors: Sensors, passes: Pass
) -> None:
    sensors(meter_power=-1200, meter_import=100, meter_export=50)
    sensors(fronius_power=2.0, fronius_day=4.0)
    await add_house(GRID, SOLAR)
    await passes(10)
    assert number(hass, "house_home_grid_power") == -1200
    assert number(hass, "house_home_solar_power") == 2000
    assert number(hass, "house_home_house_power") == 800
    assert state(hass, "house_home_data_quality").state == "measured"


async def test_an_inverted_power(
    hass: HomeAssistant, add_house: AddHouse, sensors: Sensors, passes: Pass
) -> None:
    sensors(meter_power=1200)
    await add_house({**GRID, "inverted": True})
    await passes(10)
    assert number(hass, "house_home_grid_power") == -1200


async def test_energy_of_the_day(
    hass: HomeAssistant, add_house: AddHouse, sensors: Sensors, passes: Pass
) -> None:
    sensors(meter_power=-1200, meter_import=100, meter_export=50)
    sensors(fronius_power=2.0, fronius_day=4.0)
    await add_house(GRID, SOLAR)
    for step in range(1, 13):
        await passes(300)
        sensors(meter_import=100 + 0.01 * step, meter_export=50 + 0.1 * step)
        sensors(fronius_day=4 + 0.2 * step)
    await passes(60)
    assert number(hass, "house_home_solar_total") == pytest.approx(2.4, abs=0.03)
    assert number(hass, "house_home_export_total") == pytest.approx(1.2, abs=0.03)
    assert number(hass, "house_home_house_total") == pytest.approx(2.4 + 0.12 - 1.2, abs=0.03)
    assert number(hass, "house_home_house_today") == pytest.approx(1.32, abs=0.03)
    assert number(hass, "house_home_self_consumption") == pytest.approx(50, abs=1)
    assert number(hass, "house_home_self_sufficiency") == pytest.approx(100 * 1.2 / 1.32, abs=1)


NONSENSE = [
    *[(one, "kW") for one in ("unavailable", "unknown", "off", "nan", "", -2.0)],
    (1.0, "V"),
]


async def test_what_is_no_power_is_missing(
    hass: HomeAssistant, add_house: AddHouse, sensors: Sensors, passes: Pass
) -> None:
    sensors(meter_power=500, meter_import=100, meter_export=50)
    await add_house(GRID, SOLAR)
    for value, unit in NONSENSE:
        sensors(fronius_power=1.0, fronius_day=4.0)
        await passes(10)
        assert number(hass, "house_home_house_power") == 1500
        hass.states.async_set("sensor.fronius_power", str(value), {"unit_of_measurement": unit})
        await passes(10)
        assert state(hass, "house_home_house_power").state == "unknown", value
        assert state(hass, "house_home_solar_power").state == "unknown"
        assert number(hass, "house_home_grid_power") == 500
        quality = state(hass, "house_home_data_quality")
        assert quality.state == "missing"
        assert quality.attributes["missing"] == ["Solar"]
    # What an inverter draws at night is no production, and no mistake either.
    sensors(fronius_power=-0.02)
    await passes(10)
    assert number(hass, "house_home_solar_power") == 0


async def test_what_is_no_energy_is_not_counted_and_comes_later(
    hass: HomeAssistant, add_house: AddHouse, sensors: Sensors, passes: Pass
) -> None:
    sensors(meter_power=500, meter_import=100, meter_export=50)
    sensors(fronius_power=1.0, fronius_day=4.0)
    await add_house(GRID, SOLAR)
    await passes(20)
    for value, unit in [*NONSENSE, (-1, "kWh"), (5, "m³")]:
        hass.states.async_set("sensor.fronius_day", str(value), {"unit_of_measurement": unit})
        await passes(10)
        assert number(hass, "house_home_solar_total") == 0, value
    sensors(meter_import=100.5, meter_export=50)
    await passes(10)
    assert state(hass, "house_home_data_quality").state == "measured"
    for _ in range(13):
        await passes(300, step=100)
        sensors(meter_power=500, meter_import=100.5, meter_export=50)
    quality = state(hass, "house_home_data_quality")
    assert quality.state == "missing"
    assert quality.attributes["energy_missing"] == ["Solar"]
    # The same counter in another unit: it is read as what it is.
    hass.states.async_set("sensor.fronius_day", "4500", {"unit_of_measurement": "Wh"})
    await passes(10)
    assert number(hass, "house_home_solar_total") == pytest.approx(0.5)
    assert state(hass, "house_home_data_quality").state == "measured"


async def test_a_counter_that_begins_again_each_day_goes_on(
    hass: HomeAssistant, add_house: AddHouse, sensors: Sensors, passes: Pass
) -> None:
    sensors(meter_power=0, meter_import=100, meter_export=50)
    sensors(fronius_power=1.0, fronius_day=9.0)
    await add_house(GRID, SOLAR)
    for day in (9.1, 0.0, 0.1, 0.2):
        await passes(300)
        sensors(fronius_day=day)
    await passes(60)
    assert number(hass, "house_home_solar_total") == pytest.approx(0.3, abs=0.02)


async def test_a_counter_that_shows_nonsense_for_a_moment_jumps_nowhere(
    hass: HomeAssistant, add_house: AddHouse, sensors: Sensors, passes: Pass
) -> None:
    sensors(meter_power=0, meter_import=20_000, meter_export=50)
    sensors(fronius_power=1.0, fronius_day=9.0)
    await add_house(GRID, SOLAR)
    for value in (20_000.1, 0, 20_000.2, 20_000.3):
        await passes(120)
        sensors(meter_import=value)
    await passes(60)
    assert number(hass, "house_home_import_total") == pytest.approx(0.3, abs=0.02)
