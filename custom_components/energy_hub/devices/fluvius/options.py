"""How often states are written: the options of a meter."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry

from ...flow_base import IntervalOption

# Between two state writes of a group of values. Every telegram is used whatever the
# interval is: powers are means, counters lose nothing by waiting.
_INTERVALS: Final = {
    group: IntervalOption(name=f"{group}_interval", default=default, least=1, most=most)
    for group, default, most in (("power", 10, 60), ("energy", 60, 900), ("electrical", 30, 900))
}


def interval(entry: ConfigEntry[Any], group: str) -> int:
    """Return the seconds between two state writes of a group of values."""
    return _INTERVALS[group].read(entry)


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options."""
    fields: dict[vol.Required, vol.All[int]] = {}
    for option in _INTERVALS.values():
        fields |= option.field(entry)
    return vol.Schema(fields)
