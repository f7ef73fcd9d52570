"""How often a Homevolt is asked."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

_CONF_INTERVAL: Final = "interval"
_DEFAULT_SECONDS: Final = 10
# It is a microcontroller that also has a battery to look after.
_LEAST_SECONDS: Final = 5


def interval(entry: ConfigEntry[Any]) -> int:
    """Return the seconds between two polls."""
    return int(entry.options.get(_CONF_INTERVAL, _DEFAULT_SECONDS))


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options."""
    seconds = NumberSelector(
        NumberSelectorConfig(
            min=_LEAST_SECONDS,
            max=300,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=UnitOfTime.SECONDS,
        )
    )
    return vol.Schema(
        {vol.Required(_CONF_INTERVAL, default=interval(entry)): vol.All(seconds, vol.Coerce(int))}
    )
