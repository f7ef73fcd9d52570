"""What can be set: limits of the battery, its working mode, the feed-in."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.huawei.profiles import metered
from tests.helpers import entity_id, number, state

from .conftest import Act, Plant, battery_w, writes


async def test_charging_needs_the_grid_to_be_allowed(
    hass: HomeAssistant, plant: Plant, act: Act
) -> None:
    switch = entity_id(hass, f"{plant.serial}_grid_charge", "switch")
    await plant.call("switch", "turn_off", entity_id=switch)
    await plant.seconds(2)
    assert state(hass, f"{plant.serial}_grid_charge", "switch").state == "off"
    with pytest.raises(ServiceValidationError) as refused:
        await act("battery_charge", power=500)
    assert refused.value.translation_key == "grid_charge_off"
    await plant.call("switch", "turn_on", entity_id=switch)
    await act("battery_charge", power=500)
    assert writes(plant)[:2] == [47087, 47087]


@pytest.mark.parametrize(
    ("key", "value", "register"),
    [
        ("charge_limit", 1500, 47075),
        ("discharge_limit", 1000, 47077),
        ("charge_cutoff", 95, 47081),
        ("discharge_cutoff", 15, 47082),
        ("grid_charge_cutoff", 50, 47088),
        ("grid_charge_power", 700, 47242),
        ("export_limit_power", 2000, 47416),
        ("export_limit_percent", 40, 47418),
    ],
)
async def test_a_number_is_written_and_read_back(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    key: str,
    value: float,
    register: int,
) -> None:
    target = entity_id(hass, f"{plant.serial}_{key}", "number")
    await plant.call("number", "set_value", entity_id=target, value=value)
    await plant.seconds(5)
    assert writes(plant) == [register]
    assert number(hass, f"{plant.serial}_{key}", "number") == value


async def test_a_limit_holds_in_the_world(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    assert battery_w(plant) < -900
    target = {"entity_id": entity_id(hass, f"{plant.serial}_charge_limit", "number"), "value": 300}
    await plant.call("number", "set_value", **target)
    await plant.seconds(20)
    assert battery_w(plant) >= -300


async def test_a_working_mode(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    assert state(hass, f"{plant.serial}_working_mode", "select").state == "self_consumption"
    await act("battery_idle")
    assert (await act("battery_set_mode", mode="full_solar_export"))["mode"] == "full_solar_export"
    await plant.seconds(20)
    assert state(hass, f"{plant.serial}_working_mode", "select").state == "full_solar_export"
    assert battery_w(plant) > 1000
    select = {
        "entity_id": entity_id(hass, f"{plant.serial}_working_mode", "select"),
        "option": "adaptive",
    }
    await plant.call("select", "select_option", **select)
    await plant.seconds(20)
    assert state(hass, f"{plant.serial}_working_mode", "select").state == "adaptive"
    assert battery_w(plant) < 0


@pytest.mark.parametrize("profile", [metered()])
async def test_export_limits(hass: HomeAssistant, plant: Plant, entry: MockConfigEntry) -> None:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, plant.serial), entry.entry_id
    )
    assert device is not None

    async def limit(**data: object) -> dict[str, Any]:
        response = await plant.call(DOMAIN, "set_export_limit", device_id=device.id, **data)
        await plant.seconds(10)
        told: dict[str, Any] = response[device.id]
        return told

    def exported() -> float:
        return -plant.house.truth(dt_util.utcnow()).grid_w

    assert exported() > 700
    assert await limit(mode="zero") == {"mode": "zero", "power_w": None, "percent": None}
    assert exported() <= 1
    assert state(hass, f"{plant.serial}_export_limit", "select").state == "zero"
    await limit(mode="power", power=500)
    assert exported() == pytest.approx(500, abs=1)
    assert (await limit(mode="percent", percent=5))["percent"] == 5
    assert exported() == pytest.approx(250, abs=1)
    await limit(mode="unlimited")
    assert exported() > 700
    with pytest.raises(ServiceValidationError) as refused:
        await plant.call(DOMAIN, "battery_idle", device_id=device.id)
    assert refused.value.translation_key == "no_battery"
    with pytest.raises(ServiceValidationError) as refused:
        await plant.call(DOMAIN, "battery_clear_schedules", device_id=device.id)
    assert refused.value.translation_key == "no_plan"
