"""The actions of a destination: deliver a past span, look, try again, delete."""

from collections.abc import Mapping
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

from .actions import Exporter, Exporting
from .const import DOMAIN
from .control import refusal

_STATES: Final = ("delivered", "refused", "given_up", "dry", "waiting")
_PLANTS: Final[Mapping[Any, Any]] = {
    vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
    vol.Optional("plants"): vol.All(cv.ensure_list, [vol.Coerce(int)]),
}
_EXPORT: Final = vol.Schema(
    {
        **_PLANTS,
        vol.Required("start"): cv.datetime,
        vol.Optional("end"): cv.datetime,
        vol.Optional("dry_run", default=False): cv.boolean,
        vol.Optional("correct", default=False): cv.boolean,
    }
)
_LOOK: Final = vol.Schema({**_PLANTS})
_PURGE: Final = vol.Schema(
    {
        **_PLANTS,
        vol.Required("states"): vol.All(cv.ensure_list, [vol.In(_STATES)]),
    }
)


@callback
def async_setup_enrg_services(hass: HomeAssistant) -> None:
    """Register the actions, once."""
    for name, action, schema, answers in (
        ("enrg_export", _async_export, _EXPORT, SupportsResponse.OPTIONAL),
        ("enrg_preview", _async_preview, _LOOK, SupportsResponse.ONLY),
        ("enrg_retry_refused", _async_retry, _LOOK, SupportsResponse.OPTIONAL),
        ("enrg_purge", _async_purge, _PURGE, SupportsResponse.OPTIONAL),
    ):
        hass.services.async_register(DOMAIN, name, action, schema, supports_response=answers)


async def _async_export(call: ServiceCall) -> ServiceResponse:
    data = call.data
    start = dt_util.as_utc(data["start"])
    now = dt_util.utcnow()
    end = min(dt_util.as_utc(data["end"]), now) if "end" in data else now
    if end <= start:
        raise refusal("end_before_start")
    return await _exporter(call).async_export(
        start,
        end,
        plants=data.get("plants"),
        dry_run=data["dry_run"],
        correct=data["correct"],
    )


async def _async_preview(call: ServiceCall) -> ServiceResponse:
    return await _exporter(call).async_preview(call.data.get("plants"))


async def _async_retry(call: ServiceCall) -> ServiceResponse:
    return await _exporter(call).async_retry_refused(call.data.get("plants"))


async def _async_purge(call: ServiceCall) -> ServiceResponse:
    return await _exporter(call).async_purge(call.data["states"], call.data.get("plants"))


def _exporter(call: ServiceCall) -> Exporter:
    """Return what delivers for an entry; raises ServiceValidationError if it does not."""
    entry = async_get_config_entry(call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID])
    if not isinstance(entry.runtime_data, Exporting):
        raise refusal("no_destination", name=entry.title)
    return entry.runtime_data.exporter
