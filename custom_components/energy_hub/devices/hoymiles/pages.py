"""The device pages of an entry: which are there, which belong to another entry, which go."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ...const import DOMAIN
from ...coordinator import Part
from .metrics import inverter_part, plant_part, port_part
from .plant import PlantState

# Home Assistant adds at most 10,000 entities to an entry.
_MOST_ENTITIES: Final = 8_000


class Pages:
    """The parts of an entry in the order in which they became known."""

    def __init__(self, first: Part) -> None:
        """Start with the page of the account or key."""
        self.parts: list[Part] = [first]
        self.full = False
        """Whether ports had to be left out."""
        self._known: dict[str, Part] = {first.id: first}
        self._entities = len(first.metrics)

    def grow(self, state: PlantState, *, ports: bool) -> None:
        """Add the pages of a plant that are new; those of its ports if they are wanted."""
        plant = self._add(plant_part(state.plant))
        for inverter in state.inverters:
            owner = self._add(inverter_part(plant, inverter))
            for port in state.ports_of(inverter) if ports else ():
                self._add_port(port_part(owner, inverter, port))

    def _add_port(self, part: Part) -> None:
        if part.id in self._known or self._entities + len(part.metrics) <= _MOST_ENTITIES:
            self._add(part)
        else:
            self.full = True

    def _add(self, part: Part) -> Part:
        if part.id not in self._known:
            self._known[part.id] = part
            self._entities += len(part.metrics)
            self.parts.append(part)
        return self._known[part.id]


@callback
def other_owner(
    hass: HomeAssistant, entry: ConfigEntry[Any], plant: int
) -> ConfigEntry[Any] | None:
    """Return the entry that reads a plant already; of two that did, the older one."""
    registry = dr.async_get(hass)
    owners = [
        one
        for one in hass.config_entries.async_entries(DOMAIN, include_disabled=False)
        if one.data["type"] == entry.data["type"]
        and registry.async_get_device_by_identifier((DOMAIN, str(plant)), one.entry_id)
    ]
    owner = min(owners, key=lambda one: one.created_at, default=entry)
    return None if owner.entry_id == entry.entry_id else owner


@callback
def async_remove_pages(
    hass: HomeAssistant, entry: ConfigEntry[Any], unread: Iterable[int], plain: Iterable[int]
) -> None:
    """Remove the pages of plants that are not read, and of ports that are not shown."""
    registry = dr.async_get(hass)
    ports = dr.async_child_entries_for_config_entry(registry, entry.entry_id)
    for plant in plain if ports else ():
        for inverter in _inverter_pages(registry, entry, plant):
            _remove_ports(registry, inverter)
    for plant in unread:
        for inverter in _inverter_pages(registry, entry, plant):
            _remove_ports(registry, inverter)
            registry.async_remove_device(inverter.id)
        if (page := _plant_page(registry, entry, plant)) is not None:
            registry.async_remove_device(page.id)


def _plant_page(
    registry: dr.DeviceRegistry, entry: ConfigEntry[Any], plant: int
) -> dr.DeviceEntry | None:
    return registry.async_get_device_by_identifier((DOMAIN, str(plant)), entry.entry_id)


def _inverter_pages(
    registry: dr.DeviceRegistry, entry: ConfigEntry[Any], plant: int
) -> list[dr.DeviceEntry]:
    page = _plant_page(registry, entry, plant)
    pages = dr.async_entries_for_config_entry(registry, entry.entry_id)
    return [one for one in pages if page is not None and one.via_device_id == page.id]


def _remove_ports(registry: dr.DeviceRegistry, inverter: dr.DeviceEntry) -> None:
    for port in dr.async_entries_for_parent_device(registry, inverter.id):
        registry.async_remove_device(port.id)
