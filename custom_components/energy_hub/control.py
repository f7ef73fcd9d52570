"""The one command that a battery follows for us: given, renewed while wanted, ended.

A command is a lease. The device is told an end at most `LEASE` ahead and told again at
half time, so that it ends the command alone when Home Assistant is gone.
"""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HassJob, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .command import Capability, Command, CommandError, Confirmation, check, reached
from .const import DOMAIN, LOGGER
from .errors import DeviceError

LEASE: Final = timedelta(minutes=30)
CONF_CONTROL: Final = "control"
_FOREIGN_ISSUE: Final = "foreign_control"


@dataclass(frozen=True, slots=True)
class Lease:
    """A command that a device follows, and how long it would do so without us."""

    command: Command
    given: datetime
    ends: datetime

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended, or has to."""
        until = self.command.until
        return now >= self.ends or (until is not None and now >= until)

    def is_due(self, now: datetime) -> bool:
        """Return whether it is time to tell the device a later end."""
        until = self.command.until
        return now >= self.ends - LEASE / 2 and (until is None or self.ends < until)


@dataclass(frozen=True, slots=True)
class _Left:
    """A lease that outlives its entry for the time of a reload."""

    lease: Lease
    clear: Callable[[], Awaitable[Confirmation]]


_LEFT: HassKey[dict[str, _Left]] = HassKey(f"{DOMAIN}_leases")


class BatteryControl(ABC):
    """Commands of one battery; what they are on the wire, its brand knows."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Prepare; nothing is sent before the first command."""
        self._hass = hass
        self._entry = entry
        self._lock = asyncio.Lock()
        self._lease: Lease | None = None
        self._clear_until: datetime | None = None
        """Until when a command may still run that could not be taken back."""

    @property
    @abstractmethod
    def capability(self) -> Capability:
        """What the battery can be told now."""

    @property
    @abstractmethod
    def follows(self) -> bool | None:
        """Whether the device was last seen following the lease; None if not looked since."""

    @abstractmethod
    async def _async_give(self, command: Command, until: datetime) -> Confirmation:
        """Tell the device, and read back what it says; raises DeviceError."""

    async def _async_keep(self, command: Command) -> Confirmation:
        """Set a mode that has no end, and read it back; raises DeviceError.

        For a battery that has one; its `capability.settings` says so.
        """
        raise refusal("mode_not_offered", mode=command.mode)

    @abstractmethod
    async def _async_clear(self) -> Confirmation:
        """Hand the battery back to its own control; raises DeviceError.

        Works without the coordinator too: an entry may be gone by then.
        """

    @property
    def lease(self) -> Lease | None:
        """The command that the battery follows for us."""
        return self._lease

    def adopt(self) -> None:
        """Take over the lease of the entry before its reload, and see that none is left."""
        left = self._hass.data.setdefault(_LEFT, {}).pop(self._entry.entry_id, None)
        if left is not None and self._entry.options.get(CONF_CONTROL):
            self._lease = left.lease
        elif left is not None:
            self._clear_until = left.lease.ends
        self._entry.async_on_unload(self._async_leave)
        self._entry.async_on_unload(
            self._hass.async_add_shutdown_job(HassJob(self._async_stop, "release battery"))
        )

    def check_control(self) -> None:
        """Return if the owner allows control; raises ServiceValidationError."""
        if not self._entry.options.get(CONF_CONTROL):
            raise refusal("control_off", name=self._entry.title)

    def check(self, command: Command) -> None:
        """Return if the battery can be told this; raises ServiceValidationError."""
        self.check_control()
        try:
            check(command, self.capability, dt_util.utcnow())
        except CommandError as err:
            raise refusal(err.key, **err.placeholders) from err

    async def async_command(self, command: Command) -> Confirmation:
        """Tell the battery; returns what the device confirmed.

        Raises ServiceValidationError before anything is sent, DeviceError after; what may
        have been understood in part is then taken back.
        """
        self.check(command)
        async with self._lock:
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)
            if command.mode in self.capability.settings:
                await self._async_end()
                return await self._async_keep(command)
            try:
                return await self._async_tell(command)
            except DeviceError:
                # Nobody knows what of it was understood, so nothing of it is to last.
                self._lease = None
                self._clear_until = dt_util.utcnow() + LEASE
                raise

    async def async_release(self) -> Confirmation:
        """Hand the battery back to its own control; raises DeviceError, and tries again."""
        self.check_control()
        async with self._lock:
            return await self._async_end()

    async def async_watch(self, soc: float | None) -> None:
        """Renew or end the lease as it is time to; called after every poll."""
        async with self._lock:
            try:
                await self._async_watch(soc, dt_util.utcnow())
            except DeviceError as err:
                LOGGER.debug("%s: the command stands as it is: %s", self._entry.title, err.key)

    async def _async_watch(self, soc: float | None, now: datetime) -> None:
        if self._clear_until is not None:
            if now < self._clear_until:
                await self._async_end()
            self._clear_until = None
        if (lease := self._lease) is None:
            return
        if lease.is_over(now) or reached(lease.command, soc):
            await self._async_end()
        elif self.follows is False:
            self._lose()
        elif lease.is_due(now):
            await self._async_tell(lease.command)

    def _tellable(self, end: datetime, now: datetime) -> datetime:
        """Return an end near this one that the device understands."""
        return end

    async def _async_tell(self, command: Command) -> Confirmation:
        now = dt_util.utcnow()
        ends = now + LEASE if command.until is None else min(command.until, now + LEASE)
        ends = self._tellable(ends, now)
        confirmation = await self._async_give(command, ends)
        self._lease = Lease(command, now, ends)
        self._clear_until = None
        return confirmation

    async def _async_end(self) -> Confirmation:
        """Take the command back; what fails is tried again as long as it can still run."""
        if self._lease is not None:
            self._clear_until = self._lease.ends
            self._lease = None
        confirmation = await self._async_clear()
        self._clear_until = None
        return confirmation

    def _lose(self) -> None:
        """Give up a lease that somebody else has ended, and say so."""
        self._lease = None
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=_FOREIGN_ISSUE,
            translation_placeholders={"name": self._entry.title},
            data={"entry_id": self._entry.entry_id},
        )

    @property
    def _issue_id(self) -> str:
        return f"{_FOREIGN_ISSUE}_{self._entry.entry_id}"

    async def _async_leave(self) -> None:
        """Keep the lease for the time of a reload; a disabled entry ends it."""
        if self._entry.disabled_by is not None:
            await self._async_stop()
        elif self._lease is not None:
            left = _Left(self._lease, self._async_clear)
            self._hass.data[_LEFT][self._entry.entry_id] = left

    async def _async_stop(self) -> None:
        async with self._lock:
            if self._lease is None and self._clear_until is None:
                return
            try:
                await self._async_end()
            except DeviceError as err:
                LOGGER.warning("%s was not released: %s", self._entry.title, err)


def control_store(hass: HomeAssistant, entry: ConfigEntry[Any]) -> Store[dict[str, Any]]:
    """Return where the control of a battery keeps what must outlive a crash."""
    return Store(hass, 1, f"{DOMAIN}.{entry.entry_id}.control")


async def async_end_left(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Take back the command of an entry that is removed, and forget what was kept of it."""
    await _async_end_left(hass, entry)
    await control_store(hass, entry).async_remove()


async def _async_end_left(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    left = hass.data.get(_LEFT, {}).pop(entry.entry_id, None)
    if left is None or left.lease.is_over(dt_util.utcnow()):
        return
    try:
        await left.clear()
    except DeviceError as err:
        LOGGER.warning("%s was not released: %s", entry.title, err)


def refusal(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error of an action that asks for what cannot be done."""
    return ServiceValidationError(
        translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders
    )
