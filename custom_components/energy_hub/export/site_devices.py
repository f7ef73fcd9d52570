"""Other devices than micro-inverters: looked at as a slot ends, and put into the queue."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..reading import Flow, Reading
from ..site import Source, async_get_site
from .kind_fields import SENSORS
from .kinds import Seen, Span, build_kinds
from .outbox import Outbox
from .plants import async_offers
from .queue import Added
from .record import Message
from .settings import Settings
from .slots import floor

# What is said later says nothing of how a slot ended.
_AT_ONCE: Final = timedelta(minutes=1)
_MOMENT: Final = timedelta(microseconds=1)
_MOST_WAITING: Final = 1_000


class SiteDevices:
    """Takes down what they say, once a slot; a slot that was missed is not made up for."""

    def __init__(self, hass: HomeAssistant, settings: Settings, outbox: Outbox) -> None:
        """Prepare; nothing is looked at before a slot ends."""
        self._hass: Final = hass
        self._settings: Final = settings
        self._outbox: Final = outbox
        self._waiting: list[Message] = []

    @callback
    def look(self, now: datetime) -> bool:
        """Take down what is there if a slot has just ended; return whether anything waits."""
        span = _span(now, self._settings.form.interval)
        if now - span.end < _AT_ONCE and len(self._waiting) < _MOST_WAITING:
            self._waiting += async_messages(self._hass, self._settings, span)
        return bool(self._waiting)

    async def async_put(self) -> int:
        """Put what waits into the queue and return how much was new.

        Raises sqlite3.Error; then nothing is lost, the next call does it.
        """
        new = 0
        while self._waiting:
            dry = self._settings.dry_run
            added = await self._outbox.async_add(self._waiting[0], dt_util.utcnow(), dry=dry)
            new += added is Added.NEW
            del self._waiting[0]
        return new


@callback
def async_preview_kinds(hass: HomeAssistant, settings: Settings, now: datetime) -> list[Message]:
    """Return what would be sent of other devices if a slot ended now; none is too short."""
    begin = floor(now, settings.form.interval, dt_util.get_default_time_zone())
    span = Span(begin=begin, end=now, zone=dt_util.get_default_time_zone())
    return async_messages(hass, settings, span, whole=False)


@callback
def async_messages(
    hass: HomeAssistant, settings: Settings, span: Span, *, whole: bool = True
) -> list[Message]:
    """Return the messages of a slot that ends now; if `whole` of none that was chosen within."""
    aim = settings.kinds_aim
    if aim is None or (whole and span.begin < aim.since):
        return []
    return build_kinds(_seen(hass), settings.kinds, aim.choice, settings.form, span)


def _span(now: datetime, interval: timedelta) -> Span:
    """Return the slot that ended last."""
    zone = dt_util.get_default_time_zone()
    end = floor(now, interval, zone)
    return Span(begin=floor(end - _MOMENT, interval, zone), end=end, zone=zone)


def _seen(hass: HomeAssistant) -> Iterator[Seen]:
    """Yield what everybody says, but for plants that are delivered as micro-inverters."""
    plants = async_offers(hass)
    for source in async_get_site(hass).sources.values():
        for reading in source.readings:
            if reading.flow is not Flow.SOLAR or reading.source not in plants:
                told = source.told(reading.source, SENSORS)
                yield Seen(reading=reading, soc=_soc(hass, source, reading), told=told)


def _soc(hass: HomeAssistant, source: Source, reading: Reading) -> float | None:
    """Return the charge of a battery as its sensor shows it."""
    shown = source.shown(reading).soc
    if shown is None:
        return None
    entity = er.async_get(hass).async_get_entity_id(Platform.SENSOR, DOMAIN, shown)
    state = None if entity is None else hass.states.get(entity)
    try:
        return None if state is None else float(state.state)
    except ValueError:
        return None
