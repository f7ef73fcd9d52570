"""The token of one entry: used, renewed in time, doubted only after several refusals."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_PASSWORD, CONF_TOKEN, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ...const import DOMAIN
from ...errors import DeviceError, InvalidAuthError
from .client import Gateway, Identity
from .errors import FreshTokenRefusedError, TokenRefusedError
from .issues import async_forget_refusal, async_report_token
from .token import life_of

# A gateway that starts may refuse good tokens for a while: this often and this long is meant.
_REFUSALS: Final = 3
_REFUSED_FOR: Final = timedelta(minutes=5)
# How often the cloud is asked for a token at most: when it gave one or refused, when it was away.
_CLOUD_EVERY: Final = timedelta(hours=1)
_CLOUD_AGAIN: Final = timedelta(minutes=1)


@dataclass(slots=True)
class _Doubt:
    """What happened to the credentials of an entry, also over its restarts."""

    refusals: int = 0
    since: datetime | None = None
    asked: bool = False
    """Whether the user was asked because of it."""
    next_cloud: datetime | None = None
    cloud_said: DeviceError | None = None
    """Why the cloud was of no help; None when it was."""

    def is_sure(self, now: datetime) -> bool:
        """Return whether they were refused often and long enough."""
        return (
            self.refusals >= _REFUSALS
            and self.since is not None
            and now - self.since >= _REFUSED_FOR
        )


_DOUBTS: HassKey[dict[str, _Doubt]] = HassKey(f"{DOMAIN}_enphase_doubts")


class Access:
    """What opens one gateway."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], gateway: Gateway) -> None:
        """Prepare; nothing is asked yet."""
        self._hass = hass
        self._entry = entry
        self._gateway = gateway
        self._legacy = False
        doubts = hass.data.setdefault(_DOUBTS, {})
        self._doubt = doubts.setdefault(entry.entry_id, _Doubt())

    async def async_open(self, identity: Identity, now: datetime) -> None:
        """Log in with what the entry knows; raises DeviceError."""
        self._legacy = identity.legacy
        data = self._entry.data
        if self._legacy:
            await self._gateway.async_log_in(data.get(CONF_USERNAME), data.get(CONF_PASSWORD))
        else:
            await self.async_refused(now)

    async def async_refused(self, now: datetime) -> None:
        """Return if the gateway takes the token after all, or another one of the account.

        Otherwise raises DeviceError; after several refusals the user is asked too.
        """
        try:
            await self._async_try(now)
        except InvalidAuthError:
            self._doubt.refusals += 1
            self._doubt.since = self._doubt.since or now
            life = life_of(self._entry.data.get(CONF_TOKEN, ""))
            if self._doubt.is_sure(now) or (life is not None and life.is_over(now)):
                self._doubt.asked = True
                self._entry.async_start_reauth(self._hass)
            raise
        self.accepted()

    def accepted(self) -> None:
        """Note that the gateway takes the token: nobody needs to be asked any more."""
        doubt = self._doubt
        if doubt.asked:
            async_forget_refusal(self._hass, self._entry)
        doubt.refusals, doubt.since, doubt.asked = 0, None, False

    async def async_care(self, now: datetime) -> None:
        """Renew a token in time; where only the user can, ask a month before."""
        life = life_of(self._entry.data.get(CONF_TOKEN, ""))
        late = not self._legacy and life is not None and life.is_late(now)
        if late and self._has_account:
            try:
                await self._async_renew(now)
            except DeviceError:
                # The old one still does; the cloud is asked again later.
                return
            late = False
        async_report_token(
            self._hass, self._entry, life.ends if late and life is not None else None
        )

    @property
    def _has_account(self) -> bool:
        return bool(self._entry.data.get(CONF_USERNAME) and self._entry.data.get(CONF_PASSWORD))

    async def _async_try(self, now: datetime) -> None:
        if self._legacy:
            raise TokenRefusedError
        if token := self._entry.data.get(CONF_TOKEN):
            try:
                await self._gateway.async_use_token(token)
            except TokenRefusedError:
                if not self._has_account:
                    raise
            else:
                return
        await self._async_renew(now)

    async def _async_renew(self, now: datetime) -> None:
        """Get another token with the account and remember it; raises DeviceError."""
        data, doubt = self._entry.data, self._doubt
        if doubt.next_cloud is not None and now < doubt.next_cloud:
            raise doubt.cloud_said or TokenRefusedError()
        doubt.next_cloud, doubt.cloud_said = now + _CLOUD_EVERY, None
        try:
            token = await self._gateway.async_log_in(
                data.get(CONF_USERNAME), data.get(CONF_PASSWORD)
            )
        except TokenRefusedError as err:
            doubt.cloud_said = FreshTokenRefusedError()
            raise doubt.cloud_said from err
        except DeviceError as err:
            doubt.cloud_said = err
            if not isinstance(err, InvalidAuthError):
                doubt.next_cloud = now + _CLOUD_AGAIN
            raise
        self._hass.config_entries.async_update_entry(self._entry, data={**data, CONF_TOKEN: token})
