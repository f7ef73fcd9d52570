"""What an entry holds, and how often its gateway is asked."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

CONF_CERTIFICATE: Final = "certificate"
"""The fingerprint of the certificate that is trusted."""
CONF_PATHS: Final = "paths"
"""What the gateway has answered well at its last good start."""
_CONF_INTERVAL: Final = "interval"
_DEFAULT_SECONDS: Final = 30
# Gateways that were asked more often have stopped answering.
_LEAST_SECONDS: Final = 10


def interval(entry: ConfigEntry[Any]) -> int:
    """Return the seconds between two passes."""
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
        {vol.Required(_CONF_INTERVAL, default=interval(entry)): vol.All(selector, vol.Coerce(int))}
    )
