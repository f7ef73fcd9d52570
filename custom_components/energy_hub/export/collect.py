"""From what plants remember to the queue: each slot once, as soon as it is complete."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..reading import History
from ..statistics import Fine
from .enrg import KIND, Built, build
from .moment import midnight
from .outbox import Outbox
from .past import async_from_statistics
from .plants import async_owner
from .queue import Added
from .record import Message, Origin
from .settings import Aim, Settings

DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_STATISTICS: Final[Mapping[Fine, Origin]] = {
    "5minute": Origin.SHORT_STATISTICS,
    "hour": Origin.LONG_STATISTICS,
}


@dataclass(slots=True)
class Put:
    """What became of the messages of a span."""

    messages: list[Message] = field(default_factory=list)
    """Those that are new in the queue."""
    same: int = 0
    """Slots that were there already with this content."""
    changed: int = 0
    """Slots that were there already with another content."""
    gaps: list[datetime] = field(default_factory=list)
    """Slots in which nobody answered, between two others of the same day."""


class Collector:
    """Fills the queue of one destination."""

    def __init__(self, hass: HomeAssistant, settings: Settings, outbox: Outbox) -> None:
        """Prepare; nothing is read before it is asked for."""
        self._hass: Final = hass
        self._settings: Final = settings
        self._outbox: Final = outbox
        self.impossible = 0
        """Values that could not be true, since the start."""

    async def async_collect(self, source: str, now: datetime) -> int:
        """Put what is complete of a plant and not in the queue yet into it; return how much.

        That is looked for in all that the plant remembers: late values come too. Raises
        sqlite3.Error; then nothing is lost, the next call does it.
        """
        owner = async_owner(self._hass, source)
        history = None if owner is None else await owner.async_history(source)
        if history is None:
            return 0
        aim = self._settings.aims[source]
        start = max(aim.since, midnight(history, now - DAY))
        built = await self._build(history, aim, start, now, Origin.LIVE)
        new = await self._unknown(aim, built.messages, start, now)
        await self.async_put(Put(), new, dry=self._settings.dry_run)
        return len(new)

    async def async_catch_up(self, source: str, start: datetime, now: datetime) -> int:
        """Do the same for the time in which nobody here looked, as far as it is remembered."""
        start = max(start, now - self._settings.retention)
        put = await self.async_replay(source, start, now - DAY, dry=False)
        await self._outbox.async_caught_up(self._settings.aims[source].choice.id, now)
        return len(put.messages)

    async def async_replay(
        self, source: str, start: datetime, end: datetime, *, dry: bool, correct: bool = False
    ) -> Put:
        """Put a past span of a plant into the queue, day by day; return what became of it.

        The best memory comes first: that of the device or its cloud, then statistics, by
        five minutes, then by the hour. Raises DeviceError or sqlite3.Error.
        """
        put, owner = Put(), async_owner(self._hass, source)
        if owner is None:
            return put
        present = await owner.async_history(source)
        zone = dt_util.get_default_time_zone() if present is None else present.zone
        for begin, finish in _days(start, end, zone):
            past = await owner.async_past(source, begin, finish)
            if (best := past or present) is not None:
                await self._replay_day(put, source, best, (begin, finish), dry=dry, correct=correct)
        return put

    async def _replay_day(
        self,
        put: Put,
        source: str,
        best: History,
        span: tuple[datetime, datetime],
        *,
        dry: bool,
        correct: bool,
    ) -> None:
        aim = self._settings.aims[source]
        told: dict[datetime, Message] = {}
        gaps: set[datetime] = set()
        async for history, origin in self._memories(best, *span):
            built = await self._build(history, aim, *span, origin)
            told = {one.slot.at: one for one in built.messages} | told
            gaps |= {*built.gaps}
            if told and not gaps - told.keys():
                break
        put.gaps += sorted(gaps - told.keys())
        messages = [told[at] for at in sorted(told)]
        await self.async_put(put, messages, dry=dry, correct=correct)

    async def _build(
        self, history: History, aim: Aim, start: datetime, end: datetime, origin: Origin
    ) -> Built:
        """Return the messages of a span, made in the executor."""
        form, now = self._settings.form, dt_util.utcnow()
        make = partial(build, history, aim.choice, form, start, end, now, origin)
        built = await self._hass.async_add_executor_job(make)
        self.impossible += built.notes.impossible
        return built

    async def _memories(
        self, best: History, start: datetime, end: datetime
    ) -> AsyncIterator[tuple[History, Origin]]:
        """Yield what is remembered of a plant, the best memory first."""
        yield best, Origin.VENDOR_HISTORY
        begin = midnight(best, start)
        for period, origin in _STATISTICS.items():
            # A mean of an hour says nothing of a shorter slot.
            if period == "hour" and self._settings.form.interval < _HOUR:
                continue
            kept = await async_from_statistics(self._hass, best, begin, end, period)
            if kept is not None:
                yield kept, origin

    async def _unknown(
        self, aim: Aim, messages: Sequence[Message], start: datetime, end: datetime
    ) -> list[Message]:
        """Return the messages whose slots are not in the queue yet."""
        known = await self._outbox.async_slots(
            KIND, aim.choice.id, start, end, dry=self._settings.dry_run
        )
        return [one for one in messages if one.slot.at not in known]

    async def async_put(
        self, put: Put, messages: Sequence[Message], *, dry: bool, correct: bool = False
    ) -> None:
        """Put messages into the queue, and note what became of them."""
        now = dt_util.utcnow()
        for message in messages:
            match await self._outbox.async_add(message, now, correct=correct, dry=dry):
                case Added.NEW:
                    put.messages.append(message)
                case Added.SAME:
                    put.same += 1
                case Added.CHANGED:
                    put.changed += 1


def _days(start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield the local days of a span, the first and the last as far as they lie in it."""
    begin = start
    while begin < end:
        following = begin.astimezone(zone).date() + DAY
        finish = min(datetime.combine(following, time(), zone).astimezone(UTC), end)
        yield begin, finish
        begin = finish
