"""The device pages of an entry: which are there, which belong to another entry, which go."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ...const import DOMAIN
from ...coordinator import Part
from .metrics import inverter_part, plant_part, port_part
from .plant import PlantState

# Home Assistant adds at most 10,000 entities to an entry.
_MOST_ENTITIES: Final = 9_000
# Ports end sooner: they shall not take the place of inverters that are heard of later.
_MOST_OF_PORTS: Final = 3_000


class Pages:
    """The parts of an entry in the order in which they became known."""

    def __init__(self, first: Part) -> None:
        """Start with the page of the account or key."""
        self.parts: list[Part] = [first]
        self.full = False
        """Whether something had to be left out."""
        self._known = {first.id}
        self._entities = self._of_ports = 0

    def grow(self, state: PlantState, *, detail: bool) -> None:
        """Add the pages of a plant that are new; those of its ports if it is shown in detail."""
        plant = plant_part(state.plant)
        if not self._add(plant):
            return
        for inverter in state.inverters:
            owner = inverter_part(plant, inverter, detail=detail)
            if self._add(owner) and detail:
                for port in state.ports_of(inverter):
                    self._add(port_part(owner, inverter, port))

    def _add(self, part: Part) -> bool:
        """Return whether a page is there, new or known; there is no room for too many."""
        if part.id in self._known:
            return True
        count = sum(one.always for one in part.metrics)
        of_ports = count if part.piece else 0
        if self._entities + count > _MOST_ENTITIES or self._of_ports + of_ports > _MOST_OF_PORTS:
            self.full = True
            return False
        self._known.add(part.id)
        self._entities += count
        self._of_ports += of_ports
        self.parts.append(part)
        return True


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
def async_enable(hass: HomeAssistant, entry: ConfigEntry[Any], plants: Iterable[int]) -> None:
    """Enable what was off because a plant was one of many, and now is shown in detail."""
    registry = er.async_get(hass)
    off = [
        one
        for one in er.async_entries_for_config_entry(registry, entry.entry_id)
        if one.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    ]
    for plant in plants if off else ():
        pages = {one.id for one in _inverter_pages(dr.async_get(hass), entry, plant)}
        for one in off:
            if one.device_id in pages:
                registry.async_update_entity(one.entity_id, disabled_by=None)


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
