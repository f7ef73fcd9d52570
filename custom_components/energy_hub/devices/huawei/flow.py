"""The steps that add a SUN2000."""

from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT

from ...errors import CannotConnectError, NoAnswerError
from ...flow_base import Found, RoomFlow, split_host
from .links import async_link
from .options import CONF_UNIT_ID, options_schema
from .probe import Identity, async_identify

_PORT: Final = 502
# Where the inverter's own access point has listened since the firmware of December 2021.
_OTHER_PORT: Final = 6607
_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_HOST): str,
        vol.Required(CONF_PORT, default=_PORT): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=65535)
        ),
        vol.Required(CONF_UNIT_ID, default=1): vol.All(vol.Coerce(int), vol.Range(min=0, max=247)),
    }
)


class HuaweiFlow(RoomFlow):
    """Asks where the inverter is."""

    type = "huawei"

    async def async_step_huawei(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the address of the inverter or its dongle."""
        return await self.async_device_step("huawei", _SCHEMA, user_input)

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        return await self.async_step_huawei(user_input)

    @override
    async def async_find(self, data: dict[str, Any]) -> Found:
        host, port = split_host(data[CONF_HOST])
        data[CONF_HOST] = host
        data[CONF_PORT] = port or data[CONF_PORT]
        try:
            identity = await self._identify(data)
        except CannotConnectError:
            if data[CONF_PORT] != _PORT:
                raise
            identity = await self._identify(data | {CONF_PORT: _OTHER_PORT})
            data[CONF_PORT] = _OTHER_PORT
        return Found(identity.serial, identity.model)

    async def _identify(self, data: dict[str, Any]) -> Identity:
        async with async_link(self.hass, data[CONF_HOST], data[CONF_PORT]) as link:
            try:
                return await async_identify(link, data[CONF_UNIT_ID])
            except NoAnswerError as err:
                raise NoAnswerError(fields={CONF_UNIT_ID: "unit_silent"}) from err


FLOW = HuaweiFlow
OPTIONS = options_schema
