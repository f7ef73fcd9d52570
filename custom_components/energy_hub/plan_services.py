"""The actions for batteries that keep a plan and parameters of their own."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Final

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_device_and_config_entry
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .command import BatteryPlan, Command, Mode, Schedule
from .const import DOMAIN
from .control import refusal
from .planned import PlannedBattery

# What range a number may have, the battery knows, and says in the user's words.
_NUMBER: Final = vol.Coerce(float)
_DEVICES: Final = {vol.Required(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string])}
_KEY: Final = {**_DEVICES, vol.Required("key"): cv.string}
_ADD: Final = vol.Schema(
    {
        **_DEVICES,
        vol.Required("mode"): vol.Coerce(Mode),
        vol.Required("from"): cv.datetime,
        vol.Required("to"): cv.datetime,
        vol.Optional("power"): _NUMBER,
        vol.Optional("min_soc"): _NUMBER,
        vol.Optional("max_soc"): _NUMBER,
        vol.Optional("import_limit"): _NUMBER,
        vol.Optional("export_limit"): _NUMBER,
    }
)

type _Act = Callable[[PlannedBattery, Mapping[str, Any]], Awaitable[JsonObjectType]]
type _Check = Callable[[PlannedBattery, Mapping[str, Any]], None]


async def _add(battery: PlannedBattery, data: Mapping[str, Any]) -> JsonObjectType:
    return _told(await battery.async_add(_schedule(data)))


def _check_add(battery: PlannedBattery, data: Mapping[str, Any]) -> None:
    battery.check_schedule(_schedule(data))


async def _delete(battery: PlannedBattery, data: Mapping[str, Any]) -> JsonObjectType:
    return _told(await battery.async_drop(data["id"]))


async def _clear(battery: PlannedBattery, _data: Mapping[str, Any]) -> JsonObjectType:
    return _told(await battery.async_drop())


async def _get(battery: PlannedBattery, _data: Mapping[str, Any]) -> JsonObjectType:
    return _told(await battery.async_plan())


async def _get_parameter(battery: PlannedBattery, data: Mapping[str, Any]) -> JsonObjectType:
    return {"key": data["key"], "value": await battery.async_parameter(data["key"])}


async def _set_parameter(battery: PlannedBattery, data: Mapping[str, Any]) -> JsonObjectType:
    key = data["key"]
    return {"key": key, "value": await battery.async_set_parameter(key, data["value"])}


def _check_control(battery: PlannedBattery, _data: Mapping[str, Any]) -> None:
    battery.check_control()


def _check_nothing(_battery: PlannedBattery, _data: Mapping[str, Any]) -> None:
    """Reading is always allowed."""


_ACTIONS: Final[Mapping[str, tuple[vol.Schema, _Check, _Act]]] = {
    "battery_add_schedule": (_ADD, _check_add, _add),
    "battery_delete_schedule": (
        vol.Schema({**_DEVICES, vol.Required("id"): vol.Coerce(int)}),
        _check_control,
        _delete,
    ),
    "battery_clear_schedules": (vol.Schema(_DEVICES), _check_control, _clear),
    "battery_get_schedule": (vol.Schema(_DEVICES), _check_nothing, _get),
    "battery_get_parameter": (vol.Schema(_KEY), _check_nothing, _get_parameter),
    "battery_set_parameter": (
        vol.Schema({**_KEY, vol.Required("value"): vol.Any(bool, int, str)}),
        _check_control,
        _set_parameter,
    ),
}


@callback
def async_setup_plan_services(hass: HomeAssistant) -> None:
    """Register the actions, once."""
    for name, (schema, check, act) in _ACTIONS.items():
        reads = name.startswith("battery_get_")
        hass.services.async_register(
            DOMAIN,
            name,
            _action(check, act),
            schema,
            supports_response=SupportsResponse.ONLY if reads else SupportsResponse.OPTIONAL,
        )


def _action(
    check: _Check, act: _Act
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Return the action that does this to every battery, after all of them were checked."""

    async def for_each_battery(call: ServiceCall) -> ServiceResponse:
        batteries = _batteries(call)
        for battery in batteries.values():
            check(battery, call.data)
        return {device: await act(battery, call.data) for device, battery in batteries.items()}

    return for_each_battery


def _batteries(call: ServiceCall) -> dict[str, PlannedBattery]:
    """Return the battery behind each device; raises ServiceValidationError if one has no plan."""
    found = {}
    for device_id in call.data[ATTR_DEVICE_ID]:
        device, entry = async_get_device_and_config_entry(call.hass, DOMAIN, device_id)
        battery = entry.runtime_data.battery
        if not isinstance(battery, PlannedBattery):
            raise refusal("no_plan", name=device.name_by_user or device.name or device_id)
        found[device_id] = battery
    return found


def _schedule(data: Mapping[str, Any]) -> Schedule:
    command = Command(
        mode=data["mode"],
        power_w=data.get("power"),
        min_soc=data.get("min_soc"),
        max_soc=data.get("max_soc"),
        import_limit_w=data.get("import_limit"),
        export_limit_w=data.get("export_limit"),
    )
    start, end = dt_util.as_utc(data["from"]), dt_util.as_utc(data["to"])
    return Schedule(command=command, start=start, end=end)


def _told(plan: BatteryPlan) -> JsonObjectType:
    return {
        "local_mode": plan.local,
        "schedule": [
            {
                "id": one.id,
                "mode": one.command.mode,
                "from": _text(one.start),
                "to": _text(one.end),
                "power_w": one.command.power_w,
                "min_soc": one.command.min_soc,
                "max_soc": one.command.max_soc,
                "import_limit_w": one.command.import_limit_w,
                "export_limit_w": one.command.export_limit_w,
            }
            for one in plan.schedules
        ],
    }


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
