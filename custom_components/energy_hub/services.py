"""The actions: validate, call the room of each device, return what it confirmed."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, get_args

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import (
    async_get_config_entry,
    async_get_device_and_config_entry,
)
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .actions import House
from .command import Command, Confirmation, ExportLimit, ExportMode, Mode
from .const import DOMAIN
from .control import BatteryControl, refusal
from .coordinator import HubCoordinator
from .enrg_services import async_setup_enrg_services
from .history_services import async_setup_history_services
from .periods import Period
from .plan_services import async_setup_plan_services

# What range a number may have, the battery knows, and says in the user's words.
_NUMBER: Final = vol.Coerce(float)
_END: Final = {
    vol.Exclusive("duration", "end"): cv.positive_time_period,
    vol.Exclusive("until", "end"): cv.datetime,
}
_DEVICES: Final = {vol.Required(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string])}
_POWERED: Final = vol.Schema(
    {**_DEVICES, **_END, vol.Required("power"): _NUMBER, vol.Optional("target_soc"): _NUMBER}
)
_IDLE: Final = vol.Schema({**_DEVICES, **_END})
_RELEASE: Final = vol.Schema(_DEVICES)
_SET_MODE: Final = vol.Schema(
    {
        **_DEVICES,
        **_END,
        vol.Required("mode"): vol.Coerce(Mode),
        # At the meter less than nothing is export.
        vol.Optional("power"): _NUMBER,
        vol.Optional("min_soc"): _NUMBER,
        vol.Optional("max_soc"): _NUMBER,
        vol.Optional("import_limit"): _NUMBER,
        vol.Optional("export_limit"): _NUMBER,
    }
)
_EXPORT_LIMIT: Final = vol.Schema(
    {
        **_DEVICES,
        vol.Required("mode"): vol.Coerce(ExportMode),
        vol.Optional("power"): _NUMBER,
        vol.Optional("percent"): vol.All(vol.Coerce(float), vol.Range(min=0, max=100)),
    }
)
_TOTALS: Final = vol.Schema(
    {
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Required("start"): cv.datetime,
        vol.Optional("end"): cv.datetime,
        vol.Required("period"): vol.In(get_args(Period.__value__)),
    }
)
_COSTS: Final = vol.Schema(
    {
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Required("start"): cv.datetime,
        vol.Optional("end"): cv.datetime,
    }
)
_DASHBOARD: Final = vol.Schema(
    {
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional("undo", default=False): cv.boolean,
    }
)
_MODES: Final[Mapping[str, tuple[vol.Schema, Mode | None]]] = {
    "battery_charge": (_POWERED, Mode.INVERTER_CHARGE),
    "battery_discharge": (_POWERED, Mode.INVERTER_DISCHARGE),
    "battery_idle": (_IDLE, Mode.IDLE),
    "battery_set_mode": (_SET_MODE, None),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register all actions, once."""
    async_setup_plan_services(hass)
    async_setup_enrg_services(hass)
    async_setup_history_services(hass)
    for name, (schema, mode) in _MODES.items():
        hass.services.async_register(
            DOMAIN, name, _commander(mode), schema, supports_response=SupportsResponse.OPTIONAL
        )
    hass.services.async_register(
        DOMAIN,
        "battery_release",
        _async_release,
        _RELEASE,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        "set_export_limit",
        _async_limit_export,
        _EXPORT_LIMIT,
        supports_response=SupportsResponse.OPTIONAL,
    )

    hass.services.async_register(
        DOMAIN, "get_totals", _async_totals, _TOTALS, supports_response=SupportsResponse.ONLY
    )
    hass.services.async_register(
        DOMAIN,
        "recalculate_costs",
        _async_costs,
        _COSTS,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        "configure_energy_dashboard",
        _async_dashboard,
        _DASHBOARD,
        supports_response=SupportsResponse.OPTIONAL,
    )


def _commander(mode: Mode | None) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Return the action that gives a command of this mode; None: the mode is a field."""

    async def command_batteries(call: ServiceCall) -> ServiceResponse:
        command = _command(mode or call.data["mode"], call.data)
        batteries = _batteries(call)
        for battery in batteries.values():
            battery.check(command)
        return {
            device: _told(await battery.async_command(command))
            for device, battery in batteries.items()
        }

    return command_batteries


async def _async_release(call: ServiceCall) -> ServiceResponse:
    return {
        device: _told(await battery.async_release()) for device, battery in _batteries(call).items()
    }


async def _async_limit_export(call: ServiceCall) -> ServiceResponse:
    data = call.data
    limit = ExportLimit(mode=data["mode"], power_w=data.get("power"), percent=data.get("percent"))
    told: dict[str, JsonObjectType] = {}
    for device_id in data[ATTR_DEVICE_ID]:
        _, entry = async_get_device_and_config_entry(call.hass, DOMAIN, device_id)
        said = await entry.runtime_data.async_limit_export(limit)
        told[device_id] = {"mode": said.mode, "power_w": said.power_w, "percent": said.percent}
    return dict(told)


async def _async_totals(call: ServiceCall) -> ServiceResponse:
    return await _house(call).async_get_totals(*_span(call), call.data["period"])


async def _async_costs(call: ServiceCall) -> ServiceResponse:
    return await _house(call).async_recalculate_costs(*_span(call))


def _span(call: ServiceCall) -> tuple[datetime, datetime]:
    """Return start and end of an action (UTC); raises ServiceValidationError."""
    start, end = call.data["start"], call.data.get("end")
    since = dt_util.as_utc(start)
    until = dt_util.utcnow() if end is None else dt_util.as_utc(end)
    if until <= since:
        raise refusal("end_before_start")
    return since, until


async def _async_dashboard(call: ServiceCall) -> ServiceResponse:
    return await _house(call).async_configure_dashboard(undo=call.data["undo"])


def _house(call: ServiceCall) -> House:
    """Return the house of an action; raises ServiceValidationError if the entry is none."""
    entry = async_get_config_entry(call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID])
    if not isinstance(entry.runtime_data, House):
        raise refusal("no_house", name=entry.title)
    return entry.runtime_data


def _batteries(call: ServiceCall) -> dict[str, BatteryControl]:
    """Return the battery behind each device; raises ServiceValidationError if one has none."""
    found = {}
    for device_id in call.data[ATTR_DEVICE_ID]:
        device, entry = async_get_device_and_config_entry(call.hass, DOMAIN, device_id)
        coordinator: HubCoordinator[Any] = entry.runtime_data
        if coordinator.battery is None:
            raise refusal("no_battery", name=device.name_by_user or device.name or device_id)
        found[device_id] = coordinator.battery
    return found


def _command(mode: Mode, data: Mapping[str, Any]) -> Command:
    return Command(
        mode=mode,
        power_w=data.get("power"),
        until=_until(data),
        target_soc=data.get("target_soc"),
        min_soc=data.get("min_soc"),
        max_soc=data.get("max_soc"),
        import_limit_w=data.get("import_limit"),
        export_limit_w=data.get("export_limit"),
    )


def _until(data: Mapping[str, Any]) -> datetime | None:
    """Return the end of a command; a time without a zone is that of Home Assistant."""
    if "duration" in data:
        duration: timedelta = data["duration"]
        return dt_util.utcnow() + duration
    return dt_util.as_utc(data["until"]) if "until" in data else None


def _told(confirmation: Confirmation) -> JsonObjectType:
    until = confirmation.until
    return {
        "mode": confirmation.mode,
        "power_w": confirmation.power_w,
        "until": None if until is None else until.isoformat(),
        "soc_limit": confirmation.soc_limit,
    }
