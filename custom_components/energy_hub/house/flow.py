"""The steps that add a house, and the sensors that can be added to it."""

from collections.abc import Sequence
from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME, CONF_TYPE
from homeassistant.core import HomeAssistant, async_get_hass
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
from homeassistant.util import slugify

from ..const import CONF_DEVICE_ID
from ..errors import DeviceError
from ..flow_base import Found, RoomFlow
from ..reading import Flow
from .foreign import CONF_FLOW, CONF_FROM_HOUSE, CONF_INVERTED, CONF_POWER, CONF_TO_HOUSE
from .offers import async_offers, proposed
from .plane_flow import PlaneFlow
from .planes import PLANE, WEATHER
from .sources import FLOWS, SENSORS
from .tariff_flow import TariffFlow
from .tariffs import TARIFF
from .weather_flow import WeatherFlow


class NoNameError(DeviceError):
    """A house needs a name with a letter or a digit in it."""

    key = "no_name"


class HouseFlow(RoomFlow):
    """Asks for the name of a house, then what it is made of."""

    type = "house"

    def __init__(self) -> None:
        """Start without a name."""
        self._found = Found("", "")

    async def async_step_house(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the name; series of statistics are named after it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                self._found = await self.async_find(user_input)
            except NoNameError as err:
                errors = {CONF_NAME: err.key}
            else:
                await self.async_set_unique_id(f"{self.type}_{self._found.id}")
                self._abort_if_unique_id_configured()
                return await self.async_step_house_sources()
        suggested = user_input or {CONF_NAME: self.hass.config.location_name}
        schema = vol.Schema({vol.Required(CONF_NAME): str})
        return self.async_show_form(
            step_id="house",
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
        )

    async def async_step_house_sources(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what the house is made of, filled in with what was found."""
        if user_input is not None:
            data = {CONF_TYPE: self.type, CONF_DEVICE_ID: self._found.id}
            return self.async_create_entry(title=self._found.title, data=data, options=user_input)
        return self.async_show_form(
            step_id="house_sources", data_schema=sources_schema(self.hass, None)
        )

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again what the house is made of."""
        entry = self._get_reconfigure_entry()
        if user_input is not None:
            options = {**entry.options, **user_input}
            return self.async_update_and_abort(entry, options=options)
        return self.async_show_form(
            step_id="reconfigure", data_schema=sources_schema(self.hass, entry)
        )

    @override
    async def async_find(self, data: dict[str, Any]) -> Found:
        """Return the house of this name; raises NoNameError."""
        name = data[CONF_NAME].strip()
        slug = slugify(name, separator="_")
        if not name or slug == "unknown":
            raise NoNameError
        return Found(slug, name)


def sources_schema(hass: HomeAssistant, entry: ConfigEntry[Any] | None) -> vol.Schema:
    """Return the form of the sources: what is there now, and what was chosen before."""
    offers = async_offers(hass)
    names = {offer.id: offer.name for offer in offers}
    fields: dict[vol.Marker, SelectSelector] = {}
    for flow in FLOWS:
        chosen: Sequence[str] = proposed(offers, flow) if entry is None else entry.options[flow]
        there = [offer.id for offer in offers if offer.flow is flow]
        ids = [*there, *(one for one in chosen if one not in there)]
        fields[vol.Required(flow.value, default=list(chosen))] = SelectSelector(
            SelectSelectorConfig(
                options=[SelectOptionDict(value=one, label=names.get(one, one)) for one in ids],
                multiple=True,
                mode=SelectSelectorMode.LIST,
            )
        )
    return vol.Schema(fields)


def options_schema(entry: ConfigEntry[Any]) -> vol.Schema:
    """Return the form of the options: the sources."""
    return sources_schema(async_get_hass(), entry)


_POWER: Final = EntitySelector(EntitySelectorConfig(domain="sensor", device_class="power"))
_ENERGY: Final = EntitySelector(EntitySelectorConfig(domain="sensor", device_class="energy"))
_SENSORS: Final = vol.Schema(
    {
        vol.Required(CONF_NAME): str,
        vol.Required(CONF_FLOW): SelectSelector(
            SelectSelectorConfig(options=[flow.value for flow in Flow], translation_key="flow")
        ),
        vol.Optional(CONF_POWER): _POWER,
        vol.Required(CONF_INVERTED, default=False): bool,
        vol.Optional(CONF_TO_HOUSE): _ENERGY,
        vol.Optional(CONF_FROM_HOUSE): _ENERGY,
    }
)


class SensorsFlow(ConfigSubentryFlow):
    """Adds sensors of any other integration as one source of the house."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the sensors of a new source."""
        errors = _sensor_errors(user_input)
        if user_input is not None and not errors:
            title = user_input.pop(CONF_NAME)
            return self.async_create_entry(title=title, data=user_input)
        return self._form("user", user_input or {}, errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask again for the sensors of a source."""
        subentry = self._get_reconfigure_subentry()
        errors = _sensor_errors(user_input)
        if user_input is not None and not errors:
            title = user_input.pop(CONF_NAME)
            return self.async_update_and_abort(
                self._get_entry(), subentry, title=title, data=user_input
            )
        known = {**subentry.data, CONF_NAME: subentry.title}
        return self._form("reconfigure", user_input or known, errors)

    def _form(
        self, step_id: str, suggested: dict[str, Any], errors: dict[str, str]
    ) -> SubentryFlowResult:
        schema = self.add_suggested_values_to_schema(_SENSORS, suggested)
        return self.async_show_form(step_id=step_id, data_schema=schema, errors=errors)


def _sensor_errors(user_input: dict[str, Any] | None) -> dict[str, str]:
    """Return what is wrong with the sensors of a source."""
    if user_input is None or any(
        user_input.get(key) for key in (CONF_POWER, CONF_TO_HOUSE, CONF_FROM_HOUSE)
    ):
        return {}
    return {"base": "no_sensor"}


FLOW = HouseFlow
OPTIONS = options_schema
SUBENTRIES = {
    SENSORS: SensorsFlow,
    TARIFF: TariffFlow,
    PLANE: PlaneFlow,
    WEATHER: WeatherFlow,
}
