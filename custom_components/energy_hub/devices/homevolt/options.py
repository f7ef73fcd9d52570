"""How often a Homevolt is asked, and what it may be told."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfPower, UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ...control import CONF_CONTROL

_CONF_INTERVAL: Final = "interval"
_CONF_CEILING: Final = "power_limit"
_DEFAULT_SECONDS: Final = 10
# It is a microcontroller that also has a battery to look after.
_LEAST_SECONDS: Final = 5


def interval(entry: ConfigEntry[Any]) -> int:
    """Return the seconds between two polls."""
    return int(entry.options.get(_CONF_INTERVAL, _DEFAULT_SECONDS))


def ceiling_w(entry: ConfigEntry[Any]) -> int | None:
    """Return the most that the owner allows the battery; None for what it is made for."""
    watts = entry.options.get(_CONF_CEILING)
    return None if watts is None else int(watts)


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
            vol.Required(_CONF_INTERVAL, default=interval(entry)): vol.All(
                seconds, vol.Coerce(int)
            ),
            vol.Required(CONF_CONTROL, default=False): bool,
            vol.Optional(_CONF_CEILING): vol.All(watts, vol.Coerce(int)),
        }
    )
