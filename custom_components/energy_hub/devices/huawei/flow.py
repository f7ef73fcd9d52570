"""The steps that add a SUN2000."""

from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from ...errors import CannotConnectError, InvalidAuthError, NoAnswerError
from ...flow_base import Found, RoomFlow, split_host
from .client import DENIED, Link, RefusedError
from .links import async_link
from .options import CONF_UNIT_ID, options_schema
from .probe import Identity, async_identify

_PORT: Final = 502
# Where the inverter's own access point has listened since the firmware of December 2021.
_OTHER_PORT: Final = 6607
_USER: Final = "installer"
_PASSWORD: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_HOST): str,
        vol.Required(CONF_PORT, default=_PORT): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=65535)
        ),
        vol.Required(CONF_UNIT_ID, default=1): vol.All(vol.Coerce(int), vol.Range(min=0, max=247)),
        vol.Optional(CONF_USERNAME): str,
        vol.Optional(CONF_PASSWORD): _PASSWORD,
    }
)
_LOG_IN: Final = vol.Schema(
    {
        vol.Required(CONF_USERNAME, default=_USER): str,
        vol.Required(CONF_PASSWORD): _PASSWORD,
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

    async def async_step_huawei_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again for the log-in that writing needs."""
        return await self.async_device_step("huawei_reauth", _LOG_IN, user_input)

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
        unit, password = data[CONF_UNIT_ID], data.get(CONF_PASSWORD)
        async with async_link(self.hass, data[CONF_HOST], data[CONF_PORT]) as link:
            try:
                identity = await async_identify(link, unit)
                if password:
                    await _log_in(link, unit, data.setdefault(CONF_USERNAME, _USER), password)
            except NoAnswerError as err:
                raise NoAnswerError(fields={CONF_UNIT_ID: "unit_silent"}) from err
        return identity


async def _log_in(link: Link, unit: int, user: str, password: str) -> None:
    """Try a log-in; raises InvalidAuthError. A device that knows none needs none."""
    try:
        right = await link.log_in(unit, user, password)
    except RefusedError as err:
        right = err.code != DENIED
    if not right:
        raise InvalidAuthError


FLOW = HuaweiFlow
OPTIONS = options_schema
