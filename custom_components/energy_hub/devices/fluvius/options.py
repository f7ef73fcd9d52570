"""How often states are written: the options of a meter."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

# Group of values -> seconds between two state writes: default and maximum. Every telegram
# is used whatever the interval is: powers are means, counters lose nothing by waiting.
_INTERVALS: Final = {"power": (10, 60), "energy": (60, 900), "electrical": (30, 900)}


def interval(entry: ConfigEntry[Any], group: str) -> int:
    """Return the seconds between two state writes of a group of values."""
    return int(entry.options.get(f"{group}_interval", _INTERVALS[group][0]))


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options."""
    return vol.Schema(
        {
            vol.Required(f"{group}_interval", default=interval(entry, group)): _seconds(maximum)
            for group, (_, maximum) in _INTERVALS.items()
        }
    )


def _seconds(maximum: int) -> vol.All[int]:
    selector = NumberSelector(
        NumberSelectorConfig(
            min=1,
            max=maximum,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=UnitOfTime.SECONDS,
        )
    )
    return vol.All(selector, vol.Coerce(int))
