"""The actions are there without an entry, and say what is wrong with their device."""

import pytest
import voluptuous as vol

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component

ACTIONS = (
    "battery_charge",
    "battery_discharge",
    "battery_idle",
    "battery_release",
    "battery_set_mode",
    "set_export_limit",
)


async def test_the_actions_need_no_entry(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    for action in ACTIONS:
        assert hass.services.has_service(DOMAIN, action)


async def test_an_unknown_device(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as refused:
        await hass.services.async_call(
            DOMAIN, "battery_idle", {"device_id": "nobody"}, blocking=True
        )
    assert refused.value.translation_key == "service_device_not_found"


@pytest.mark.parametrize(
    "data",
    [
        {"power": "much"},
        {"target_soc": "full"},
        {"duration": {"hours": 1}, "until": "2026-12-01 00:00:00"},
        {"duration": {"hours": -1}},
        {"toast": True},
    ],
)
async def test_what_is_no_command(hass: HomeAssistant, data: dict[str, object]) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(vol.Invalid):
        await hass.services.async_call(
            DOMAIN, "battery_charge", {"device_id": "x", "power": 100, **data}, blocking=True
        )
