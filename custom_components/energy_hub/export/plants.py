"""The plants that the loaded entries remember, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..reading import History, Reading
from ..site import async_get_site
from .kept import async_kept


class Owner(Protocol):
    """Who remembers a plant: its device, or the recorder."""

    @property
    def readings(self) -> Sequence[Reading]:
        """The newest readings; empty where the plant is looked at by the clock."""

    async def async_history(self, source: str) -> History | None:
        """Return what is remembered at hand; None while nothing is."""

    async def async_past(self, source: str, start: datetime, end: datetime) -> History | None:
        """Return the days of a span as far as they are remembered; raises DeviceError."""


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
    found |= {
        source: Offer(source, _name(hass, one.entry_id, source, given=True) or source)
        for source, one in async_kept(hass).items()
    }
    return dict(sorted(found.items(), key=lambda item: item[1].label))


@callback
def async_owner(hass: HomeAssistant, source: str) -> Owner | None:
    """Return who remembers a plant; None while nobody does."""
    sources = async_get_site(hass).sources.values()
    return next((one for one in sources if source in one.histories), None) or async_kept(hass).get(
        source
    )


def _name(hass: HomeAssistant, entry_id: str, source: str, *, given: bool = False) -> str | None:
    """Return how the user calls a plant; with `given` else how its device does."""
    page = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, source), entry_id)
    if page is None:
        return None
    return page.name_by_user or (page.name if given else None)
