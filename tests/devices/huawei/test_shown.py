"""The Energy dashboard is told of sensors that exist."""

from dataclasses import astuple

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.reading import Flow
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.huawei.profiles import hybrid, metered

from .conftest import AddEntry, Plant


@pytest.mark.parametrize(
    ("profile", "solar"),
    [
        (metered(), ("ac_power", "energy_total")),
        (hybrid(), ("pv_power", "pv_energy_total")),
    ],
)
async def test_each_flow_is_shown_by_sensors_that_exist(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, solar: tuple[str, str]
) -> None:
    coordinator = (await add_entry()).runtime_data
    shown = {reading.flow: coordinator.shown(reading) for reading in coordinator.readings}
    registry = er.async_get(hass)
    for one in shown.values():
        for unique_id in filter(None, astuple(one)):
            assert registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
    sun = shown[Flow.SOLAR]
    assert (sun.power, sun.to_house) == tuple(f"{plant.serial}_{key}" for key in solar)
