"""The steps that add a Fluvius meter, by network or by cable."""

from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_DEVICE, CONF_HOST, CONF_PORT
from homeassistant.helpers.selector import SerialPortSelector

from ...flow_base import Found, RoomFlow, split_host
from .options import options_schema
from .probe import async_identify

# What most dongles and serial bridges listen on.
_DEFAULT_PORT: Final = 23
_NETWORK: Final = vol.Schema(
    {
        vol.Required(CONF_HOST): str,
        vol.Required(CONF_PORT, default=_DEFAULT_PORT): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=65535)
        ),
    }
)
_SERIAL: Final = vol.Schema({vol.Required(CONF_DEVICE): SerialPortSelector()})


class FluviusFlow(RoomFlow):
    """Asks where the P1 port is."""

    type = "fluvius"

    async def async_step_fluvius(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose between a network bridge and a cable."""
        return self.async_show_menu(
            step_id="fluvius", menu_options=["fluvius_network", "fluvius_serial"]
        )

    async def async_step_fluvius_network(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address of a bridge."""
        return await self.async_device_step("fluvius_network", _NETWORK, user_input)

    async def async_step_fluvius_serial(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the serial port of a cable."""
        return await self.async_device_step("fluvius_serial", _SERIAL, user_input)

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        if CONF_DEVICE in self._get_reconfigure_entry().data:
            return await self.async_step_fluvius_serial(user_input)
        return await self.async_step_fluvius_network(user_input)

    @override
    async def async_find(self, data: dict[str, Any]) -> Found:
        if CONF_HOST in data:
            host, port = split_host(data[CONF_HOST])
            data[CONF_HOST] = host
            data[CONF_PORT] = port or data[CONF_PORT]
        meter_id = await async_identify(data)
        return Found(meter_id, f"P1 meter {meter_id[-4:]}")


FLOW = FluviusFlow
OPTIONS = options_schema
