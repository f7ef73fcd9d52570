"""Commands of the battery as the world and the wire see them."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from simulator.huawei.profiles import Profile, hybrid, twin
from tests.helpers import number, state

from .conftest import Act, Plant, battery_w, writes


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
