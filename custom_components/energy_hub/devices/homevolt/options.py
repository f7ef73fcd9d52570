"""How often a Homevolt is asked, and what it may be told."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfPower
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ...control import CONF_CONTROL
from ...flow_base import IntervalOption

_CONF_CEILING: Final = "power_limit"
# It is a microcontroller that also has a battery to look after.
INTERVAL: Final = IntervalOption(default=10, least=5)


def ceiling_w(entry: ConfigEntry[Any]) -> int | None:
    """Return the most that the owner allows the battery; None for what it is made for."""
    watts = entry.options.get(_CONF_CEILING)
    return None if watts is None else int(watts)


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options."""
    watts = NumberSelector(
        NumberSelectorConfig(
            min=1,
            max=100_000,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=UnitOfPower.WATT,
        )
    )
    return vol.Schema(
        {
            **INTERVAL.field(entry),
            vol.Required(CONF_CONTROL, default=False): bool,
            vol.Optional(_CONF_CEILING): vol.All(watts, vol.Coerce(int)),
        }
    )
