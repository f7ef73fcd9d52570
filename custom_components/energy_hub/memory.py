"""What a room remembers of an entry over restarts, beside its counters."""

from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN

_VERSION: Final = 1


def memory_store(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Store[dict[str, Any]]:
    """Return the store of an entry; removing the entry deletes it."""
    return Store(hass, _VERSION, f"{DOMAIN}.{entry.entry_id}.memory", private=True)
