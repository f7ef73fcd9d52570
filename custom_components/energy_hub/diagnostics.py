"""Diagnostics: what helps to understand a problem, without secrets."""

from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_DEVICE
from homeassistant.core import HomeAssistant

from .const import CONF_DEVICE_ID
from .coordinator import HubConfigEntry

_REDACTED: Final = {
    CONF_DEVICE,  # a path by id holds the serial number of the cable
    CONF_DEVICE_ID,
    "api_key",
    "credential",
    "detail",
    "device_types",
    "host",
    "kinds_plant",
    "left_out",
    "offered",
    "password",
    "plants",
    "title",
    "token",
    "unique_id",
    "username",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: HubConfigEntry
) -> dict[str, Any]:
    """Return the entry and what its device said last, redacted."""
    about = {"entry": async_redact_data(entry.as_dict(), _REDACTED)}
    if entry.state is not ConfigEntryState.LOADED:
        return about | {"error": entry.error_reason_translation_key}
    coordinator = entry.runtime_data
    return about | {
        "answers": coordinator.last_update_success,
        "error": getattr(coordinator.last_exception, "translation_key", None),
        "parts": len(coordinator.parts),
        "device": coordinator.diagnostics(),
    }
