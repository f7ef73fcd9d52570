"""The plants that the loaded entries remember, day by day."""

from collections.abc import Mapping
from dataclasses import dataclass

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..site import Source, async_get_site


@dataclass(frozen=True, slots=True)
class Offer:
    """A plant that can be delivered."""

    source: str
    name: str
    """As the user calls it."""

    @property
    def label(self) -> str:
        """Name and number, so that two plants of one name can be told apart."""
        return self.name if self.name == self.source else f"{self.name} ({self.source})"

    @property
    def id(self) -> int | None:
        """The number that the platform most likely knows it by; None if there is none."""
        return int(self.source) if self.source.isdecimal() and len(self.source) <= 10 else None


@callback
def async_offers(hass: HomeAssistant) -> Mapping[str, Offer]:
    """Return the plants that can be delivered now, by their source."""
    found = {
        source: Offer(source, _name(hass, entry_id, source) or name)
        for entry_id, one in async_get_site(hass).sources.items()
        for source, name in one.histories.items()
    }
    return dict(sorted(found.items(), key=lambda item: item[1].label))


@callback
def async_owner(hass: HomeAssistant, source: str) -> Source | None:
    """Return who remembers a plant; None while nobody does."""
    sources = async_get_site(hass).sources.values()
    return next((one for one in sources if source in one.histories), None)


def _name(hass: HomeAssistant, entry_id: str, source: str) -> str | None:
    page = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, source), entry_id)
    return None if page is None else page.name_by_user
