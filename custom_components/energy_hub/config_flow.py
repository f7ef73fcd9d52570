"""The menu. Every step of an entry type lives in the flow of its room."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
    OptionsFlowWithReload,
    SubentryFlowResult,
)
from homeassistant.core import callback
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from .const import DOMAIN
from .flow_base import RoomFlow
from .rooms import ROOMS, async_flow_module, room_of

_STEP = "async_step_"


class EnergyHubConfigFlow(ConfigFlow, domain=DOMAIN):
    """Asks what to add, then lets the room of that type ask the rest."""

    VERSION = RoomFlow.VERSION

    _room: RoomFlow | None = None

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user choose a type of entry; the step of a type has its name."""
        return self.async_show_menu(step_id="user", menu_options=list(ROOMS))

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again for the address of an existing entry."""
        entry = self._get_reconfigure_entry()
        return await self._async_room_step(entry.data["type"], "reconfigure", user_input)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for credentials again; the room's step is `<type>_reauth`."""
        entry_type = entry_data["type"]
        return await self._async_room_step(entry_type, f"{entry_type}_reauth")

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Let the room whose device announced itself go on."""
        name = discovery_info.name.lower()
        entry_type = next(
            key for key, room in ROOMS.items() if room.zeroconf and room.zeroconf in name
        )
        return await self._async_room_step(entry_type, "zeroconf", discovery_info)

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> OptionsFlow:
        """Return the flow for the options of an entry.

        An entry with parts is reloaded by its listener, whatever of it changes.
        """
        if room_of(config_entry).option_steps:
            return StepsOptionsFlow()
        return PartsOptionsFlow() if room_of(config_entry).subentries else EnergyHubOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry[Any]
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to an entry, as its room says."""
        return dict.fromkeys(room_of(config_entry).subentries, EnergyHubSubentryFlow)

    def __getattr__(self, name: str) -> Callable[..., Awaitable[ConfigFlowResult]]:
        """Return a step that belongs to a room: `<type>` or `<type>_<anything>`.

        Home Assistant looks a step up as a method of the flow; the rooms' steps are not
        inherited, so that a room whose library is broken leaves the others alone.
        """
        step = name.removeprefix(_STEP)
        entry_type = step.partition("_")[0]
        if step == name or entry_type not in ROOMS:
            raise AttributeError(name)
        return partial(self._async_room_step, entry_type, step)

    async def _async_room_step(
        self,
        entry_type: str,
        step: str,
        user_input: dict[str, Any] | ZeroconfServiceInfo | None = None,
    ) -> ConfigFlowResult:
        if self._room is None:
            try:
                self._room = await self._async_open(entry_type)
            except ImportError:
                return self.async_abort(reason="library_missing")
        method: Callable[..., Awaitable[ConfigFlowResult]] = getattr(self._room, _STEP + step)
        return await method(user_input)

    async def _async_open(self, entry_type: str) -> RoomFlow:
        """Return the room's flow, standing in for this one in everything it does."""
        room = (await async_flow_module(self.hass, entry_type)).FLOW()
        room.hass = self.hass
        room.flow_id = self.flow_id
        room.handler = self.handler
        room.context = self.context
        return room


class EnergyHubSubentryFlow(ConfigSubentryFlow):
    """Adds a part to an entry or changes it; the steps are those of the entry's room."""

    _room: ConfigSubentryFlow | None = None

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Begin to add a part."""
        return await self._async_room_step("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Begin to change a part."""
        return await self._async_room_step("reconfigure", user_input)

    def __getattr__(self, name: str) -> Callable[..., Awaitable[SubentryFlowResult]]:
        """Return a later step of the room's flow."""
        if self._room is None or not hasattr(self._room, name):
            raise AttributeError(name)
        return partial(self._async_room_step, name.removeprefix(_STEP))

    async def _async_room_step(
        self, step: str, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        if self._room is None:
            self._room = await self._async_open()
        method: Callable[..., Awaitable[SubentryFlowResult]] = getattr(self._room, _STEP + step)
        return await method(user_input)

    async def _async_open(self) -> ConfigSubentryFlow:
        """Return the room's flow, standing in for this one in everything it does."""
        flows = await async_flow_module(self.hass, self._get_entry().data["type"])
        room: ConfigSubentryFlow = flows.SUBENTRIES[self._subentry_type]()
        room.hass = self.hass
        room.flow_id = self.flow_id
        room.handler = self.handler
        room.context = self.context
        room.init_step = self.init_step
        return room


class PartsOptionsFlow(OptionsFlow):
    """The options of an entry, as its room describes them."""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show the options; the step has the name of the type."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        entry_type = self.config_entry.data["type"]
        room = await async_flow_module(self.hass, entry_type)
        schema = self.add_suggested_values_to_schema(
            room.OPTIONS(self.config_entry), self.config_entry.options
        )
        return self.async_show_form(step_id=entry_type, data_schema=schema)

    def __getattr__(self, name: str) -> Callable[..., Awaitable[ConfigFlowResult]]:
        """Return the step of the entry's type, which is the only one."""
        if name.removeprefix(_STEP) not in ROOMS:
            raise AttributeError(name)
        return self.async_step_init


class EnergyHubOptionsFlow(PartsOptionsFlow, OptionsFlowWithReload):
    """The same for an entry without parts: saving reloads it."""


class StepsOptionsFlow(OptionsFlowWithReload):
    """Options that take several steps, those of the entry's room; saving reloads the entry."""

    _room: OptionsFlow | None = None

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin with the room's first step."""
        return await self._async_room_step("init", user_input)

    def __getattr__(self, name: str) -> Callable[..., Awaitable[ConfigFlowResult]]:
        """Return a later step of the room's flow."""
        if self._room is None or not hasattr(self._room, name):
            raise AttributeError(name)
        return partial(self._async_room_step, name.removeprefix(_STEP))

    async def _async_room_step(
        self, step: str, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        if self._room is None:
            flows = await async_flow_module(self.hass, self.config_entry.data["type"])
            self._room = flows.OPTIONS_FLOW()
            self._room.hass = self.hass
            self._room.flow_id = self.flow_id
            self._room.handler = self.handler
            self._room.context = self.context
        method: Callable[..., Awaitable[ConfigFlowResult]] = getattr(self._room, _STEP + step)
        return await method(user_input)
