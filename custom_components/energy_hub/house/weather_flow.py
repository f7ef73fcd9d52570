"""The step that says where the weather, or the whole forecast, comes from."""

from typing import Any, Final

import voluptuous as vol
from yarl import URL

from homeassistant.components.energy.websocket_api import async_get_energy_platforms
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..const import DOMAIN
from .planes import (
    CONF_IRRADIANCE,
    CONF_PROVIDER,
    CONF_SERVICE,
    CONF_TEMPERATURE,
    CONF_URL,
    WEATHER,
)

_TITLE: Final = "Open-Meteo"
_LIGHT: Final = EntitySelector(EntitySelectorConfig(domain="sensor", device_class="irradiance"))
_AIR: Final = EntitySelector(EntitySelectorConfig(domain="sensor", device_class="temperature"))
_URL: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))


class WeatherFlow(ConfigSubentryFlow):
    """Asks where the weather comes from; a house has one answer."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for the first time."""
        if any(one.subentry_type == WEATHER for one in self._get_entry().subentries.values()):
            return self.async_abort(reason="already_configured")
        return await self._async_step("user", user_input, {})

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask again."""
        known = dict(self._get_reconfigure_subentry().data)
        return await self._async_step("reconfigure", user_input, known)

    async def _async_step(
        self, step_id: str, user_input: dict[str, Any] | None, suggested: dict[str, Any]
    ) -> SubentryFlowResult:
        errors = _errors(user_input)
        if user_input is not None and not errors:
            if self.source == SOURCE_RECONFIGURE:
                return self.async_update_and_abort(
                    self._get_entry(), self._get_reconfigure_subentry(), data=user_input
                )
            return self.async_create_entry(title=_TITLE, data=user_input)
        schema = self.add_suggested_values_to_schema(
            await self._async_schema(), user_input or suggested
        )
        return self.async_show_form(step_id=step_id, data_schema=schema, errors=errors)

    async def _async_schema(self) -> vol.Schema:
        platforms = await async_get_energy_platforms(self.hass)
        providers = [
            SelectOptionDict(value=entry.entry_id, label=entry.title)
            for entry in self.hass.config_entries.async_entries()
            if entry.domain in platforms and entry.domain != DOMAIN
        ]
        return vol.Schema(
            {
                vol.Required(CONF_SERVICE, default=True): bool,
                vol.Optional(CONF_URL): _URL,
                vol.Optional(CONF_IRRADIANCE): _LIGHT,
                vol.Optional(CONF_TEMPERATURE): _AIR,
                vol.Optional(CONF_PROVIDER): SelectSelector(
                    SelectSelectorConfig(options=providers)
                ),
            }
        )


def _errors(user_input: dict[str, Any] | None) -> dict[str, str]:
    """Return what is wrong with an answer."""
    if user_input is None:
        return {}
    if (text := user_input.get(CONF_URL)) is not None:
        try:
            url = URL(text)
        except ValueError:
            return {CONF_URL: "invalid_url"}
        if url.scheme not in {"http", "https"} or not url.host or url.user or url.query:
            return {CONF_URL: "invalid_url"}
        user_input[CONF_URL] = text.rstrip("/")
    given = (CONF_IRRADIANCE, CONF_PROVIDER)
    if not user_input[CONF_SERVICE] and not any(user_input.get(key) for key in given):
        return {"base": "no_weather"}
    return {}
