"""Commands of the battery and of the feed-in, as the world and the wire see them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.util import dt as dt_util
from simulator.huawei import HuaweiFault
from simulator.huawei.profiles import Profile, hybrid, metered, twin
from simulator.world import BatteryCommand
from tests.helpers import entity_id, number, state

from .conftest import AddEntry, Plant

type Act = Callable[..., Awaitable[dict[str, Any]]]

WRITE_MANY = 16


def writes(plant: Plant) -> list[int]:
    """Return the addresses that were written, in order."""
    return [one.address for one in plant.device.requests if one.function == WRITE_MANY]


def battery_w(plant: Plant) -> float:
    """Return what the world's batteries of the inverter give, in W."""
    batteries = plant.house.truth(dt_util.utcnow()).batteries
    return sum(one.power_w for name, one in batteries.items() if name.startswith("luna"))


@pytest.fixture
async def entry(add_entry: AddEntry) -> MockConfigEntry:
    """Return the entry of an inverter that may be controlled."""
    return await add_entry(options={"control": True})


@pytest.fixture
def act(hass: HomeAssistant, plant: Plant, entry: MockConfigEntry) -> Act:
    """Return a function that calls an action for the battery and returns its answer."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{plant.serial}_battery"), entry.entry_id
    )
    assert device is not None

    async def call(action: str, **data: object) -> dict[str, Any]:
        task = hass.async_create_task(
            hass.services.async_call(
                DOMAIN,
                action,
                {"device_id": device.id, **data},
                blocking=True,
                return_response=True,
            )
        )
        response = await plant.until_done(task)
        assert list(response) == [device.id]
        told: dict[str, Any] = response[device.id]
        return told

    return call


@pytest.mark.parametrize("profile", [hybrid(), twin()])
async def test_a_charge_is_given_and_ends_when_it_was_told(
    plant: Plant, act: Act, profile: Profile
) -> None:
    told = await act("battery_charge", power=1200, duration={"minutes": 10})
    assert told["mode"] == "inverter_charge"
    assert told["power_w"] == 1200
    assert told["until"] is not None
    assert told["soc_limit"] is None
    await plant.seconds(5)
    assert battery_w(plant) == pytest.approx(-1200, abs=2)
    # The inverter itself knows the end: nothing is written in between.
    count = len(writes(plant))
    await plant.seconds(9 * 60, step=3)
    assert battery_w(plant) == pytest.approx(-1200, abs=2)
    assert len(writes(plant)) == count


async def test_the_order_of_the_registers(plant: Plant, act: Act) -> None:
    await act("battery_charge", power=1200, duration={"minutes": 10})
    assert writes(plant) == [47247, 47083, 47246, 47100]


async def test_a_discharge_and_its_release(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    before = state(hass, f"{plant.serial}_battery_mode").state
    assert before == "self_consumption"
    told = await act("battery_discharge", power=800)
    assert (told["mode"], told["power_w"], told["until"]) == ("inverter_discharge", 800, None)
    await plant.seconds(75)
    assert battery_w(plant) == pytest.approx(800, abs=2)
    assert number(hass, f"{plant.serial}_battery_power") == pytest.approx(800, abs=2)
    assert state(hass, f"{plant.serial}_battery_mode").state == "forced"
    assert (await act("battery_release"))["mode"] == "self_consumption"
    await plant.seconds(20)
    assert battery_w(plant) < 0


async def test_holding(plant: Plant, act: Act) -> None:
    assert battery_w(plant) < -100
    assert (await act("battery_idle"))["mode"] == "idle"
    await plant.seconds(5)
    assert battery_w(plant) == 0


async def test_a_target_ends_the_command(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    soc = number(hass, f"{plant.serial}_battery_soc")
    told = await act("battery_discharge", power=2000, target_soc=round(soc) - 2)
    assert told["soc_limit"] == round(soc) - 2
    await plant.until(lambda: number(hass, f"{plant.serial}_battery_soc") <= round(soc) - 2)
    await plant.seconds(20)
    assert battery_w(plant) <= 0


async def test_an_open_command_is_renewed_for_as_long_as_it_is_wanted(
    plant: Plant, act: Act
) -> None:
    await act("battery_idle")
    assert len(writes(plant)) == 4
    for _ in range(40):
        await plant.seconds(60, step=3)
        assert battery_w(plant) == 0
    assert len(writes(plant)) == 4 * 3


async def test_without_us_the_inverter_ends_it_alone(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    # As after a crash: nobody is there any more to release anything.
    await hass.config_entries.async_unload(entry.entry_id)
    assert battery_w(plant) == pytest.approx(800, abs=2)
    plant.freezer.tick(timedelta(minutes=31))
    assert battery_w(plant) < 0


async def test_a_reload_adopts_the_lease(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    task = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await plant.until_done(task)
    await plant.seconds(5)
    assert battery_w(plant) == pytest.approx(800, abs=2)
    assert len(writes(plant)) == 4
    # It is renewed as before.
    await plant.seconds(35 * 60, step=3)
    assert battery_w(plant) == pytest.approx(800, abs=2)


async def test_control_that_is_switched_off_releases(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    hass.config_entries.async_update_entry(entry, options={"control": False})
    task = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await plant.until_done(task)
    await plant.seconds(15)
    assert battery_w(plant) < 0


async def test_a_disabled_entry_releases(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    task = hass.async_create_task(
        hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    )
    await plant.until_done(task)
    assert battery_w(plant) < 400
    await plant.seconds(5)
    assert battery_w(plant) < 0


async def test_a_removed_entry_releases(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    await plant.until_done(hass.async_create_task(hass.config_entries.async_remove(entry.entry_id)))
    await plant.seconds(5)
    assert battery_w(plant) < 0


async def test_an_orderly_stop_releases(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    await act("battery_discharge", power=800)
    await plant.until_done(hass.async_create_task(hass.async_stop(force=True)))
    plant.freezer.tick(timedelta(seconds=10))
    assert battery_w(plant) < 0


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("battery_charge", {"power": 99_000}, "power_out_of_range"),
        ("battery_charge", {"power": 0}, "power_out_of_range"),
        ("battery_charge", {"power": 500, "duration": {"hours": 25}}, "end_too_late"),
        ("battery_charge", {"power": 500, "until": "2026-01-01 00:00:00"}, "end_in_past"),
        ("battery_charge", {"power": 500, "target_soc": 2}, "soc_out_of_range"),
        ("battery_charge", {"power": 500, "target_soc": 20}, "soc_reached"),
        ("battery_discharge", {"power": 500, "target_soc": 95}, "soc_reached"),
        ("battery_set_mode", {"mode": "frequency_reserve"}, "mode_not_offered"),
        ("battery_set_mode", {"mode": "inverter_charge"}, "power_missing"),
        ("battery_set_mode", {"mode": "idle", "max_soc": 80}, "field_not_offered"),
        ("battery_set_mode", {"mode": "adaptive", "duration": {"hours": 1}}, "mode_has_no_end"),
        ("set_export_limit", {"mode": "power"}, "export_power_range"),
        ("set_export_limit", {"mode": "power", "power": 99_000}, "export_power_range"),
        ("set_export_limit", {"mode": "percent"}, "export_percent_missing"),
    ],
)
async def test_refused_before_anything_is_sent(
    plant: Plant, act: Act, action: str, data: dict[str, Any], key: str
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await act(action, **data)
    assert refused.value.translation_key == key
    assert writes(plant) == []


async def test_refused_while_control_is_off(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, options={})
    for action, data in (
        ("battery_idle", {}),
        ("battery_release", {}),
        ("set_export_limit", {"mode": "zero"}),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await act(action, **data)
        assert refused.value.translation_key == "control_off"
    assert writes(plant) == []


async def test_charging_needs_the_grid_to_be_allowed(
    hass: HomeAssistant, plant: Plant, act: Act
) -> None:
    switch = entity_id(hass, f"{plant.serial}_grid_charge", "switch")
    await plant.until_done(
        hass.async_create_task(
            hass.services.async_call("switch", "turn_off", {"entity_id": switch}, blocking=True)
        )
    )
    await plant.seconds(2)
    assert state(hass, f"{plant.serial}_grid_charge", "switch").state == "off"
    with pytest.raises(ServiceValidationError) as refused:
        await act("battery_charge", power=500)
    assert refused.value.translation_key == "grid_charge_off"
    await plant.until_done(
        hass.async_create_task(
            hass.services.async_call("switch", "turn_on", {"entity_id": switch}, blocking=True)
        )
    )
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
    await plant.until_done(
        hass.async_create_task(
            hass.services.async_call(
                "number",
                "set_value",
                {"entity_id": entity_id(hass, f"{plant.serial}_{key}", "number"), "value": value},
                blocking=True,
            )
        )
    )
    await plant.seconds(5)
    assert writes(plant) == [register]
    assert number(hass, f"{plant.serial}_{key}", "number") == value


async def test_a_limit_holds_in_the_world(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    assert battery_w(plant) < -900
    target = {"entity_id": entity_id(hass, f"{plant.serial}_charge_limit", "number"), "value": 300}
    await plant.until_done(
        hass.async_create_task(
            hass.services.async_call("number", "set_value", target, blocking=True)
        )
    )
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
    await plant.until_done(
        hass.async_create_task(
            hass.services.async_call("select", "select_option", select, blocking=True)
        )
    )
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
        response = await plant.until_done(
            hass.async_create_task(
                hass.services.async_call(
                    DOMAIN,
                    "set_export_limit",
                    {"device_id": device.id, **data},
                    blocking=True,
                    return_response=True,
                )
            )
        )
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
        await plant.until_done(
            hass.async_create_task(
                hass.services.async_call(
                    DOMAIN, "battery_idle", {"device_id": device.id}, blocking=True
                )
            )
        )
    assert refused.value.translation_key == "no_battery"


async def test_somebody_else_ends_the_command(
    hass: HomeAssistant, plant: Plant, act: Act, entry: MockConfigEntry
) -> None:
    await act("battery_discharge", power=800)
    await plant.seconds(130)
    # Another program stops it.
    now = dt_util.utcnow()
    plant.house.command("luna", BatteryCommand(None, until=now), now)
    await plant.seconds(130)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, f"foreign_control_{entry.entry_id}")
    assert issue is not None
    count = len(writes(plant))
    await plant.seconds(20 * 60, step=3)
    assert len(writes(plant)) == count
    await act("battery_idle")
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue.issue_id) is None


async def test_a_command_that_was_not_confirmed_is_taken_back(
    plant: Plant, act: Act, expected_complaints: list[str]
) -> None:
    plant.device.every[HuaweiFault.REPLY_LOST] = 1
    await plant.device.faults.set(HuaweiFault.REPLY_LOST, True)
    with pytest.raises(HomeAssistantError):
        await act("battery_discharge", power=800)
    await plant.device.faults.set(HuaweiFault.REPLY_LOST, False)
    await plant.seconds(60)
    assert battery_w(plant) < 0
