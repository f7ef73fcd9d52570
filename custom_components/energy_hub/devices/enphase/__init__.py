"""Enphase Envoy (IQ Gateway): its meters, micro-inverters and batteries, read locally."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ...coordinator import HubConfigEntry
from .coordinator import EnphaseCoordinator
from .issues import CERTIFICATE_CHANGED
from .options import CONF_CERTIFICATE

__all__ = ["async_repair", "build"]


def build(hass: HomeAssistant, entry: HubConfigEntry) -> EnphaseCoordinator:
    """Return the coordinator of a gateway."""
    return EnphaseCoordinator(hass, entry)


async def async_repair(
    hass: HomeAssistant, entry: HubConfigEntry, kind: str, data: Mapping[str, Any]
) -> None:
    """Trust another certificate, or ask for another token, as the user confirmed."""
    if kind == CERTIFICATE_CHANGED:
        trusted = {**entry.data, CONF_CERTIFICATE: data[CONF_CERTIFICATE]}
        hass.config_entries.async_update_entry(entry, data=trusted)
        hass.config_entries.async_schedule_reload(entry.entry_id)
    else:
        entry.async_start_reauth(hass)
