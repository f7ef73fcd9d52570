"""What the loaded devices offer to a house, and which of it measures the same thing twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant, callback

from ..reading import Flow
from ..site import async_get_site

# Who is believed first where several measure one flow: the meter that is billed, the
# inverter's own meter, clamps. A cloud comes last: it is the slowest.
_RANKS: Final = ("fluvius", "huawei", "enphase", "homevolt", "hoymiles")
# Its solar clamp sees what an inverter says itself.
_CLAMP: Final = _RANKS.index("homevolt")
# Flows of which a house has one place to measure; the others can stand side by side.
_SINGLE: Final = frozenset({Flow.GRID})


@dataclass(frozen=True, slots=True)
class Offer:
    """A source that a loaded entry offers for one flow."""

    source: str
    flow: Flow
    name: str
    rank: int

    @property
    def id(self) -> str:
        """How the options of a house name it."""
        return f"{self.flow}/{self.source}"


@callback
def async_offers(hass: HomeAssistant) -> list[Offer]:
    """Return what the loaded entries offer now, the most trusted first."""
    found = []
    for entry_id, source in async_get_site(hass).sources.items():
        entry = hass.config_entries.async_get_known_entry(entry_id)
        rank = _RANKS.index(entry.data["type"]) if entry.data["type"] in _RANKS else len(_RANKS)
        flows = [reading.flow for reading in source.readings]
        for reading in source.readings:
            alone = flows.count(reading.flow) == 1
            name = entry.title if alone else f"{entry.title}: {reading.source}"
            found.append(Offer(reading.source, reading.flow, name, rank))
    return sorted(found, key=lambda offer: (offer.rank, offer.name))


def proposed(offers: Iterable[Offer], flow: Flow) -> Sequence[str]:
    """Return the ids to fill a form in with, so that no flow is counted twice."""
    found = [offer for offer in offers if offer.flow is flow]
    if flow is Flow.SOLAR:
        found = [offer for offer in found if offer.rank != _CLAMP] or found
    ids = [offer.id for offer in found]
    return ids[:1] if flow in _SINGLE else ids
