"""What a room remembers of an entry over restarts, beside its counters."""

from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR, Store

from .const import DOMAIN

_VERSION: Final = 1


def import_store(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Store[dict[str, Any]]:
    """Return the store of an entry's imports; removing the entry deletes it."""
    return Store(hass, _VERSION, f"{_prefix(entry)}imports")


def memory_store(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Store[dict[str, Any]]:
    """Return the store of an entry; removing the entry deletes it."""
    return Store(hass, _VERSION, f"{_prefix(entry)}memory", private=True)


def memory_path(hass: HomeAssistant, entry: ConfigEntry[Any], name: str) -> Path:
    """Return where a room keeps a file of an entry; removing the entry deletes it."""
    return Path(hass.config.path(STORAGE_DIR, f"{_prefix(entry)}{name}"))


async def async_forget_memory(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Delete all that was remembered of an entry."""
    await memory_store(hass, entry).async_remove()
    await hass.async_add_executor_job(_delete_files, hass, entry)


def _delete_files(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    for path in Path(hass.config.path(STORAGE_DIR)).glob(f"{_prefix(entry)}*"):
        path.unlink(missing_ok=True)


def _prefix(entry: ConfigEntry[Any]) -> str:
    return f"{DOMAIN}.{entry.entry_id}."
