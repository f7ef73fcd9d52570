"""A device that was replaced: the entry and its entities go over to the new one."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .const import CONF_DEVICE_ID, DOMAIN


@callback
def async_change_identity(hass: HomeAssistant, entry: ConfigEntry[Any], new: str) -> None:
    """Give the entry, its device page and its entities the id of the new device.

    Entities keep their names and their history. Sub-devices keep their own ids.
    """
    old = entry.data[CONF_DEVICE_ID]
    entities = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        if entity.unique_id.startswith(f"{old}_"):
            key = entity.unique_id.removeprefix(f"{old}_")
            entities.async_update_entity(entity.entity_id, new_unique_id=f"{new}_{key}")
    devices = dr.async_get(hass)
    if device := devices.async_get_device_by_identifier((DOMAIN, old), entry.entry_id):
        devices.async_update_device(device.id, new_identifiers={(DOMAIN, new)}, serial_number=new)
    hass.config_entries.async_update_entry(
        entry,
        data={**entry.data, CONF_DEVICE_ID: new},
        unique_id=f"{entry.data['type']}_{new}",
    )
