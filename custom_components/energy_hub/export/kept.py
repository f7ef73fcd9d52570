"""Plants whose device forgets its inverters at once: the recorder remembers them instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..reading import Flow, History, Reading
from ..site import async_get_site
from .past import async_from_statistics

# What an inverter shows, and what a battery unit shows besides.
_INVERTER: Final = ("power", "last_report")
_BATTERY: Final = "battery_soc"
# The last slots of a day are complete only after midnight.
_EVENING: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Kept:
    """One plant, by five minutes, as long as the recorder keeps them."""

    hass: HomeAssistant
    entry_id: str
    source: str
    serials: Sequence[str]

    @property
    def readings(self) -> Sequence[Reading]:
        """None: statistics come by the clock, not with readings."""
        return ()

    async def async_history(self, source: str) -> History | None:
        """Return what was kept of today, after midnight of yesterday too."""
        now = dt_util.utcnow()
        start = dt_util.start_of_local_day(dt_util.as_local(now - _EVENING))
        return await self.async_past(source, dt_util.as_utc(start), now)

    async def async_past(self, source: str, start: datetime, end: datetime) -> History | None:
        """Return what was kept of a span; None where nothing was."""
        plant = History(
            source=source,
            zone=dt_util.get_default_time_zone(),
            samples=dict.fromkeys(self.serials, ()),
        )
        begin = dt_util.as_utc(dt_util.start_of_local_day(dt_util.as_local(start)))
        return await async_from_statistics(self.hass, plant, begin, end, "5minute")


@callback
def async_kept(hass: HomeAssistant) -> Mapping[str, Kept]:
    """Return the plants that have inverters of their own and no memory, by their source."""
    return {
        reading.source: Kept(hass, entry_id, reading.source, serials)
        for entry_id, source in async_get_site(hass).sources.items()
        if not source.histories
        for reading in source.readings
        if reading.flow is Flow.SOLAR and (serials := _inverters(hass, entry_id, reading.source))
    }


def _inverters(hass: HomeAssistant, entry_id: str, source: str) -> list[str]:
    """Return the serial numbers of the inverters on the pages below that of a source."""
    devices = dr.async_get(hass)
    page = devices.async_get_device_by_identifier((DOMAIN, source), entry_id)
    if page is None:
        return []
    below = (
        number
        for one in dr.async_entries_for_config_entry(devices, entry_id)
        if one.via_device_id == page.id
        for domain, number in one.identifiers
        if domain == DOMAIN
    )
    return [
        number
        for number in below
        if all(_has(hass, number, key) for key in _INVERTER) and not _has(hass, number, _BATTERY)
    ]


def _has(hass: HomeAssistant, number: str, key: str) -> bool:
    registry = er.async_get(hass)
    return registry.async_get_entity_id(Platform.SENSOR, DOMAIN, f"{number}_{key}") is not None
