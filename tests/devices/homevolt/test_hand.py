"""What can be set by hand: local mode, a command and its power; and the parameters."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator.homevolt import HomevoltFault, parameters
from tests.helpers import entity_id, state

from .acting import Act, act, entry, fault, lines, posts, proven, set_entity, watts
from .conftest import ECU, Plant

__all__ = ["act", "entry", "proven"]


async def _switch(hass: HomeAssistant, plant: Plant, on: bool) -> None:
    name = entity_id(hass, f"{ECU}_local_mode", "switch")
    assert name is not None
    await set_entity(hass, plant, "switch", "turn_on" if on else "turn_off", name)


async def _select(hass: HomeAssistant, plant: Plant, option: str) -> None:
    name = entity_id(hass, f"{ECU}_command", "select")
    assert name is not None
    await set_entity(hass, plant, "select", "select_option", name, option=option)


async def _number(hass: HomeAssistant, plant: Plant, value: float) -> None:
    name = entity_id(hass, f"{ECU}_command_power", "number")
    assert name is not None
    await set_entity(hass, plant, "number", "set_value", name, value=value)


async def test_local_mode_by_hand_idles_on_both_ways(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    assert watts(plant) < 0
    await _switch(hass, plant, True)
    assert state(hass, f"{ECU}_local_mode", "switch").state == "on"
    assert state(hass, f"{ECU}_mode").state == "idle"
    await plant.seconds(4)
    assert watts(plant) == 0
    assert lines(plant) == ["sched_set 0"]
    plant.device.console.run("sched_set 2 -s 300")
    await _switch(hass, plant, False)
    assert lines(plant) == ["sched_set 0"] * 2
    await plant.seconds(4)
    assert watts(plant) == 0
    assert state(hass, f"{ECU}_local_mode", "switch").state == "off"
    plant.device.requests.clear()
    await _switch(hass, plant, False)
    assert posts(plant) == []


async def test_local_mode_off_ends_a_command(hass: HomeAssistant, plant: Plant, act: Act) -> None:
    await act("battery_discharge", power=300)
    await _switch(hass, plant, False)
    await plant.seconds(40 * 60, step=120)
    assert state(hass, f"{ECU}_command", "select").state == "none"
    assert not plant.device.state.parameters.local


async def test_local_mode_on_in_a_command_stays_on_after_it(
    hass: HomeAssistant, plant: Plant, act: Act
) -> None:
    await act("battery_discharge", power=300)
    await _switch(hass, plant, True)
    await plant.seconds(4)
    assert watts(plant) == 300
    await act("battery_release")
    assert plant.device.state.parameters.local
    assert state(hass, f"{ECU}_mode").state == "idle"


async def test_a_command_by_hand(hass: HomeAssistant, plant: Plant, entry: MockConfigEntry) -> None:
    assert state(hass, f"{ECU}_command", "select").state == "none"
    power = state(hass, f"{ECU}_command_power", "number")
    assert power.state == STATE_UNKNOWN
    assert power.attributes["max"] == 6000
    with pytest.raises(ServiceValidationError) as refused:
        await _select(hass, plant, "inverter_charge")
    assert refused.value.translation_key == "power_missing"
    await _number(hass, plant, 700)
    await _select(hass, plant, "inverter_charge")
    assert state(hass, f"{ECU}_command", "select").state == "inverter_charge"
    await plant.seconds(4)
    assert watts(plant) == -700
    await _number(hass, plant, 800)
    await plant.seconds(4)
    assert watts(plant) == -800
    await _select(hass, plant, "idle")
    await plant.seconds(4)
    assert watts(plant) == 0
    await _select(hass, plant, "none")
    assert not plant.device.state.parameters.local


async def test_nothing_by_hand_while_control_is_off(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    hass.config_entries.async_update_entry(entry, options={})
    plant.device.requests.clear()
    for doing in (
        _switch(hass, plant, True),
        _select(hass, plant, "idle"),
        _select(hass, plant, "none"),
        _number(hass, plant, 500),
    ):
        with pytest.raises(ServiceValidationError) as refused:
            await doing
        assert refused.value.translation_key == "control_off"
    assert plant.asked == []


async def test_whether_the_battery_follows_its_plan(
    hass: HomeAssistant, plant: Plant, act: Act
) -> None:
    await act("battery_discharge", power=300)
    assert state(hass, f"{ECU}_follows_plan", "binary_sensor").state == STATE_UNKNOWN
    await plant.seconds(75)
    assert state(hass, f"{ECU}_follows_plan", "binary_sensor").state == "on"
    # Something in the battery holds it back.
    plant.device.state._steering.follow(
        [(plant.truth.time, type(plant.device.state.plan)("none"))],
        plant.device.state.skew,
        plant.truth.time,
    )
    await plant.seconds(20)
    assert state(hass, f"{ECU}_follows_plan", "binary_sensor").state == "off"


async def test_parameters(plant: Plant, act: Act) -> None:
    told = await act("battery_get_parameter", key="ecu_main_fuse_size_a")
    assert told == {"key": "ecu_main_fuse_size_a", "value": 25}
    told = await act("battery_get_parameter", key="settings_local")
    assert told["value"] is False
    told = await act("battery_set_parameter", key="ledstrip_bright_max", value=40)
    assert told == {"key": "ledstrip_bright_max", "value": 40}
    told = await act("battery_set_parameter", key="ledstrip_mode", value="dem")
    assert told["value"] == "dem"
    assert posts(plant) == [
        ("/params.json", {"k": "ledstrip_bright_max", "v": "40", "store": "0"}),
        ("/params.json", {"k": "ledstrip_mode", "v": "dem", "store": "0"}),
    ]
    told = await act("battery_set_parameter", key="settings_local", value=True)
    assert told == {"key": "settings_local", "value": True}
    assert plant.device.state.parameters.local


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("battery_get_parameter", {"key": "ems_psk"}, "parameter_not_offered"),
        ("battery_get_parameter", {"key": "../x"}, "parameter_not_offered"),
        ("battery_set_parameter", {"key": "ems_psk", "value": 1}, "parameter_not_offered"),
        (
            "battery_set_parameter",
            {"key": "export_limitation_w", "value": 1},
            "parameter_not_offered",
        ),
        (
            "battery_set_parameter",
            {"key": "ledstrip_bright_max", "value": 101},
            "parameter_out_of_range",
        ),
        (
            "battery_set_parameter",
            {"key": "ledstrip_bright_max", "value": True},
            "parameter_out_of_range",
        ),
        (
            "battery_set_parameter",
            {"key": "ledstrip_bright_max", "value": "40 -f"},
            "parameter_out_of_range",
        ),
        (
            "battery_set_parameter",
            {"key": "ledstrip_mode", "value": "disco"},
            "parameter_out_of_range",
        ),
        (
            "battery_set_parameter",
            {"key": "settings_local", "value": "true"},
            "parameter_out_of_range",
        ),
    ],
)
async def test_parameters_that_are_out_of_reach(
    plant: Plant, act: Act, action: str, data: dict[str, Any], key: str
) -> None:
    plant.device.requests.clear()
    with pytest.raises(ServiceValidationError) as refused:
        await act(action, **data)
    assert refused.value.translation_key == key
    assert plant.asked == []


@pytest.mark.parametrize(
    ("one", "key"),
    [
        (HomevoltFault.REPLY_LOST, None),
        (HomevoltFault.REQUEST_LOST, "outcome_unknown"),
        (HomevoltFault.LOCAL_REFUSED, "not_confirmed"),
        (HomevoltFault.NOT_FOUND, "command_refused"),
    ],
)
async def test_a_parameter_whose_answer_is_strange(
    plant: Plant, act: Act, one: HomevoltFault, key: str | None
) -> None:
    await fault(plant, one, "/params.json", 1)
    call = act("battery_set_parameter", key="ledstrip_bright_max", value=40)
    if key is None:
        assert (await call)["value"] == 40
        return
    with pytest.raises(HomeAssistantError) as refused:
        await call
    assert refused.value.translation_key == key


async def test_a_parameter_that_this_firmware_does_not_have(
    plant: Plant, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(parameters._TABLE, "ems_control_timeout")
    for key in ("pid_history_select", "ems_control_timeout"):
        with pytest.raises(ServiceValidationError) as refused:
            await act("battery_get_parameter", key=key)
        assert refused.value.translation_key == "parameter_not_offered"
