"""Writing registers: with a log-in where the device wants one, and always read back."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...errors import DeviceError
from .client import DENIED, Link, RefusedError
from .issues import async_forget_denied, async_report_denied
from .links import async_link
from .options import CONF_UNIT_ID
from .plan import Item
from .register import Block, Register
from .registers import EXPORT, FORCED, SETTINGS

type Write = tuple[str, float]
"""The name of a register that can be written, and its value."""

WRITABLE: Final = (SETTINGS, FORCED, EXPORT)


class PermissionRefusedError(DeviceError):
    """The device lets nobody write without the installer's log-in, or not with this one."""

    key = "permission_refused"


class NotConfirmedError(DeviceError):
    """What the device says after a write is not what was written."""

    key = "not_confirmed"


class Writer:
    """Writes to the inverter of an entry, loaded or not, over the link that it uses."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], link: Link, plan: Sequence[Item]
    ) -> None:
        """Prepare; what is read back also goes to the items of the plan."""
        self._hass = hass
        self._plan = plan
        self._entry = entry
        self._link = link
        self._unit: int = entry.data[CONF_UNIT_ID]

    async def async_write(self, writes: Iterable[Write]) -> dict[str, float | None]:
        """Write in this order and return what the device says of everything around it.

        Raises DeviceError: NotConfirmedError when a value reads back as another one.
        """
        wanted = dict(writes)
        for name, value in wanted.items():
            await self._async_write(_register(name), value)
        async_forget_denied(self._hass, self._entry)
        said: dict[str, float | None] = {}
        for block in WRITABLE:
            if not wanted.keys().isdisjoint(block.registers):
                said |= await self._async_read(block)
        for name, value in wanted.items():
            register = _register(name)
            if said[name] != register.decode(register.encode(value)):
                raise NotConfirmedError
        return said

    async def _async_read(self, block: Block) -> dict[str, float | None]:
        words = await self._link.read(self._unit, block.address, block.count)
        try:
            for item in self._plan:
                if item.block is block:
                    item.succeed(words, dt_util.utcnow())
            return block.decode(words)
        except ValueError as err:
            raise NotConfirmedError from err

    async def _async_write(self, register: Register, value: float) -> None:
        words = register.encode(value)
        try:
            await self._link.write(self._unit, register.address, words)
        except RefusedError as err:
            if err.code != DENIED:
                raise
            if not await self._async_log_in():
                async_report_denied(self._hass, self._entry)
                raise PermissionRefusedError from err
            await self._link.write(self._unit, register.address, words)

    async def _async_log_in(self) -> bool:
        user, password = self._entry.data.get(CONF_USERNAME), self._entry.data.get(CONF_PASSWORD)
        if not user or not password:
            return False
        try:
            return await self._link.log_in(self._unit, user, password)
        except RefusedError:
            return False


def _register(name: str) -> Register:
    return next(block.registers[name] for block in WRITABLE if name in block.registers)


@asynccontextmanager
async def async_writer(
    hass: HomeAssistant, entry: ConfigEntry[Any], plan: Sequence[Item]
) -> AsyncGenerator[Writer]:
    """Give a writer to an inverter that is polled by this plan."""
    data = entry.data
    async with async_link(hass, data[CONF_HOST], data[CONF_PORT]) as link:
        yield Writer(hass, entry, link, plan)
