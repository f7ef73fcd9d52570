"""Kills the exporter again and again, whatever it is doing, and counts what arrives at ENRG.

Each life adds messages to the queue and delivers from it, on a clock that runs fast, to a
platform that is up, down, flapping or loses its answers. In the end every slot must be
stored exactly once, none lost, none invented, the pace kept, and no secret in the log.
"""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
import multiprocessing
from pathlib import Path
import random
import time
from typing import Final

from simulator.enrg import EnrgFault, EnrgService

from .diary import Diary
from .enrg_life import Life, live, messages

_KILLS: Final = 50
"""Of each platform."""
_SLOTS_A_KILL: Final = 1.5
_LONGEST_LIFE_S: Final = 0.5
_JUST_S: Final = 0.01
_PATIENCE_S: Final = 60
_WINDOW: Final = timedelta(minutes=1)
# At least a second apart, and as much as a kill and the way to the platform can shift.
_MOST_A_WINDOW: Final = 60 + 2
_WAYS: Final = (
    None,
    None,
    EnrgFault.REFUSE,
    EnrgFault.RESET,
    EnrgFault.ANSWER_LOST,
    EnrgFault.FLAPPING,
    EnrgFault.UNAVAILABLE,
    EnrgFault.TOKEN_EXPIRED,
)
_KEEPS: Final = (EnrgFault.STORE_TWICE, EnrgFault.KEY_IGNORED)
"""A platform that stores everything but knows keys; one that knows devices and times only."""


async def watch(folder: Path, diary: Diary) -> list[str]:
    """Kill fifty times before each platform; return what was wrong."""
    wrong = []
    for keeps in _KEEPS:
        place = folder / keeps
        place.mkdir()
        campaign = Campaign(place, keeps, _KILLS)
        wrong += await campaign.run()
        diary.note(f"{keeps}: {campaign.told()}")
    return wrong


class Campaign:
    """Lives and deaths of one exporter before one platform."""

    def __init__(self, folder: Path, keeps: EnrgFault, kills: int, seed: int = 1) -> None:
        """Prepare; nothing is started before `run`."""
        self._folder: Final = folder
        self._keeps: Final = keeps
        self._kills: Final = kills
        self._random: Final = random.Random(seed)  # noqa: S311 - no secret
        self._context: Final = multiprocessing.get_context("forkserver")
        # The lives after the first start in milliseconds.
        self._context.set_forkserver_preload([live.__module__])
        self._slots: Final = max(4, round(kills * _SLOTS_A_KILL))
        self._zero_s: Final = time.time()
        self._life = Life(folder, "", "", self._zero_s, self._slots)
        self.service: Final = EnrgService(self._life.clock)

    async def run(self) -> list[str]:
        """Kill, then let one life finish the work; return what was wrong."""
        url = await self.service.start()
        try:
            await self.service.faults.set(self._keeps, True)
            credential = self.service.config.credential
            self._life = Life(self._folder, url, credential, self._zero_s, self._slots)
            for _ in range(self._kills):
                await self._choose_way()
                async with self._living():
                    await self._moment()
            await self._choose_way(None)
            async with self._living():
                wrong = await self._finish()
            return wrong + await asyncio.to_thread(self._judge)
        finally:
            await self.service.stop()

    def told(self) -> str:
        """Return what happened, in numbers."""
        calls = self.service.values_calls
        good = sum(call.status == 200 for call in calls)
        rows = len(self.service.archive.of_kind("device"))
        return f"{self._kills} kills, {len(calls)} sendings, {good} answered, {rows} rows stored"

    @asynccontextmanager
    async def _living(self) -> AsyncIterator[None]:
        """Start a life; it ends with SIGKILL."""
        process = self._context.Process(target=live, args=(self._life,), daemon=True)
        await asyncio.to_thread(process.start)
        try:
            yield
        finally:
            process.kill()
            await asyncio.to_thread(process.join)

    async def _moment(self) -> None:
        """Wait for any moment, or for one at which a request has just come."""
        if self._random.random() < 0.5:
            await asyncio.sleep(self._random.uniform(0, _LONGEST_LIFE_S))
            return
        wanted = len(self.service.calls) + self._random.randint(1, 4)
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * _LONGEST_LIFE_S):
                await self.service.wait_for_calls(wanted)
                await asyncio.sleep(self._random.uniform(0, _JUST_S))

    async def _choose_way(self, *ways: EnrgFault | None) -> None:
        for fault in _WAYS:
            if fault is not None:
                await self.service.faults.set(fault, False)
        way = self._random.choice(ways or _WAYS)
        if way is not None:
            await self.service.faults.set(way, True)

    async def _finish(self) -> list[str]:
        """Wait until everything has arrived; return what is wrong when it does not."""
        wanted = self._expected().keys()
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            if wanted <= self._stored().keys():
                return []
            await asyncio.sleep(0.05)
        return [f"not everything arrived in {_PATIENCE_S} s"]

    def _expected(self) -> Counter[tuple[str, str]]:
        """Return each device and time that must be stored."""
        return Counter(
            (device["ID_DEVICE"], device["DATE"])
            for one in messages(self._slots)
            for device in one.payload["INFORMATION_MICRO_INVERTERS"]
        )

    def _stored(self) -> Counter[tuple[str, str]]:
        """Return how often each device and time is stored."""
        return Counter((row.id, row.date) for row in self.service.archive.of_kind("device"))

    def _judge(self) -> list[str]:
        expected, stored = self._expected(), self._stored()
        wrong = {
            "lost": expected.keys() - stored.keys(),
            "invented": stored.keys() - expected.keys(),
            "stored more than once": {one for one, count in stored.items() if count > 1},
        }
        told = [f"{len(found)} {what}: {min(found)} ..." for what, found in wrong.items() if found]
        return [*told, *self._judge_pace(), *self._judge_log()]

    def _judge_pace(self) -> list[str]:
        """Return what is wrong with how fast requests came."""
        times = [call.time for call in self.service.calls]
        most = max(bisect_left(times, at + _WINDOW) - place for place, at in enumerate(times))
        return [f"{most} requests within a minute"] if most > _MOST_A_WINDOW else []

    def _judge_log(self) -> list[str]:
        """Return which secrets the exporter has told its log."""
        log = (self._folder / "exporter.log").read_text(encoding="utf-8")
        secrets = {self.service.config.credential, *self.service.tokens.given}
        found = sum(secret in log for secret in secrets)
        return [f"{found} secrets in the log"] if found else []
