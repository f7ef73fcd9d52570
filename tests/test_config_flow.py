"""The menu and its way to the rooms."""

from ipaddress import ip_address
import sys
from types import ModuleType
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.energy_hub.config_flow import (
    EnergyHubConfigFlow,
    EnergyHubOptionsFlow,
    EnergyHubSubentryFlow,
)
from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.errors import DeviceError
from custom_components.energy_hub.flow_base import Found, RoomFlow
from custom_components.energy_hub.rooms import ROOMS, Room
from homeassistant.config_entries import (
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigEntryState,
    ConfigFlowResult,
    ConfigSubentryFlow,
    SubentryFlowContext,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo


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


class Toy(RoomFlow):
    """A brand with a password, which announces itself."""

    type = "toy"

    async def async_step_toy(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        return await self.async_device_step("toy", TOY_SCHEMA, user_input)

    async_step_reconfigure = async_step_toy

    async def async_step_toy_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        return await self.async_device_step("toy_reauth", PASSWORD_SCHEMA, user_input)

    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        await self.async_set_unique_id("toy_9")
        self._abort_if_unique_id_configured(updates={"host": discovery_info.host})
        return await self.async_step_toy()

    async def async_find(self, data: dict[str, Any]) -> Found:
        if data["password"] != "right":
            raise DeviceError(fields={"password": "unit_silent"})
        return Found(data["host"].removeprefix("host"), "Toy")


class ToyPart(ConfigSubentryFlow):
    """A part of a toy, asked for in two steps."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        return self.async_show_form(step_id="color", data_schema=COLOR_SCHEMA)

    async def async_step_color(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        assert user_input is not None
        return self.async_create_entry(title="Wheel", data=user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        if user_input is None:
            return self.async_show_form(step_id="reconfigure", data_schema=COLOR_SCHEMA)
        return self.async_update_and_abort(
            self._get_entry(), self._get_reconfigure_subentry(), data=user_input
        )


COLOR_SCHEMA = vol.Schema({vol.Required("color"): str})
TOY_SCHEMA = vol.Schema({vol.Required("host"): str, vol.Required("password"): str})
PASSWORD_SCHEMA = vol.Schema({vol.Required("password"): str})


@pytest.fixture
def toy(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> MockConfigEntry:
    """Return an entry of a room that is there for the test only."""
    module = ModuleType("toy")
    module.FLOW = Toy  # type: ignore[attr-defined] # a module made by hand
    module.SUBENTRIES = {"part": ToyPart}  # type: ignore[attr-defined] # a module made by hand
    row = Room("toy", (), zeroconf="_toy._tcp", subentries=("part",))
    monkeypatch.setitem(ROOMS, "toy", row)
    monkeypatch.setitem(sys.modules, "custom_components.energy_hub.toy.flow", module)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="My toy",
        unique_id="toy_9",
        data={"type": "toy", "device_id": "9", "host": "host9", "password": "old"},
    )
    entry.add_to_hass(hass)
    return entry


@pytest.mark.usefixtures("unloadable")
async def test_credentials_are_asked_again_and_never_shown(
    hass: HomeAssistant, toy: MockConfigEntry
) -> None:
    result = await toy.start_reauth_flow(hass)
    assert result["step_id"] == "toy_reauth"
    assert result["description_placeholders"]["name"] == "My toy"
    assert suggested(result) == {"password": None}
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"password": "wrong"}
    )
    assert result["errors"] == {"base": "cannot_connect", "password": "unit_silent"}
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"password": "right"}
    )
    assert result["reason"] == "reauth_successful"
    assert toy.data == {"type": "toy", "device_id": "9", "host": "host9", "password": "right"}


@pytest.mark.usefixtures("unloadable")
async def test_a_form_for_an_entry_shows_all_but_its_secrets(
    hass: HomeAssistant, toy: MockConfigEntry
) -> None:
    result = await toy.start_reconfigure_flow(hass)
    assert suggested(result) == {"host": "host9", "password": None}
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"host": "host8", "password": "right"}
    )
    assert result["reason"] == "wrong_device"
    assert toy.data["host"] == "host9"


async def test_what_announces_itself_leads_to_its_room(
    hass: HomeAssistant, toy: MockConfigEntry
) -> None:
    info = ZeroconfServiceInfo(
        ip_address=ip_address("192.0.2.7"),
        ip_addresses=[ip_address("192.0.2.7")],
        port=80,
        hostname="toy.local.",
        type="_toy._tcp.local.",
        name="Toy 9._toy._tcp.local.",
        properties={},
    )
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_ZEROCONF}, data=info
    )
    assert result["reason"] == "already_configured"
    assert toy.data["host"] == "192.0.2.7"


async def test_a_part_is_added_and_changed_by_the_room(
    hass: HomeAssistant, toy: MockConfigEntry
) -> None:
    flows = hass.config_entries.subentries
    context: SubentryFlowContext = {"source": SOURCE_USER}
    result = await flows.async_init((toy.entry_id, "part"), context=context)
    assert result["step_id"] == "color"
    result = await flows.async_configure(result["flow_id"], {"color": "red"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    ((subentry_id, part),) = toy.subentries.items()
    assert (part.title, part.subentry_type, dict(part.data)) == ("Wheel", "part", {"color": "red"})
    result = await toy.start_subentry_reconfigure_flow(hass, subentry_id)
    result = await flows.async_configure(result["flow_id"], {"color": "blue"})
    assert result["reason"] == "reconfigure_successful"
    assert dict(toy.subentries[subentry_id].data) == {"color": "blue"}
    assert not hasattr(EnergyHubSubentryFlow(), "async_step_color")


def suggested(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form suggests, by field."""
    schema = result["data_schema"]
    assert schema is not None
    return {str(key): (key.description or {}).get("suggested_value") for key in schema.schema}


@pytest.fixture
def unloadable(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the toy, which has nothing but a flow, from being set up."""
    monkeypatch.setattr(hass.config_entries, "async_schedule_reload", lambda _: None)
