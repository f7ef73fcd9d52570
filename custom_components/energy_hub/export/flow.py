"""The steps that add a destination: its address and its credential."""

from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_URL
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
from homeassistant.util import dt as dt_util

from ..const import CONF_DEVICE_ID
from ..flow_base import Found, RoomFlow
from .address import PLATFORM_URL, InvalidUrlError, clean_url, fingerprint
from .connect import CONF_CREDENTIAL, client_for, refusal_of
from .options import EnrgOptionsFlow
from .token import token_of

_SECRET: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_FORM: Final = vol.Schema(
    {
        vol.Required(CONF_URL, default=PLATFORM_URL): str,
        vol.Required(CONF_CREDENTIAL): _SECRET,
    }
)
_RECONFIGURE: Final = vol.Schema(
    {vol.Required(CONF_URL): str, vol.Optional(CONF_CREDENTIAL): _SECRET}
)
_AGAIN: Final = vol.Schema({vol.Required(CONF_CREDENTIAL): _SECRET})


class EnrgFlow(RoomFlow):
    """Asks where to deliver to."""

    type = "enrg"

    async def async_step_enrg(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for address and credential; nothing is sent before plants are chosen."""
        self._refuse_twice(user_input)
        return await self.async_device_step("enrg", _FORM, user_input)

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again; what waits goes to the new address."""
        return await self.async_step_enrg_reconfigure(user_input)

    async def async_step_enrg_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again for the address, and for the credential if there is a new one."""
        self._refuse_twice(user_input)
        return await self.async_device_step("enrg_reconfigure", _RECONFIGURE, user_input)

    async def async_step_enrg_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the new credential; the queue waits meanwhile."""
        self._refuse_twice(user_input)
        return await self.async_device_step("enrg_reauth", _AGAIN, user_input)

    @override
    async def async_find(self, data: dict[str, Any]) -> Found:
        """Log in; a destination is the same one with a new credential."""
        data[CONF_URL] = clean_url(data[CONF_URL])
        data[CONF_CREDENTIAL] = data[CONF_CREDENTIAL].strip()
        entry = self._entry()
        options = {} if entry is None else entry.options
        client = client_for(async_get_clientsession(self.hass), data, options)
        answer = await client.create_token()
        if token_of(answer, dt_util.utcnow()) is None:
            raise refusal_of(answer)
        if entry is not None:
            return Found(entry.data[CONF_DEVICE_ID], entry.title)
        return Found(fingerprint(data[CONF_URL], data[CONF_CREDENTIAL]), "ENRG")

    def _refuse_twice(self, user_input: dict[str, Any] | None) -> None:
        """Abort when another entry delivers there with this credential."""
        if user_input is None:
            return
        entry = self._entry()
        data = {**({} if entry is None else entry.data), **user_input}
        try:
            url = clean_url(data[CONF_URL])
        except InvalidUrlError:
            return  # the form says so
        here = (url, data[CONF_CREDENTIAL].strip())
        for other in self._async_current_entries():
            known = (other.data.get(CONF_URL), other.data.get(CONF_CREDENTIAL))
            if other is not entry and known == here:
                raise AbortFlow("already_configured")


FLOW = EnrgFlow
OPTIONS_FLOW = EnrgOptionsFlow
