"""The steps that add a Homevolt."""

from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import SOURCE_ZEROCONF, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from ...errors import (
    CannotConnectError,
    DeviceError,
    InvalidAuthError,
    WrongDeviceError,
)
from ...flow_base import Found, RoomFlow
from .address import Address
from .client import NoDocumentError, StatusError
from .connect import async_ecu
from .ecu import read_measured
from .options import options_schema

_PASSWORD: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_SCHEMA: Final = vol.Schema({vol.Required(CONF_HOST): str, vol.Optional(CONF_PASSWORD): _PASSWORD})
_LOG_IN: Final = vol.Schema({vol.Required(CONF_PASSWORD): _PASSWORD})
_TITLE: Final = "Homevolt"
_HTTPS_PORT: Final = 443


class HomevoltFlow(RoomFlow):
    """Asks where the ECU is, or knows it because the ECU has said so."""

    type = "homevolt"

    _announced: Address | None = None
    _open = False
    """Whether what has announced itself answers without a password."""

    async def async_step_homevolt(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address of the ECU."""
        return await self.async_device_step("homevolt", _SCHEMA, user_input)

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        return await self.async_step_homevolt(user_input)

    async def async_step_homevolt_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password that the ECU wants now."""
        return await self.async_device_step("homevolt_reauth", _LOG_IN, user_input)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Look at what has announced itself; without its password it does not say who it is."""
        port = discovery_info.port or 80
        self._announced = Address(discovery_info.host, port, tls=port == _HTTPS_PORT)
        self._async_abort_entries_match({CONF_HOST: self._announced.text})
        name = discovery_info.hostname.rstrip(".")
        self._async_abort_entries_match({CONF_HOST: name})
        try:
            ecu_id = await self._identify(self._announced, None)
        except InvalidAuthError:
            await self.async_set_unique_id(f"{self.type}_{name}")
            self._abort_if_unique_id_configured()
        except WrongDeviceError:
            return self.async_abort(reason="wrong_device")
        except DeviceError:
            return self.async_abort(reason="cannot_connect")
        else:
            self._open = True
            await self.async_set_unique_id(f"{self.type}_{ecu_id}")
            self._abort_if_unique_id_configured({CONF_HOST: self._announced.text})
        self.context["title_placeholders"] = {"name": f"{_TITLE} ({discovery_info.host})"}
        return await self.async_step_homevolt_found()

    async def async_step_homevolt_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to add what has announced itself, and for its password."""
        if self._open:
            self._set_confirm_only()
        schema = vol.Schema({}) if self._open else _LOG_IN
        return await self.async_device_step("homevolt_found", schema, user_input)

    @override
    async def async_find(self, data: dict[str, Any]) -> Found:
        if self.source == SOURCE_ZEROCONF and self._announced is not None:
            data[CONF_HOST] = self._announced.text
        address = Address.parse(data[CONF_HOST])
        try:
            ecu_id = await self._identify(address, data.get(CONF_PASSWORD))
        except CannotConnectError:
            if not address.plain:
                raise
            address = address.secured
            ecu_id = await self._identify(address, data.get(CONF_PASSWORD))
        data[CONF_HOST] = address.text
        return Found(ecu_id, _TITLE)

    async def _identify(self, address: Address, password: str | None) -> str:
        """Return the id of the ECU that answers; raises WrongDeviceError when none does."""
        try:
            document = await async_ecu(self.hass, address, password).get("/ems.json")
            return read_measured(document).ids[0]
        except (ValueError, NoDocumentError) as err:
            raise WrongDeviceError(fields={CONF_HOST: "no_homevolt"}) from err
        except StatusError as err:
            if err.status == 404:
                raise WrongDeviceError(fields={CONF_HOST: "no_homevolt"}) from err
            raise


FLOW = HomevoltFlow
OPTIONS = options_schema
