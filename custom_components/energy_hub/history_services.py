"""The actions about the past of a house: read it, import it, take an import back."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util import dt as dt_util

from .actions import IMPORT_SOURCES, ImportRequest, Past
from .const import DOMAIN
from .control import refusal

_HOUSE: Final = {vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string}
_HISTORY: Final = vol.Schema(
    {**_HOUSE, vol.Required("start"): cv.datetime, vol.Optional("end"): cv.datetime}
)
_IMPORT: Final = vol.Schema(
    {
        **_HOUSE,
        vol.Required("source"): vol.In(IMPORT_SOURCES),
        vol.Optional("file"): cv.string,
        vol.Optional("start"): cv.datetime,
        vol.Optional("end"): cv.datetime,
        vol.Optional("preview", default=False): cv.boolean,
    }
)
_UNDO: Final = vol.Schema({**_HOUSE, vol.Required("import_id"): cv.string})

type _Act = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]


@callback
def async_setup_history_services(hass: HomeAssistant) -> None:
    """Register the actions, once."""
    actions: tuple[tuple[str, _Act, vol.Schema, SupportsResponse], ...] = (
        ("get_history", _async_history, _HISTORY, SupportsResponse.ONLY),
        ("import_history", _async_import, _IMPORT, SupportsResponse.OPTIONAL),
        ("undo_import", _async_undo, _UNDO, SupportsResponse.OPTIONAL),
    )
    for name, act, schema, response in actions:
        hass.services.async_register(DOMAIN, name, act, schema, supports_response=response)


async def _async_history(call: ServiceCall) -> ServiceResponse:
    start, end = dt_util.as_utc(call.data["start"]), _moment(call, "end") or dt_util.utcnow()
    if end <= start:
        raise refusal("end_before_start")
    return await _house(call).async_get_history(start, end)


async def _async_import(call: ServiceCall) -> ServiceResponse:
    house = _house(call)
    start, end = _moment(call, "start"), _moment(call, "end")
    if start is not None and end is not None and end <= start:
        raise refusal("end_before_start")
    source, file = call.data["source"], call.data.get("file")
    if (source == "csv") != (file is not None):
        raise refusal("file_wanted" if file is None else "file_not_wanted")
    if source != "csv" and start is None:
        raise refusal("start_wanted")
    return await house.async_import_history(
        ImportRequest(source, file, start, end, preview=call.data["preview"])
    )


async def _async_undo(call: ServiceCall) -> ServiceResponse:
    return await _house(call).async_undo_import(call.data["import_id"])


def _moment(call: ServiceCall, key: str) -> datetime | None:
    """Return a moment (UTC) of an action; one without a zone is that of Home Assistant."""
    at: datetime | None = call.data.get(key)
    return None if at is None else dt_util.as_utc(at)


def _house(call: ServiceCall) -> Past:
    """Return the house of an action; raises ServiceValidationError if the entry is none."""
    entry = async_get_config_entry(call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID])
    if not isinstance(entry.runtime_data, Past):
        raise refusal("no_house", name=entry.title)
    if "recorder" not in call.hass.config.components:
        raise refusal("no_recorder")
    return entry.runtime_data
