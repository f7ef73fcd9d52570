"""Which sources a house was given: those of devices, and those made of sensors."""

from collections.abc import Iterable
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry

from ..ledger.source import DIRECTIONS, Direction, Source
from ..reading import Flow
from .foreign import ForeignSource

FLOWS: Final = (Flow.GRID, Flow.SOLAR, Flow.BATTERY)
"""The flows of the balance; each is an option that holds the ids of its sources."""
SENSORS: Final = "sensors"
"""The type of subentry that makes a source of sensors."""


def foreign_sources(entry: ConfigEntry[Any]) -> list[ForeignSource]:
    """Return the sources that the user made of sensors."""
    return [
        ForeignSource.of(subentry)
        for subentry in entry.subentries.values()
        if subentry.subentry_type == SENSORS
    ]


def sources_of(entry: ConfigEntry[Any], foreign: Iterable[ForeignSource]) -> list[Source]:
    """Return all sources of a house for its ledger."""
    chosen = [one for flow in FLOWS for one in entry.options.get(flow, ())]
    return [*map(_device_source, chosen), *map(_foreign_source, foreign)]


def _device_source(offer_id: str) -> Source:
    flow, _, source = offer_id.partition("/")
    return Source(id=source, flow=Flow(flow), counters=DIRECTIONS[Flow(flow)])


def _foreign_source(foreign: ForeignSource) -> Source:
    given = {Direction.TO_HOUSE: foreign.to_house, Direction.FROM_HOUSE: foreign.from_house}
    return Source(
        id=foreign.id,
        flow=foreign.flow,
        power=foreign.power is not None,
        counters=tuple(direction for direction, entity in given.items() if entity),
    )
