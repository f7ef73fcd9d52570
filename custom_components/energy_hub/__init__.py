"""Energy Hub: homes whose energy equipment comes from several makers."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    issue_registry as ir,
)
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .control import async_end_left
from .coordinator import HubConfigEntry
from .counters import async_forget_counters
from .memory import async_forget_memory
from .rooms import async_room_module, room_of
from .services import async_setup_services
from .site import async_get_site

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions; they are there whether or not an entry is loaded."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: HubConfigEntry) -> bool:
    """Find the room of an entry, build its coordinator, and show what it knows."""
    try:
        room = await async_room_module(hass, entry.data["type"])
    except ImportError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="library_missing"
        ) from err
    coordinator = room.build(hass, entry)
    await coordinator.async_start()
    entry.runtime_data = coordinator
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **coordinator.parts[0].info
    )
    entry.async_on_unload(async_get_site(hass).register(entry.entry_id, coordinator))
    await hass.config_entries.async_forward_entry_setups(entry, room_of(entry).platforms)
    if room_of(entry).subentries:
        entry.async_on_unload(entry.add_update_listener(_async_reload))
    return True


async def _async_reload(hass: HomeAssistant, entry: HubConfigEntry) -> None:
    """Take over what changed in an entry with parts."""
    hass.config_entries.async_schedule_reload(entry.entry_id)


async def async_unload_entry(hass: HomeAssistant, entry: HubConfigEntry) -> bool:
    """Take the entities away; what the coordinator runs ends with the entry."""
    return await hass.config_entries.async_unload_platforms(entry, room_of(entry).platforms)


async def async_remove_entry(hass: HomeAssistant, entry: HubConfigEntry) -> None:
    """Release what an entry commanded, forget what was stored of it and asked about it."""
    await async_end_left(hass, entry)
    await async_forget_counters(hass, entry)
    await async_forget_memory(hass, entry)
    for domain, issue_id in list((registry := ir.async_get(hass)).issues):
        issue = registry.issues[domain, issue_id]
        if domain == DOMAIN and (issue.data or {}).get("entry_id") == entry.entry_id:
            ir.async_delete_issue(hass, DOMAIN, issue_id)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: HubConfigEntry, device: DeviceEntry
) -> bool:
    """Let the user delete a device page whose device is gone."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    coordinator = entry.runtime_data
    present = [part.info for part in coordinator.parts if coordinator.view(part) is not None]
    return all(device.identifiers.isdisjoint(info["identifiers"]) for info in present)
