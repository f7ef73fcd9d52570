"""The steps that add plants, by account or by key."""

from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_USERNAME
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from ...const import CONF_DEVICE_ID
from ...errors import CannotConnectError, NoAnswerError, WrongDeviceError
from ...flow_base import Found, RoomFlow
from .access import ACCOUNT_URL, KEY_URL, clean, cloud_for, fingerprint
from .errors import NoPlantsError
from .memory import async_known_plants
from .model import Plant
from .options import CONF_KEY, key_plan, options_schema

_SECRET: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_ACCOUNT: Final = vol.Schema(
    {
        vol.Required(CONF_USERNAME): TextSelector(
            TextSelectorConfig(type=TextSelectorType.EMAIL, autocomplete="username")
        ),
        vol.Required(CONF_PASSWORD): _SECRET,
        vol.Required(CONF_URL, default=ACCOUNT_URL): str,
    }
)
_KEY: Final = vol.Schema(
    {
        vol.Required(CONF_KEY): _SECRET,
        vol.Required(CONF_URL, default=KEY_URL): str,
    }
)
_PASSWORD_AGAIN: Final = vol.Schema({vol.Required(CONF_PASSWORD): _SECRET})
_KEY_AGAIN: Final = vol.Schema({vol.Required(CONF_KEY): _SECRET})


class HoymilesFlow(RoomFlow):
    """Asks for the account or the key."""

    type = "hoymiles"

    async def async_step_hoymiles(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose between an account and a key."""
        return self.async_show_menu(
            step_id="hoymiles", menu_options=["hoymiles_account", "hoymiles_key"]
        )

    async def async_step_hoymiles_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the account of the maker's app."""
        return await self.async_device_step("hoymiles_account", _ACCOUNT, user_input)

    async def async_step_hoymiles_key(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a key."""
        return await self.async_device_step("hoymiles_key", _KEY, user_input)

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        if CONF_KEY in self._get_reconfigure_entry().data:
            return await self.async_step_hoymiles_key(user_input)
        return await self.async_step_hoymiles_account(user_input)

    async def async_step_hoymiles_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again for what the cloud does not take any more."""
        if CONF_KEY in self._get_reauth_entry().data:
            return await self.async_step_hoymiles_reauth_key(user_input)
        return await self.async_step_hoymiles_reauth_account(user_input)

    async def async_step_hoymiles_reauth_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the new password."""
        return await self.async_device_step("hoymiles_reauth_account", _PASSWORD_AGAIN, user_input)

    async def async_step_hoymiles_reauth_key(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the new key."""
        return await self.async_device_step("hoymiles_reauth_key", _KEY_AGAIN, user_input)

    @override
    async def async_find(self, data: dict[str, Any]) -> Found:
        clean(data)
        entry = self._entry()
        options = {} if entry is None else entry.options
        try:
            plants = await cloud_for(self.hass, data, key_plan(options)).some_plants()
        except (CannotConnectError, NoAnswerError) as err:
            raise type(err)(fields={CONF_URL: "cloud_unreachable"}) from None
        if not plants:
            raise NoPlantsError
        title = plants[0].name if len(plants) == 1 else "Hoymiles"
        return Found(await self._identity(data, plants), title)

    async def _identity(self, data: dict[str, Any], plants: list[Plant]) -> str:
        """Return what the entry is known by: new credentials for its plants are still it."""
        entry = self._entry()
        if entry is None:
            return fingerprint(data)
        known = await async_known_plants(self.hass, entry)
        if known and known.isdisjoint(one.id for one in plants):
            field = CONF_KEY if CONF_KEY in data else CONF_USERNAME
            raise WrongDeviceError(fields={field: "other_plants"})
        return str(entry.data[CONF_DEVICE_ID])


FLOW = HoymilesFlow
OPTIONS = options_schema
