"""Which plants are read, which in detail, and what the key may do: the options of an entry."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from .budget import PLANS, Plan
from .model import Plant

CONF_KEY: Final = "api_key"
CONF_ZONE: Final = "time_zone"
_CONF_PLANTS: Final = "plants"
_CONF_DETAIL: Final = "detail"
_CONF_PLAN: Final = "plan"
_DEFAULT_PLAN: Final = "a"
# An account of a home has a few plants; a fleet would have too many ports.
_DETAIL_PLANTS: Final = 5


def chosen_plants(entry: ConfigEntry[Any], plants: Sequence[Plant]) -> list[Plant]:
    """Return the plants that are read; all, if nobody chose."""
    chosen = entry.options.get(_CONF_PLANTS)
    return [one for one in plants if chosen is None or str(one.id) in chosen]


def in_detail(entry: ConfigEntry[Any], plants: Sequence[Plant]) -> set[int]:
    """Return the plants whose ports are shown; those of a home, if nobody chose."""
    chosen = entry.options.get(_CONF_DETAIL)
    if chosen is None:
        return {one.id for one in plants} if len(plants) <= _DETAIL_PLANTS else set()
    return {one.id for one in plants if str(one.id) in chosen}


def key_plan(options: Mapping[str, Any]) -> Plan:
    """Return what was bought with a key."""
    return PLANS[options.get(_CONF_PLAN, _DEFAULT_PLAN)]


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options; plants are listed while the entry is loaded."""
    fields: dict[vol.Marker, Any] = {}
    plants: Sequence[Plant] = ()
    if entry.state is ConfigEntryState.LOADED:
        plants = entry.runtime_data.all_plants
    if len(plants) > 1:
        choice = [SelectOptionDict(value=str(one.id), label=one.name) for one in plants]
        chosen = [str(one.id) for one in chosen_plants(entry, plants)]
        detail = [str(one.id) for one in plants if one.id in in_detail(entry, plants)]
        fields |= {
            vol.Required(_CONF_PLANTS, default=chosen): _several(choice),
            vol.Required(_CONF_DETAIL, default=detail): _several(choice),
        }
    if CONF_KEY in entry.data:
        plan = entry.options.get(_CONF_PLAN, _DEFAULT_PLAN)
        fields[vol.Required(_CONF_PLAN, default=plan)] = SelectSelector(
            SelectSelectorConfig(
                options=[*PLANS], translation_key="hoymiles_plan", mode=SelectSelectorMode.DROPDOWN
            )
        )
    fields[vol.Optional(CONF_ZONE)] = TextSelector()
    return vol.Schema(fields)


def _several(choice: list[SelectOptionDict]) -> SelectSelector:
    return SelectSelector(SelectSelectorConfig(options=choice, multiple=True))
