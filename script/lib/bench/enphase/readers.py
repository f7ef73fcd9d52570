"""The two that read the gateway: our entry and that of Home Assistant's own `enphase_envoy`."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.devices.enphase.certificate import async_fingerprint
from custom_components.energy_hub.devices.enphase.options import CONF_CERTIFICATE, INTERVAL
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ..case import Side
from ..entry import has_value, new_entry
from .served import SERIAL, token

_HOST: Final = "127.0.0.1"
_CORE: Final = "enphase_envoy"


def interval(side: Side) -> timedelta:
    """Return the default interval of a side."""
    return timedelta(seconds=INTERVAL.default if side is Side.OURS else 60)


async def async_entry(side: Side, port: int, at: datetime) -> ConfigEntry[Any]:
    """Return the entry of a side as its form makes it."""
    host, opens = f"{_HOST}:{port}", token(at)
    if side is Side.PEER:
        account = {"username": "owner@example.com", "password": "sunny-day"}
        return new_entry(_CORE, SERIAL, {"host": host, "name": "Envoy", "token": opens, **account})
    trusted = await async_fingerprint(_HOST, port)
    data = {"type": "enphase", "device_id": SERIAL, "host": host, "token": opens}
    return new_entry(DOMAIN, f"enphase_{SERIAL}", {**data, CONF_CERTIFICATE: str(trusted)})


async def async_begin(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Add an entry; return with its first values. Raises RuntimeError without them."""
    with _stepped_loop(hass):
        await hass.config_entries.async_add(entry)
    if not shown(hass, entry):
        raise RuntimeError(f"{entry.domain} shows nothing")


async def async_refresh(entry: ConfigEntry[Any]) -> None:
    """Refresh once; raises RuntimeError when the gateway was not read."""
    coordinator = entry.runtime_data
    await coordinator.async_refresh()
    if not coordinator.last_update_success:
        raise RuntimeError("the gateway did not answer")


def registered(hass: HomeAssistant, entry: ConfigEntry[Any]) -> int:
    """Return how many entities the registry holds of an entry."""
    return len(er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id))


def shown(hass: HomeAssistant, entry: ConfigEntry[Any]) -> int:
    """Return how many sensors of an entry show a value."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return sum(
        has_value(hass.states.get(one.entity_id))
        for one in entities
        if one.domain == Platform.SENSOR
    )


@contextmanager
def _stepped_loop(hass: HomeAssistant) -> Generator[None]:
    """Let whoever takes the clock of the event loop meanwhile have one that is stepped too.

    Ours measures by it how old an answer is. Timers keep their own time: until the wall
    clock is stepped both are the same.
    """
    time: Callable[[], float] = hass.loop.time
    start, begin = dt_util.utcnow(), time()

    def stepped() -> float:
        if (passed := (dt_util.utcnow() - start).total_seconds()) > time() - begin:
            return begin + passed
        return time()

    with patch.object(hass.loop, "time", stepped):
        yield
