"""The two that poll the inverter: our entry, and a client that does nothing else."""

import asyncio
from typing import Final, Protocol

from pymodbus.client import AsyncModbusTcpClient

from custom_components.energy_hub.const import DOMAIN
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..case import Side
from ..entry import has_value, new_entry
from .setups import SETUPS

_HOST: Final = "127.0.0.1"
_UNIT: Final = 1
# What huawei-solar, the library below huawei_solar, waits for: after a connection, after
# each answer. We wait as long.
_QUIET_SECONDS: Final = 1.5
_SPACING_SECONDS: Final = 0.05


class Poller(Protocol):
    """Who polls."""

    async def async_begin(self, port: int) -> None:
        """Connect to this port and return with the first values."""

    async def async_poll(self) -> None:
        """Poll once; raises when not everything was answered."""

    async def async_end(self) -> None:
        """Let go of the connection."""


class _Ours:
    """Our entry, with its default options and entities."""

    def __init__(self, hass: HomeAssistant, setup: str) -> None:
        self._hass = hass
        self._serial = SETUPS[setup].profile().device.inverters[0].serial

    async def async_begin(self, port: int) -> None:
        where: dict[str, str | int] = {"host": _HOST, "port": port, "unit_id": _UNIT}
        self._entry = new_entry(
            DOMAIN,
            f"huawei_{self._serial}",
            {"type": "huawei", "device_id": self._serial, **where},
        )
        await self._hass.config_entries.async_add(self._entry)
        power = er.async_get(self._hass).async_get_entity_id(
            Platform.SENSOR, DOMAIN, f"{self._serial}_ac_power"
        )
        if power is None or not has_value(self._hass.states.get(power)):
            raise RuntimeError("the inverter shows no power")

    async def async_poll(self) -> None:
        coordinator = self._entry.runtime_data
        await coordinator.async_refresh()
        if not coordinator.last_update_success:
            raise RuntimeError("the inverter did not answer")

    async def async_end(self) -> None:
        await self._hass.config_entries.async_unload(self._entry.entry_id)


class _Bare:
    """A bare pymodbus client with the requests of somebody else: words come, nothing is made."""

    def __init__(self, setup: str) -> None:
        self._reads = SETUPS[setup].reads

    async def async_begin(self, port: int) -> None:
        self._client = AsyncModbusTcpClient(_HOST, port=port, retries=0, reconnect_delay=0)
        if not await self._client.connect():
            raise RuntimeError("nobody listens")
        self._next = asyncio.get_running_loop().time() + _QUIET_SECONDS
        await self.async_poll()

    async def async_poll(self) -> None:
        clock = asyncio.get_running_loop().time
        for address, words in self._reads:
            await asyncio.sleep(max(0.0, self._next - clock()))
            answer = await self._client.read_holding_registers(
                address, count=words, device_id=_UNIT
            )
            self._next = clock() + _SPACING_SECONDS
            if answer.isError():
                raise RuntimeError(f"{address} was not answered")

    async def async_end(self) -> None:
        self._client.close()


def poller(side: Side, hass: HomeAssistant, setup: str) -> Poller:
    """Return who polls on a side."""
    return _Ours(hass, setup) if side is Side.OURS else _Bare(setup)
