"""The two that poll the ECU: our entry and that of Home Assistant's own `homevolt`."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..case import Side
from ..entry import has_value, new_entry

_ECU: Final = "99aabbccdd01"


@dataclass(frozen=True, slots=True)
class Poller:
    """An entry with its default options and entities."""

    domain: str
    interval: timedelta
    """Its default."""
    soc: str
    """The unique id of the sensor of the state of charge."""

    def entry(self, port: int) -> ConfigEntry[Any]:
        """Return an entry that reads the ECU at a port."""
        host = f"127.0.0.1:{port}"
        if self.domain == DOMAIN:
            data = {"type": "homevolt", "device_id": _ECU, "host": host}
            return new_entry(DOMAIN, f"homevolt_{_ECU}", data)
        return new_entry(self.domain, _ECU, {"host": host})


_OURS: Final = Poller(DOMAIN, timedelta(seconds=10), f"{_ECU}_battery_soc")
_CORE: Final = Poller("homevolt", timedelta(seconds=15), f"{_ECU}_State of Charge")


def poller(side: Side) -> Poller:
    """Return who polls on a side."""
    return _OURS if side is Side.OURS else _CORE


async def async_begin(hass: HomeAssistant, who: Poller, port: int) -> ConfigEntry[Any]:
    """Add the entry and return it with its first values; raises RuntimeError without them."""
    entry = who.entry(port)
    await hass.config_entries.async_add(entry)
    soc = er.async_get(hass).async_get_entity_id(Platform.SENSOR, who.domain, who.soc)
    if soc is None or not has_value(hass.states.get(soc)):
        raise RuntimeError(f"{who.domain} shows no state of charge")
    return entry


async def async_poll(entry: ConfigEntry[Any]) -> None:
    """Poll once; raises RuntimeError when the ECU was not read."""
    coordinator = entry.runtime_data
    await coordinator.async_refresh()
    if not coordinator.last_update_success:
        raise RuntimeError("the ECU did not answer")


def shown(hass: HomeAssistant, entry: ConfigEntry[Any]) -> int:
    """Return how many entities of an entry show a value."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return sum(has_value(hass.states.get(one.entity_id)) for one in entities)
