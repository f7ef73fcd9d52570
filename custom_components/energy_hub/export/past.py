"""What the recorder kept of a plant, as if its inverters remembered it: means, not samples."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..const import DOMAIN
from ..reading import Flags, History, PortSample, Sample
from ..statistics import Fine, Known, async_read_known
from .fields import PORTS

_RECORDER: Final = "recorder"
_OF_INVERTER: Final = (
    "power",
    "frequency",
    "temperature",
    "voltage",
    "voltage_l2",
    "voltage_l3",
)
_OF_PORT: Final = ("voltage", "current", "power", "energy_today")
_TODAY: Final = "energy_today"
_NOTHING: Final = Known(None, None)

type _Rows = Mapping[str, Mapping[datetime, Known]]
"""By the end of a unique id and the start of a period."""


async def async_from_statistics(
    hass: HomeAssistant, plant: History, start: datetime, end: datetime, period: Fine
) -> History | None:
    """Return what was kept of a plant and its inverters; None where nothing is kept.

    `plant` says who its inverters are, and where it stands.
    """
    if _RECORDER not in hass.config.components:
        return None
    entities = {
        entity_id: unique_id
        for unique_id in _unique_ids(plant)
        if (entity_id := _entity_id(hass, unique_id)) is not None
    }
    found = await async_read_known(hass, entities, start, end, period)
    rows = {entities[entity_id]: one for entity_id, one in found.items()}
    if not rows:
        return None
    today = rows.get(f"{plant.source}_{_TODAY}", {})
    return replace(
        plant,
        readings=(),
        samples={serial: _samples(rows, serial) for serial in plant.samples},
        today_wh=[(at, one.state * 1000) for at, one in today.items() if one.state is not None],
        flags=Flags(),
    )


def _unique_ids(plant: History) -> Iterator[str]:
    yield f"{plant.source}_{_TODAY}"
    for serial in plant.samples:
        yield from (f"{serial}_{key}" for key in _OF_INVERTER)
        yield from (f"{serial}_{port}_{key}" for port in PORTS for key in _OF_PORT)


def _entity_id(hass: HomeAssistant, unique_id: str) -> str | None:
    return er.async_get(hass).async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)


def _samples(rows: _Rows, serial: str) -> list[Sample]:
    """Return an inverter at each period in which anything of it is known."""
    ports = [port for port in PORTS if any(f"{serial}_{port}_{key}" in rows for key in _OF_PORT)]
    names = [f"{serial}_{key}" for key in _OF_INVERTER]
    names += [f"{serial}_{port}_{key}" for port in ports for key in _OF_PORT]
    times = sorted({at for name in names for at in rows.get(name, {})})
    return [_sample(rows, serial, ports, at) for at in times]


def _sample(rows: _Rows, serial: str, ports: list[int], at: datetime) -> Sample:
    def known(end: str) -> Known:
        return rows.get(f"{serial}_{end}", {}).get(at, _NOTHING)

    def port_sample(port: int) -> PortSample:
        wh = known(f"{port}_{_TODAY}").state
        volts, amperes, watts = (
            known(f"{port}_{key}").mean for key in ("voltage", "current", "power")
        )
        return PortSample(volts, amperes, watts, None if wh is None else wh * 1000)

    power, frequency, temperature, *volts = (known(key).mean for key in _OF_INVERTER)
    while volts and volts[-1] is None:
        volts.pop()
    inputs = {one: port_sample(one) for one in ports}
    if not power and frequency is None and not volts:
        power = None  # asleep: shown as 0 W, but nobody has measured anything
    return Sample(at, power, frequency, temperature, tuple(volts), inputs)
