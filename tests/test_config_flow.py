"""The menu and its way to the rooms."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.config_flow import (
    EnergyHubConfigFlow,
    EnergyHubOptionsFlow,
)
from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.rooms import ROOMS
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType


async def test_the_menu_offers_every_room(hass: HomeAssistant) -> None:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == list(ROOMS)


def test_steps_of_no_room_do_not_exist() -> None:
    flow = EnergyHubConfigFlow()
    assert hasattr(flow, "async_step_fluvius_network")
    assert not hasattr(flow, "async_step_toaster")
    assert not hasattr(flow, "fluvius_network")
    options = EnergyHubOptionsFlow()
    assert hasattr(options, "async_step_huawei")
    assert not hasattr(options, "async_step_toaster")


async def test_an_entry_whose_library_is_broken_says_so(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missing(*_: object) -> None:
        raise ImportError("no such library")

    monkeypatch.setattr("custom_components.energy_hub.async_room_module", missing)
    entry = MockConfigEntry(domain=DOMAIN, data={"type": "fluvius", "device_id": "1"})
    entry.add_to_hass(hass)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "library_missing"
