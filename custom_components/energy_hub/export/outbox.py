"""The queue as the event loop uses it: every act in the executor, none of them in the way."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
import sqlite3
from typing import Any, Concatenate, Final, Self

from . import queue, status, upkeep
from .decide import Decision
from .queue import Added
from .record import Message, Record, State
from .store import Store, remove

type Run = Callable[..., Awaitable[Any]]
"""Runs a function with arguments in the executor: `hass.async_add_executor_job`."""


class Outbox:
    """The queue of one destination. Every method raises sqlite3.Error when the disk does not."""

    def __init__(self, store: Store, run: Run) -> None:
        """Use an open file; see `async_open`."""
        self._store: Final = store
        self._run: Final = run

    @classmethod
    async def async_open(cls, path: Path, target: str, run: Run) -> Self:
        """Open the queue; what was on its way when the last run ended waits again."""
        return cls(await run(Store, path, target), run)

    @property
    def replaced(self) -> bool:
        """Whether the file could not be read and an empty one took its place."""
        return self._store.replaced

    async def async_add(
        self, message: Message, now: datetime, *, correct: bool = False, dry: bool = False
    ) -> Added:
        """Put a message into the queue (see `queue.add`)."""
        return await self._do(queue.add, message, now, correct=correct, dry=dry)

    async def async_is_due(
        self, now: datetime, *, backlog: bool, held: Collection[str] = ()
    ) -> bool:
        """Return whether there is something to be sent now, of kinds that are not held back."""
        return await self._do(queue.is_due, now, backlog=backlog, held=held)

    async def async_take(
        self, now: datetime, *, backlog: bool, held: Collection[str] = ()
    ) -> Record | None:
        """Return what must be sent now, marked as on its way (see `queue.take`)."""
        return await self._do(queue.take, now, backlog=backlog, held=held)

    async def async_settle(self, record: Record, decision: Decision, now: datetime) -> None:
        """Write down what became of a record."""
        await self._do(queue.settle, record, decision, now)

    async def async_note_request(self, now: datetime) -> None:
        """Remember that a request without values leaves now."""
        await self._do(queue.note_request, now)

    async def async_recover(self) -> None:
        """Let what was being sent wait again: the sender starts anew."""
        await self._do(queue.recover)

    async def async_next_try(self, held: Collection[str] = ()) -> datetime | None:
        """Return when the first of the records that wait is due (see `queue.next_try`)."""
        return await self._do(queue.next_try, held)

    async def async_last_requests(self) -> tuple[datetime | None, datetime | None]:
        """Return when a request left last, and when one of the backlog did."""
        return await self._do(status.last_requests)

    async def async_summary(self, midnight: datetime) -> status.Summary:
        """Return the queue in numbers; today begins at `midnight`."""
        return await self._do(status.summary, midnight)

    async def async_refusals(self) -> list[status.Refusal]:
        """Return what was refused last, the newest first."""
        return await self._do(status.refusals)

    async def async_slots(
        self, kind: str, plant: int, start: datetime, end: datetime, *, dry: bool = False
    ) -> list[datetime]:
        """Return the slots of a plant that are in the queue or were delivered.

        With `dry` those too that were only built to be looked at.
        """
        return await self._do(status.slots, kind, plant, start, end, dry=dry)

    async def async_states(
        self, kind: str, plant: int, start: datetime, end: datetime
    ) -> dict[State, int]:
        """Return how many slots of a plant in a span are in which state."""
        return await self._do(status.states, kind, plant, start, end)

    async def async_behind(
        self, kind: str, plant: int, since: datetime, limit: datetime
    ) -> datetime | None:
        """Return from when on a plant was not looked at (see `status.behind`)."""
        return await self._do(status.behind, kind, plant, since, limit)

    async def async_caught_up(self, plant: int, until: datetime) -> None:
        """Forget that a plant was not looked at (see `status.caught_up`)."""
        await self._do(status.caught_up, plant, until)

    async def async_reached(self, kind: str) -> datetime | None:
        """Return up to when a kind was put in (see `status.reached`)."""
        return await self._do(status.reached, kind)

    async def async_reach(self, kind: str, until: datetime | None) -> None:
        """Remember up to when a kind was put in; with None forget it."""
        await self._do(status.reach, kind, until)

    async def async_tidy(self, now: datetime, retention: timedelta) -> None:
        """Give up what is too old and delete what is not needed, bit by bit."""
        while await self._do(upkeep.tidy, now, retention):
            pass

    async def async_retry_refused(
        self, now: datetime, plants: Collection[int] | None = None
    ) -> int:
        """Let what was refused wait again; return how many records."""
        records = 0
        while batch := await self._do(upkeep.retry_refused, now, plants):
            records += batch
        return records

    async def async_purge(
        self, states: Collection[State], plants: Collection[int] | None = None
    ) -> int:
        """Delete the records in these states; return how many."""
        return await self._do(upkeep.purge, states, plants)

    async def async_give_up_others(self, plants: Collection[int], kinds: Collection[str]) -> None:
        """Give up what waits of other plants or kinds: nobody wants it sent any more."""
        await self._do(upkeep.give_up_others, plants, kinds)

    async def async_forget_dropped(self) -> None:
        """Forget how many records were given up: somebody has been told."""
        await self._do(upkeep.forget_dropped)

    async def async_close(self) -> None:
        """Close the file; what is in it stays."""
        await self._run(self._store.close)

    async def _do[**ArgsT, ResultT](
        self,
        act: Callable[Concatenate[sqlite3.Connection, ArgsT], ResultT],
        *args: ArgsT.args,
        **kwargs: ArgsT.kwargs,
    ) -> ResultT:
        result: ResultT = await self._run(partial(self._store.do, act, *args, **kwargs))
        return result


async def async_remove(path: Path, run: Run) -> None:
    """Delete the queue of a destination that is gone."""
    await run(remove, path)
