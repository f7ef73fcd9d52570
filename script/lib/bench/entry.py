"""Config entries as a user's would be, and what they show."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeIs

from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import State


def new_entry(
    domain: str,
    unique_id: str,
    data: Mapping[str, str | int],
    options: Mapping[str, Any] | None = None,
) -> ConfigEntry[Any]:
    """Return an entry that is not added yet; without options it has its defaults."""
    return ConfigEntry(
        data=data,
        options=options,
        domain=domain,
        title="Device",
        unique_id=unique_id,
        source=SOURCE_USER,
        version=1,
        minor_version=1,
        discovery_keys=MappingProxyType({}),
        subentries_data=None,
    )


def has_value(state: State | None) -> TypeIs[State]:
    """Whether a sensor shows a value."""
    return state is not None and state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)
