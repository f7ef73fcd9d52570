"""What the user calls the sources of a house."""

from collections.abc import Iterable, Mapping

from homeassistant.core import HomeAssistant, callback

from ..ledger.source import Source
from .foreign import ForeignSource
from .offers import async_offers


@callback
def source_names(
    hass: HomeAssistant, sources: Iterable[Source], foreign: Iterable[ForeignSource]
) -> Mapping[Source, str]:
    """Return the names of sources: of their entry, or as the user called their sensors.

    A device that is not there now is named by the id of its source.
    """
    offered = {offer.id: offer.name for offer in async_offers(hass)}
    made = {one.id: one.title for one in foreign}
    return {
        source: made.get(source.id) or offered.get(f"{source.flow}/{source.id}", source.id)
        for source in sources
    }
