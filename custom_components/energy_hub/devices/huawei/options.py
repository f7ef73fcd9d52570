"""How often an inverter is asked, and whether it may be told anything."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry

from ...control import CONF_CONTROL
from ...flow_base import IntervalOption

CONF_UNIT_ID: Final = "unit_id"
# Faster has stopped the maker's own cloud on some firmware.
INTERVAL: Final = IntervalOption(default=10, least=5)


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options."""
    return vol.Schema({**INTERVAL.field(entry), vol.Required(CONF_CONTROL, default=False): bool})
