"""The one table of entry types: which module builds an entry and which asks for it.

A room is imported when it is needed, in the import executor: a broken library of one
brand never stops the others, and nothing is loaded for brands that nobody has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from homeassistant.config_entries import ConfigEntry, ConfigSubentryFlow, OptionsFlow
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.importlib import async_import_module

from .coordinator import HubConfigEntry, HubCoordinator
from .flow_base import OptionsSchema, RoomFlow


@dataclass(frozen=True, slots=True)
class Room:
    """Where one type of entry lives."""

    module: str
    """Package with `build` and `async_repair`; its `flow` module asks the user."""
    platforms: tuple[Platform, ...]
    zeroconf: str | None = None
    """What the full name of a service that the device announces contains, in lower case."""
    subentries: tuple[str, ...] = ()
    """What the user can add to an entry; the flow module has a flow for each."""
    option_steps: bool = False
    """Whether the options take several steps; the flow module has a flow for them."""


ROOMS: Final[Mapping[str, Room]] = {
    "fluvius": Room("devices.fluvius", (Platform.BINARY_SENSOR, Platform.SENSOR)),
    "enphase": Room("devices.enphase", (Platform.SENSOR,), zeroconf="_enphase-envoy._tcp"),
    "hoymiles": Room("devices.hoymiles", (Platform.BINARY_SENSOR, Platform.SENSOR)),
    "huawei": Room(
        "devices.huawei",
        (
            Platform.BINARY_SENSOR,
            Platform.NUMBER,
            Platform.SELECT,
            Platform.SENSOR,
            Platform.SWITCH,
        ),
    ),
    "homevolt": Room(
        "devices.homevolt",
        (
            Platform.BINARY_SENSOR,
            Platform.CALENDAR,
            Platform.NUMBER,
            Platform.SELECT,
            Platform.SENSOR,
            Platform.SWITCH,
        ),
        zeroconf="homevolt",
    ),
    "house": Room(
        "house", (Platform.SENSOR,), subentries=("sensors", "tariff", "plane", "weather")
    ),
    "enrg": Room("export", (Platform.BINARY_SENSOR, Platform.SENSOR), option_steps=True),
}


class RoomModule(Protocol):
    """What the package of a room offers."""

    def build(self, hass: HomeAssistant, entry: HubConfigEntry) -> HubCoordinator[Any]:
        """Return the coordinator of an entry; nothing is connected yet."""

    async def async_repair(
        self, hass: HomeAssistant, entry: HubConfigEntry, kind: str, data: Mapping[str, Any]
    ) -> None:
        """Do what the user confirmed in the repair `kind` of this room."""


class FlowModule(Protocol):
    """What the flow module of a room offers."""

    FLOW: type[RoomFlow]
    OPTIONS: OptionsSchema
    """Only where the options are one form."""
    OPTIONS_FLOW: type[OptionsFlow]
    """Only where they take several steps."""
    SUBENTRIES: Mapping[str, type[ConfigSubentryFlow]]
    """Only where the room's row names some."""


def room_of(entry: ConfigEntry[Any]) -> Room:
    """Return the room of an entry."""
    return ROOMS[entry.data["type"]]


async def async_room_module(hass: HomeAssistant, entry_type: str) -> RoomModule:
    """Return the package of a room; raises ImportError when a library is broken."""
    name = f"{__package__}.{ROOMS[entry_type].module}"
    return cast("RoomModule", await async_import_module(hass, name))


async def async_flow_module(hass: HomeAssistant, entry_type: str) -> FlowModule:
    """Return the flow module of a room; raises ImportError when a library is broken."""
    name = f"{__package__}.{ROOMS[entry_type].module}.flow"
    return cast("FlowModule", await async_import_module(hass, name))
