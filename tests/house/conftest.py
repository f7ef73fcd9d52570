"""A house that is made of sensors of other integrations, on a frozen clock."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.helpers import turns

START = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)

GRID = {
    "flow": "grid",
    "power": "sensor.meter_power",
    "inverted": False,
    "to_house": "sensor.meter_import",
    "from_house": "sensor.meter_export",
}
SOLAR = {
    "flow": "solar",
    "power": "sensor.fronius_power",
    "inverted": False,
    "to_house": "sensor.fronius_day",
}

type Sensors = Callable[..., None]
type AddHouse = Callable[..., Awaitable[MockConfigEntry]]
type Pass = Callable[..., Awaitable[None]]


@pytest.fixture
def sensors(hass: HomeAssistant) -> Sensors:
    """Return a function that lets the foreign sensors show something."""

    def show(**values: object) -> None:
        for name, value in values.items():
            unit = {"meter_power": "W", "fronius_power": "kW"}.get(name, "kWh")
            hass.states.async_set(f"sensor.{name}", str(value), {"unit_of_measurement": unit})

    return show


@pytest.fixture
async def add_house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> AddHouse:
    """Return a function that sets up a house made of these sensors."""
    freezer.move_to(START)
    await hass.config.async_update(latitude=50.85, longitude=4.35, time_zone="Europe/Brussels")

    async def add(*parts: dict[str, Any], **options: Any) -> MockConfigEntry:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={"type": "house", "device_id": "home"},
            options={"grid": [], "solar": [], "battery": [], **options},
            unique_id="house_home",
            subentries_data=[
                ConfigSubentryData(
                    data=part, subentry_type="sensors", title=part["flow"].title(), unique_id=None
                )
                for part in parts
            ],
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return add


@pytest.fixture
def passes(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Pass:
    """Return a function that lets seconds pass in steps of ten, or of more."""

    async def seconds(count: float, step: float = 10) -> None:
        for _ in range(round(count / step)):
            freezer.tick(timedelta(seconds=step))
            async_fire_time_changed(hass, dt_util.utcnow())
            await turns(20)
            await hass.async_block_till_done(wait_background_tasks=True)

    return seconds


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep Home Assistant from telling of every state and statement: that takes longest."""
    caplog.set_level(logging.WARNING)
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")
