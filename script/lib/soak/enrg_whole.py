"""Kills a whole Home Assistant again and again while it delivers a day of a fleet to ENRG.

The platform flaps, loses its answers, or is away. In the end every slot of the day must be
stored exactly once, none lost, none invented, the pace kept, and no secret in the log.
"""

import asyncio
from collections import Counter
from collections.abc import Collection
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import random
import sys
from typing import Any, Final

from aiohttp import ClientSession

from ..demo import enrg, entries, simulator
from ..demo.api import HomeAssistant
from ..demo.child import Child, running
from ..demo.config_files import write_config
from ..demo.core import home_assistant
from ..demo.devices import ENRG, HOYMILES, Device, Listens
from ..demo.place import machine_place
from ..demo.ports import HOST, assign
from ..demo.say import DemoError
from ..demo.wait import until
from .diary import Diary

_EXPORT: Final = "/api/services/energy_hub/enrg_export?return_response"
_LIFE_S: Final = (10.0, 60.0)
"""How long it lives once it is there."""
_START_S: Final = (1.0, 15.0)
"""How long it lives when it is killed during its start: while the platform is closed."""
_EARLY: Final = 3
_WRITTEN_S: Final = 3
"""Home Assistant writes a new entry down after a second; killed before, it has none."""
_PATIENCE_S: Final = 900
_MOST_A_MINUTE: Final = 60 + 2
"""At least a second apart, and what a kill and the way to the platform can shift."""
_STORES: Final = "store_twice"
"""It stores whatever comes under a key that it does not know."""
_WELL: Final = ""
_CLOSED: Final = "refuse"
"""Its port is closed: whoever tests is not told anything either."""
_WAYS: Final = ("flapping", _WELL, "answer_lost", _CLOSED, _WELL)
"""What the platform is like before each kill."""

type Rows = Counter[tuple[str, str]]
"""How often a device is stored, or must be, at a time."""


async def watch(folder: Path, diary: Diary) -> list[str]:
    """Kill five times, let one life finish; return what was wrong."""
    place = machine_place(datetime.now(UTC))
    command = [sys.executable, "-m", "simulator", "--json", f"--zone={place.zone}"]
    house = Child("the simulated house", command, folder / "simulator.log")
    port = assign({}, "page")
    write_config(folder, place, port)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        await stack.enter_async_context(running(house))
        listens = await simulator.listening(house)
        scene = _Scene(folder, session, listens, HomeAssistant(session, f"http://{HOST}:{port}"))
        await stack.enter_async_context(running(scene.program))
        expected = await scene.prepare()
        diary.note(f"{expected.total()} rows of a day wait, killing begins")
        dice = random.Random(1)  # noqa: S311 - no secret
        for number, way in enumerate(_WAYS):
            early = number == _EARLY
            if number:
                await scene.start(wait=not early)
            await scene.kill(way, dice.uniform(*(_START_S if early else _LIFE_S)))
            told = "" if way == _CLOSED else f", {(await scene.stored()).total()} rows are stored"
            diary.note(f"killed {number + 1} times, {way or 'well'}{told}")
        await scene.finish(expected)
        diary.note("everything has arrived" if expected <= await scene.stored() else "gave up")
        return [*judge(expected, await scene.stored()), *await scene.judge()]


