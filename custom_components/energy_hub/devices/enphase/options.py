"""What an entry holds, and how often its gateway is asked."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry

from ...flow_base import IntervalOption

CONF_CERTIFICATE: Final = "certificate"
"""The fingerprint of the certificate that is trusted."""
CONF_PATHS: Final = "paths"
"""What the gateway has answered well at its last good start."""
# Gateways that were asked more often have stopped answering.
INTERVAL: Final = IntervalOption(default=30, least=10)


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options."""
    return vol.Schema(INTERVAL.field(entry))
