"""The balance of a house on its way into the queue: each slot once nothing of it changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import batched
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..reading import Balance
from ..site import Balances, async_get_site
from .collect import Collector, Put
from .form import Form
from .house import build_house
from .kinds import DeviceKind, Span
from .outbox import Outbox
from .record import Message
from .settings import Aim, Settings
from .slots import floor, slots

KIND: Final = DeviceKind.HOUSE
# What has not come by then is not waited for; the ledger remembers a little longer.
_PATIENCE: Final = timedelta(hours=24)
# So many are read and put together before others have their turn.
_AT_ONCE: Final = 96


@callback
def async_houses(hass: HomeAssistant) -> Mapping[str, str]:
    """Return the houses that can be delivered now: what the user calls them, by entry id."""
    found = {}
    for entry_id, source in async_get_site(hass).sources.items():
        entry = hass.config_entries.async_get_entry(entry_id)
        if source.balances is not None and entry is not None:
            found[entry_id] = entry.title
    return found


@dataclass(frozen=True, slots=True)
class _House:
    """What can be told of the house that a destination delivers."""

    hass: HomeAssistant
    settings: Settings

    @property
    def aim(self) -> Aim | None:
        """The plant that it belongs to; None if it is not delivered."""
        return self.settings.kinds_aim if KIND in self.settings.kinds else None

    @property
    def balances(self) -> Balances | None:
        """What it knows of itself; None while it is not loaded."""
        source = async_get_site(self.hass).sources.get(self.settings.house)
        return None if source is None else source.balances

    def edge(self, now: datetime) -> datetime | None:
        """Return where the last slot ends that is not waited for; None while nobody knows."""
        balances = self.balances
        if balances is None or balances.settled is None:
            return None
        return self.floor(max(balances.settled, now - _PATIENCE))

    def floor(self, at: datetime) -> datetime:
        """Return the begin of the slot that a moment lies in."""
        return floor(at, self.settings.form.interval, dt_util.get_default_time_zone())

    def spans(self, start: datetime, edge: datetime) -> Iterator[tuple[Span, ...]]:
        """Yield the slots that begin at `start` or later and end at `edge` or before, in parts."""
        zone = dt_util.get_default_time_zone()
        found = slots(start, edge, self.settings.form.interval, zone)
        spans = (Span(begin=begin, end=end, zone=zone) for begin, end in found if end <= edge)
        return batched(spans, _AT_ONCE, strict=False)

    async def async_messages(self, spans: Sequence[Span]) -> list[Message]:
        """Return the messages of these slots, of those that are known."""
        aim, balances = self.aim, self.balances
        if aim is None or balances is None:
            return []
        found = await balances.async_read([(one.begin, one.end) for one in spans])
        make = partial(_made, found, {one.begin: one for one in spans}, aim, self.settings.form)
        messages: list[Message] = await self.hass.async_add_executor_job(make)
        return messages


def _made(
    found: Sequence[Balance], spans: Mapping[datetime, Span], aim: Aim, form: Form
) -> list[Message]:
    return [build_house(one, aim.choice, form, spans[one.start]) for one in found]


async def async_preview_house(
    hass: HomeAssistant, settings: Settings, now: datetime
) -> Message | None:
    """Return the message of the newest slot that is settled; None while none is."""
    house = _House(hass, settings)
    edge = house.edge(now)
    if edge is None:
        return None
    for spans in house.spans(edge - settings.form.interval, edge):
        messages = await house.async_messages(spans)
        return messages[-1] if messages else None
    return None


class HouseSlots:
    """Puts the slots of one house into the queue."""

    def __init__(
        self, hass: HomeAssistant, settings: Settings, outbox: Outbox, collector: Collector
    ) -> None:
        """Prepare; nothing is read before it is asked for."""
        self._house: Final = _House(hass, settings)
        self._settings: Final = settings
        self._outbox: Final = outbox
        self._collector: Final = collector
        self._reached: datetime | None = None

    @property
    def aim(self) -> Aim | None:
        """The plant that the house belongs to; None if it is not delivered."""
        return self._house.aim

    @property
    def is_away(self) -> bool:
        """Whether nobody knows anything of the house now."""
        return self._house.balances is None

    async def async_start(self, now: datetime) -> None:
        """Go on where the last run ended, or begin with the slot that runs now.

        Raises sqlite3.Error.
        """
        if self.aim is None:
            await self._outbox.async_reach(KIND, None)
            return
        self._reached = await self._outbox.async_reached(KIND)
        if self._reached is None:
            self._reached = self._house.floor(now)
            await self._outbox.async_reach(KIND, self._reached)

    async def async_collect(self, now: datetime) -> int:
        """Put what is settled and not in the queue yet into it; return how much.

        Raises sqlite3.Error; then nothing is lost, the next call does it.
        """
        aim, edge = self.aim, self._house.edge(now)
        if aim is None or edge is None or self._reached is None:
            return 0
        start, new = max(self._reached, now - self._settings.retention), 0
        for spans in self._house.spans(start, edge):
            new += await self._async_add(aim, spans)
            self._reached = spans[-1].end
            await self._outbox.async_reach(KIND, self._reached)
        return new

    async def _async_add(self, aim: Aim, spans: Sequence[Span]) -> int:
        """Put those of these slots that are not in the queue yet into it; return how many."""
        dry = self._settings.dry_run
        messages = await self._house.async_messages(spans)
        known = await self._outbox.async_slots(
            KIND, aim.choice.id, spans[0].begin, spans[-1].end, dry=dry
        )
        new = [one for one in messages if one.slot.at not in known]
        await self._collector.async_put(Put(), new, dry=dry)
        return len(new)

    async def async_replay(
        self, start: datetime, end: datetime, now: datetime, *, dry: bool, correct: bool
    ) -> Put:
        """Put a past span into the queue; return what became of it. Raises sqlite3.Error."""
        put, edge = Put(), self._house.edge(now)
        if edge is None:
            return put
        # Before the first slot that is known and after the last one nothing is missing.
        silent: list[datetime] | None = None
        for spans in self._house.spans(start, min(end, edge)):
            messages = await self._house.async_messages(spans)
            told = {one.slot.at for one in messages}
            for span in spans:
                if span.begin in told:
                    put.gaps += silent or []
                    silent = []
                elif silent is not None:
                    silent.append(span.begin)
            await self._collector.async_put(put, messages, dry=dry, correct=correct)
        return put
