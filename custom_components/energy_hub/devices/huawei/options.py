"""How often an inverter is asked, and whether it may be told anything."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ...control import CONF_CONTROL

CONF_UNIT_ID: Final = "unit_id"
_CONF_INTERVAL: Final = "interval"
_DEFAULT_SECONDS: Final = 10
# Faster has stopped the maker's own cloud on some firmware.
_LEAST_SECONDS: Final = 5


def interval(entry: ConfigEntry[Any]) -> int:
    """Return the seconds between two polls."""
    return int(entry.options.get(_CONF_INTERVAL, _DEFAULT_SECONDS))


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options."""
    selector = NumberSelector(
        NumberSelectorConfig(
            min=_LEAST_SECONDS,
            max=300,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=UnitOfTime.SECONDS,
        )
    )
    return vol.Schema(
        {
            vol.Required(_CONF_INTERVAL, default=interval(entry)): vol.All(
                selector, vol.Coerce(int)
            ),
            vol.Required(CONF_CONTROL, default=False): bool,
        }
    )
