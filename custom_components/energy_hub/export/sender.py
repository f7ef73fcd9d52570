"""Empties the queue: one request at a time, in order, for as long as it takes.

A step sends at most one request and says when the next one makes sense. Whatever ends the
process between two lines of a step loses nothing: the record is marked on the disk before
it leaves, and what was being sent is sent again under the same key.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
import sqlite3
from typing import Final

from ..const import LOGGER
from .circuits import Circuits
from .client import EnrgClient
from .decide import decide
from .enrg import KIND
from .outbox import Outbox
from .pace import Jitter, Pace, jitter
from .record import Record
from .token import Token, token_of
from .verdict import Answer, Outcome, Verdict, judge

_DISK_PAUSE: Final = timedelta(minutes=1)
_DENIALS: Final = 2
_FORBIDDEN: Final = 403

type Clock = Callable[[], datetime]
type Timer = Callable[[datetime, Callable[[], None]], Callable[[], None]]
"""Calls a function at a moment; returns what calls it off."""


class Problem(StrEnum):
    """Why nothing is delivered."""

    CREDENTIAL = "invalid_auth"
    """The platform does not take the credential, or the token that it gave for it."""
    ADDRESS = "wrong_address"
    """Nobody takes values at this address."""
    UNREACHED = "cannot_connect"
    """Nobody answers, or the platform cannot now."""
    DISK = "disk"
    """The queue cannot be read or written."""


class Sender:
    """Sends what is in an outbox; `changed` is called when the queue or `problem` changed."""

    def __init__(
        self,
        outbox: Outbox,
        client: EnrgClient,
        clock: Clock,
        *,
        name: str,
        token: Token | None = None,
        changed: Callable[[], None] = lambda: None,
        factor: Jitter = jitter,
    ) -> None:
        """Prepare; nothing is sent before a step. `name` is for the log."""
        self.token = token
        """What the platform gave for the credential; to be remembered over restarts."""
        self.problem: Problem | None = None
        self.words = ""
        """What the platform said last, or what went wrong on the way to it."""
        self._outbox: Final = outbox
        self._client: Final = client
        self._clock: Final = clock
        self._name: Final = name
        self._changed: Final = changed
        self._factor: Final = factor
        self._pace = Pace(factor=factor)
        self._circuits: Final = Circuits(factor)
        self._started = False
        self._denials = 0
        self._errors_only: Final[set[str]] = set()
        self._forbidden: Final[set[str]] = set()
        self._wake: Final = asyncio.Event()

    def wake(self) -> None:
        """Look at the queue now: something was added, or a correction was made."""
        self._wake.set()

    async def run(self, timer: Timer) -> None:
        """Empty the queue for ever; ends only when it is cancelled."""
        while True:
            self._wake.clear()
            try:
                until = await self.step()
            except sqlite3.Error as err:
                self._started = False
                self._report(Problem.DISK, type(err).__name__)
                until = self._clock() + _DISK_PAUSE
            call_off = timer(until, self._wake.set) if until is not None else None
            try:
                await self._wake.wait()
            finally:
                if call_off is not None:
                    call_off()

    async def step(self) -> datetime | None:
        """Send one request if one may leave; return when the next step makes sense.

        None says that there is nothing to do until something is added. Raises
        sqlite3.Error when the disk does not work.
        """
        if not self._started:
            await self._start()
        now = self._clock()
        if (ready := self._pace.ready(now)) > now:
            return ready
        backlog_ready = self._pace.backlog_ready(now)
        backlog = backlog_ready <= now
        held = self._circuits.held(now)
        if not await self._outbox.async_is_due(now, backlog=backlog, held=held):
            due = await self._outbox.async_next_try(held) if backlog else backlog_ready
            moments = (due, self._circuits.opens(now))
            return min((one for one in moments if one is not None), default=None)
        if self.token is None or not self.token.is_fresh(now):
            await self._renew(now)
        elif record := await self._outbox.async_take(now, backlog=backlog, held=held):
            await self._send(record, self.token, now)
        return self._pace.ready(self._clock())

    async def _start(self) -> None:
        """Go on where the last run, or a disk that failed, ended."""
        await self._outbox.async_recover()
        self._pace = Pace(*await self._outbox.async_last_requests(), factor=self._factor)
        self._started = True
        if self.problem is Problem.DISK:
            self._report(None, "")

    async def _renew(self, now: datetime) -> None:
        """Ask for a token."""
        await self._outbox.async_note_request(now)
        self._pace.sent(now, backlog=False)
        answer = await self._client.create_token()
        now = self._clock()
        self.token = token_of(answer, now)
        if self.token is not None:
            self._changed()
            return
        verdict = judge(answer, 0, (), now)
        match verdict.outcome:
            case Outcome.DENIED | Outcome.REFUSED:
                self._hold(Problem.CREDENTIAL, verdict, now)
            case Outcome.MISPLACED | Outcome.TOO_LARGE:
                self._hold(Problem.ADDRESS, verdict, now)
            case _:
                self._missed(verdict, now)

    async def _send(self, record: Record, token: Token, now: datetime) -> None:
        """Send what is next of a record, and write down what became of it."""
        self._pace.sent(now, backlog=not record.live)
        answer = await self._client.send(record.slot.kind, record.body, record.key, token.value)
        now = self._clock()
        verdict = self._understood(record, answer, now)
        await self._outbox.async_settle(record, decide(record, verdict, self._factor()), now)
        self._learn(record.slot.kind, verdict, now)
        self._changed()

    def _learn(self, kind: str, verdict: Verdict, now: datetime) -> None:
        """Draw the conclusions that concern more than one record."""
        match verdict.outcome:
            case Outcome.UNREACHED if kind != KIND and (verdict.status or 0) >= 500:
                self._circuits.failed(kind, now, verdict.wait)
            case Outcome.UNREACHED:
                self._missed(verdict, now)
            case Outcome.DENIED:
                self._refuse_token(kind, verdict, now)
            case Outcome.MISPLACED:
                self._hold(Problem.ADDRESS, verdict, now)
            case Outcome.UNWANTED:
                pass
            case _:
                self._circuits.answered(kind)
                self._forbidden.discard(kind)
                # Another kind that is taken does not make the address right.
                if kind == KIND or self.problem is not Problem.ADDRESS:
                    self._reached()

    def _understood(self, record: Record, answer: Answer, now: datetime) -> Verdict:
        """Judge an answer; a platform that was found to name only errors is believed."""
        verdict, kind = judge(answer, record.slot.plant, record.devices, now), record.slot.kind
        if kind != KIND and self._is_unwanted(kind, verdict):
            return replace(verdict, outcome=Outcome.UNWANTED)
        if verdict.silent and verdict.missing:
            if record.plan[0].tries > 0:
                self._errors_only.add(kind)
            if kind in self._errors_only:
                return replace(verdict, missing=())
        return verdict

    def _is_unwanted(self, kind: str, verdict: Verdict) -> bool:
        """Return whether a kind is refused as such: a new token does not open its door."""
        forbidden = verdict.status == _FORBIDDEN and kind in self._forbidden
        return verdict.outcome is Outcome.MISPLACED or forbidden

    def _reached(self) -> None:
        """Go on at full pace: the platform takes values."""
        self._denials = 0
        self._pace.answered()
        self._report(None, "")

    def _missed(self, verdict: Verdict, now: datetime) -> None:
        self._pace.failed(now, verdict.wait)
        if self._pace.tripped:
            self._report(Problem.UNREACHED, verdict.words)

    def _refuse_token(self, kind: str, verdict: Verdict, now: datetime) -> None:
        """Get a new token, once; then somebody must look after the credential."""
        self.token = None
        if kind != KIND and verdict.status == _FORBIDDEN:
            self._forbidden.add(kind)
            return
        self._denials += 1
        if self._denials >= _DENIALS:
            self._denials = 0
            self._hold(Problem.CREDENTIAL, verdict, now)

    def _hold(self, problem: Problem, verdict: Verdict, now: datetime) -> None:
        self._pace.hold(now)
        self._report(problem, verdict.words)

    def _report(self, problem: Problem | None, words: str) -> None:
        """Say it when delivery stops or works again; one line each."""
        self.words = words
        if problem is self.problem:
            return
        if problem is None:
            LOGGER.info("Delivery to %s works again", self._name)
        else:
            LOGGER.warning("Delivery to %s stopped (%s): %s", self._name, problem, words)
        self.problem = problem
        self._changed()
