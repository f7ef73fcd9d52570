"""System health: how many entries answer."""

from collections import Counter
from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import HubConfigEntry


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Offer the page."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the number of loaded entries, of those that answer, and the types in use."""
    entries: list[HubConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    types = Counter(entry.data["type"] for entry in entries)
    return {
        "loaded": len(entries),
        "answering": sum(entry.runtime_data.last_update_success for entry in entries),
        "types": ", ".join(f"{name} ({count})" for name, count in sorted(types.items())),
    }
