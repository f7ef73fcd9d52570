"""The steps that add an Envoy."""

from collections.abc import Mapping
from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_TOKEN, CONF_USERNAME
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from ...errors import CannotConnectError, InvalidAuthError, NoAnswerError, WrongDeviceError
from ...flow_base import Found, RoomFlow, split_host
from .certificate import async_fingerprint
from .client import Gateway, Identity, async_gateway
from .errors import TokenRefusedError
from .host import authority
from .options import CONF_CERTIFICATE, options_schema
from .paths import SUMMARY

# Home Assistant's own integration of the same gateway.
_CORE: Final = "enphase_envoy"
_BUSY: Final = 500
_SECRET: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
_CREDENTIALS: Final = {
    vol.Optional(CONF_USERNAME): str,
    vol.Optional(CONF_PASSWORD): _SECRET,
    vol.Optional(CONF_TOKEN): _SECRET,
}
_SCHEMA: Final = vol.Schema({vol.Required(CONF_HOST): str, **_CREDENTIALS})
_LOG_IN: Final = vol.Schema(_CREDENTIALS)


class EnphaseFlow(RoomFlow):
    """Asks where the gateway is, and for an account or a token."""

    type = "enphase"

    _host: str | None = None
    """Where a gateway announced itself."""
    _serial: str | None = None

    async def async_step_enphase(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address of the gateway and for what opens it."""
        return await self.async_device_step("enphase", _SCHEMA, _filled(user_input))

    @override
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        return await self.async_step_enphase(user_input)

    async def async_step_enphase_reauth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again for an account or a token."""
        return await self.async_device_step("enphase_reauth", _LOG_IN, _filled(user_input))

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Offer a gateway that announced itself; a known one that moved is followed."""
        if discovery_info.ip_address.version != 4:
            return self.async_abort(reason="not_ipv4_address")
        self._serial = discovery_info.properties["serialnum"]
        self._host = discovery_info.host
        await self.async_set_unique_id(f"{self.type}_{self._serial}")
        self._abort_if_unique_id_configured(updates=self._moved())
        self.context["title_placeholders"] = {"name": f"Envoy {self._serial}"}
        used = self.hass.config_entries.async_entry_for_domain_unique_id(_CORE, self._serial)
        return await (self.async_step_enphase_beside if used else self.async_step_enphase_found)()

    async def async_step_enphase_found(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for what opens the gateway that was found."""
        return await self.async_device_step("enphase_found", _LOG_IN, _filled(user_input))

    async def async_step_enphase_beside(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Do the same for one that Home Assistant's own integration reads already."""
        return await self.async_device_step("enphase_beside", _LOG_IN, _filled(user_input))

    def _moved(self) -> dict[str, Any] | None:
        """Return the new address of a known gateway that does not answer at its old one.

        One with two interfaces announces both; it stays where it answers.
        """
        entry = next(
            (one for one in self._async_current_entries() if one.unique_id == self.unique_id), None
        )
        if entry is None or (
            entry.state is ConfigEntryState.LOADED and entry.runtime_data.last_update_success
        ):
            return None
        return {CONF_HOST: self._host}

    @override
    async def async_find(self, data: dict[str, Any]) -> Found:
        host = str(data.setdefault(CONF_HOST, self._host))
        fingerprint = await async_fingerprint(*split_host(host))
        data[CONF_CERTIFICATE] = fingerprint
        clock = self.hass.loop.time
        async with async_gateway(authority(host), fingerprint, clock) as gateway:
            try:
                identity = await gateway.async_identify()
            except WrongDeviceError as err:
                raise WrongDeviceError(fields={CONF_HOST: "no_envoy"}) from err
            if self._serial not in (None, identity.serial):
                raise WrongDeviceError
            if fingerprint is None and not identity.legacy:
                raise CannotConnectError
            if identity.legacy:
                # Whoever shows a certificate beside it: this firmware is asked without one.
                data[CONF_CERTIFICATE] = None
            await _log_in(gateway, identity, data)
        return Found(identity.serial, f"Envoy {identity.serial}")


async def _log_in(gateway: Gateway, identity: Identity, data: dict[str, Any]) -> None:
    """Open the gateway and keep the token that does; raises DeviceError."""
    username, password = data.get(CONF_USERNAME), data.get(CONF_PASSWORD)
    if identity.legacy:
        await gateway.async_log_in(username, password)
        await _look(gateway)
        return
    if token := data.get(CONF_TOKEN):
        try:
            await gateway.async_use_token(token)
        except TokenRefusedError as err:
            raise InvalidAuthError(fields={CONF_TOKEN: "token_refused"}) from err
        return
    if not username or not password:
        raise InvalidAuthError(fields={CONF_USERNAME: "credentials_missing"})
    data[CONF_TOKEN] = await gateway.async_log_in(username, password)


async def _look(gateway: Gateway) -> None:
    """See whether old firmware takes the digest: that shows with the first question only.

    Raises DeviceError.
    """
    try:
        await gateway.async_update()
    except NoAnswerError as err:
        last = gateway.replies.records.get(SUMMARY)
        if last is None or last.status >= _BUSY:
            raise
        # It answers, but has its production on a page for people only.
        raise WrongDeviceError(fields={CONF_HOST: "nothing_to_read"}) from err


def _filled(user_input: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the form; with a new password the token that is stored does not count."""
    if user_input is None:
        return None
    if user_input.get(CONF_PASSWORD) and not user_input.get(CONF_TOKEN):
        return {**user_input, CONF_TOKEN: ""}
    return {**user_input}


FLOW = EnphaseFlow
OPTIONS = options_schema
