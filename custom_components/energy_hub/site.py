"""Who publishes readings and who listens: where devices, house and export meet."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .reading import Balance, History, Reading, Roof, Shown

type Unsubscribe = Callable[[], None]


class Balances(Protocol):
    """What a house knows of its own energy."""

    @property
    def settled(self) -> datetime | None:
        """What ended before it cannot change any more; None until that is known."""

    async def async_read(self, spans: Sequence[tuple[datetime, datetime]]) -> Sequence[Balance]:
        """Return those of these spans, which are in the order of time, that are known whole."""


class Source(Protocol):
    """A loaded entry that offers readings; every coordinator is one."""

    @property
    def readings(self) -> Sequence[Reading]:
        """The newest reading of each flow the device knows; empty while it is silent."""

    def shown(self, reading: Reading) -> Shown:
        """Return which sensors show what a reading says."""

    def told(self, source: str, keys: Collection[str]) -> Mapping[str, Any]:
        """Return what sensors of who measures a flow say, in the units of their kinds."""

    @property
    def held_back(self) -> bool:
        """Whether something other than the sun limits what its panels give now."""

    @property
    def roofs(self) -> Sequence[Roof]:
        """What is known of its panels; often nothing."""

    @property
    def balances(self) -> Balances | None:
        """What is known of the energy of all flows together; None of what is no house."""

    @property
    def histories(self) -> Mapping[str, str]:
        """What is remembered day by day: names by source, as in the readings; often nothing."""

    async def async_history(self, source: str) -> History | None:
        """Return today and yesterday of a source; None while nothing is known of it."""

    async def async_past(self, source: str, start: datetime, end: datetime) -> History | None:
        """Return the days of a span as the maker remembers them; raises DeviceError."""

    def async_add_listener(self, update_callback: Callable[[], None]) -> Unsubscribe:
        """Call `update_callback` on every change; keeps a polled source polling."""


class Site:
    """The sources of this Home Assistant by entry id."""

    def __init__(self) -> None:
        """Start with nobody there."""
        self._sources: dict[str, Source] = {}
        self._listeners: list[Callable[[str], None]] = []
        self._subscriptions: dict[tuple[int, str], Unsubscribe] = {}

    @property
    def sources(self) -> Mapping[str, Source]:
        """The loaded sources by entry id, read-only."""
        return MappingProxyType(self._sources)

    @callback
    def register(self, entry_id: str, source: Source) -> Unsubscribe:
        """Offer the readings of an entry until the returned function is called."""
        self._sources[entry_id] = source
        for listener in self._listeners:
            self._follow(listener, entry_id, source)
            listener(entry_id)

        def unregister() -> None:
            del self._sources[entry_id]
            for listener in self._listeners:
                self._subscriptions.pop((id(listener), entry_id))()
                listener(entry_id)

        return unregister

    @callback
    def listen(self, listener: Callable[[str], None]) -> Unsubscribe:
        """Call `listener(entry_id)` when a source comes, changes or goes.

        Sources that load later are followed too. Returns the function that ends it.
        """
        self._listeners.append(listener)
        for entry_id, source in self._sources.items():
            self._follow(listener, entry_id, source)

        def stop() -> None:
            self._listeners.remove(listener)
            for entry_id in self._sources:
                self._subscriptions.pop((id(listener), entry_id))()

        return stop

    def _follow(self, listener: Callable[[str], None], entry_id: str, source: Source) -> None:
        self._subscriptions[id(listener), entry_id] = source.async_add_listener(
            lambda: listener(entry_id)
        )


_SITE: HassKey[Site] = HassKey(f"{DOMAIN}_site")


@callback
def async_get_site(hass: HomeAssistant) -> Site:
    """Return the one site of this Home Assistant."""
    return hass.data.setdefault(_SITE, Site())