class _Scene:
    """A Home Assistant that delivers, and the platform that it delivers to."""

    def __init__(
        self,
        folder: Path,
        session: ClientSession,
        listens: dict[str, Listens],
        home: HomeAssistant,
    ) -> None:
        self.program = home_assistant(folder)
        self._folder = folder
        self._session = session
        self._listens = listens
        self._home = home
        self._entry_id = ""

    async def prepare(self) -> Rows:
        """Add fleet and destination; return the rows of the day that is queued."""
        await self._home.open()
        await self._add(HOYMILES)
        self._entry_id = await self._add(ENRG)
        await enrg.choose(self._home, self._entry_id, interval="15")
        await self._set(_STORES, on=True)
        await self._set(_CLOSED, on=True)
        end = datetime.now(UTC) - timedelta(hours=1)
        span = {
            "config_entry_id": self._entry_id,
            "start": (end - timedelta(days=1)).isoformat(),
            "end": end.isoformat(),
        }
        told = (await self._home.post(_EXPORT, {**span, "dry_run": True}))["service_response"]
        await self._home.post(_EXPORT, span)
        await asyncio.sleep(_WRITTEN_S)
        return Counter(
            (device["ID_DEVICE"], device["DATE"])
            for plant in told["plants"]
            for payload in plant["payloads"]
            for device in payload["INFORMATION_MICRO_INVERTERS"]
        )

    async def start(self, *, wait: bool) -> None:
        """Start it again; with `wait` return when it is there."""
        await self.program.start()
        if wait:
            await self._home.open()

    async def kill(self, way: str, seconds: float) -> None:
        """Let it live for so long before a platform that is like that, then kill it."""
        await self._choose(way)
        await asyncio.sleep(seconds)
        await self.program.kill()

    async def finish(self, expected: Rows) -> None:
        """Let one life before a platform that is well deliver the rest, for a quarter at most."""
        await self._choose(_WELL)
        await self.start(wait=True)
        try:
            await until(self.stored, lambda stored: expected <= stored, _PATIENCE_S)
        except TimeoutError:
            return

    async def stored(self) -> Rows:
        """Return how often each device is stored at a time; nothing while nobody answers."""
        told = await self._told()
        return Counter((row["id"], row["date"]) for row in told["rows"])

    async def judge(self) -> list[str]:
        """Return what is wrong with how it was delivered."""
        told, found = await self._told(), []
        if told["most_a_minute"] > _MOST_A_MINUTE:
            found.append(f"{told['most_a_minute']} requests within a minute")
        if told["most_at_once"] > 1:
            found.append(f"{told['most_at_once']} requests at once")
        log = "".join(
            one.read_text(encoding="utf-8", errors="replace")
            for one in (self._folder / "home-assistant.log", self.program.output)
            if one.exists()
        )
        memory = self._folder / ".storage" / f"energy_hub.{self._entry_id}.memory"
        token = json.loads(memory.read_text(encoding="utf-8"))["data"]["token"]["value"]
        secrets = (token, str(self._listens[ENRG.name]["credential"]))
        return [*found, *("a secret is in the log" for one in secrets if one in log)]

    async def _told(self) -> dict[str, Any]:
        """Return what the platform tells of itself, with its door open for that."""
        url = self._listens[ENRG.name]["url"]
        control = f"http://{HOST}:{self._listens['control']['port']}"
        async with self._session.get(f"{control}/faults") as answer:
            closed = (await answer.json())[ENRG.name][_CLOSED]
        if closed:
            return {"rows": []}
        async with self._session.get(f"{url}/simulator") as answer:
            told: dict[str, Any] = await answer.json()
        return told

    async def _add(self, device: Device) -> str:
        """Add an entry, and wait until it is loaded."""
        entry_id = await entries.create(self._home, device, self._listens[device.name])
        if reason := await entries.settled(self._home, entry_id):
            raise DemoError(f"the entry is not loaded: {reason}")
        return entry_id

    async def _choose(self, way: str) -> None:
        for fault in {*_WAYS} - {_WELL}:
            await self._set(fault, on=fault == way)

    async def _set(self, fault: str, *, on: bool) -> None:
        control = f"http://{HOST}:{self._listens['control']['port']}"
        url = f"{control}/faults/{ENRG.name}/{fault}"
        async with self._session.put(url, json={"on": on}) as answer:
            answer.raise_for_status()


def judge(expected: Rows, stored: Rows) -> list[str]:
    """Return what is wrong with what is stored; of days that go on only what was expected."""
    last = max(date for _, date in expected)
    wrong: dict[str, Collection[tuple[str, str]]] = {
        "lost": expected.keys() - stored.keys(),
        "invented": {one for one in stored if one[1] <= last} - expected.keys(),
        "stored more than once": {one for one, count in stored.items() if count > 1},
    }
    return [f"{len(found)} {what}: {min(found)} ..." for what, found in wrong.items() if found]
