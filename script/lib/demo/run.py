"""The demo from its start to its end."""

from asyncio import TaskGroup
from contextlib import AsyncExitStack
from datetime import datetime
import time
from typing import Final
from zoneinfo import ZoneInfo

from aiohttp import ClientSession

from . import house, simulator
from .api import HomeAssistant
from .child import Child, running
from .core import home_assistant
from .devices import DEVICES, METER, Listens
from .memory import Memory
from .options import Options
from .paths import FOLDER, HOME_ASSISTANT_LOG, MEMORY
from .place import Place
from .ports import HOST
from .say import say
from .served import Served, bring_entries

_RESTART: Final = 100
"""With this exit code Home Assistant asks to be started again."""


class Demo:
    """One run; the programs that it starts end with it."""

    def __init__(self, options: Options, memory: Memory, place: Place) -> None:
        """Take what the demo was asked for and what earlier starts left behind."""
        self._options = options
        self._memory = memory
        self._place = place
        self._stack = AsyncExitStack()
        self._watchers = TaskGroup()

    async def run(self) -> None:
        """Start everything and watch over it until this is cancelled; then stop everything.

        Raises a group with a DemoError when a program of ours ends or does not start.
        """
        began = time.monotonic()
        now = datetime.now(ZoneInfo(self._place.zone))
        say(f"the home stands in the time zone {self._place.zone}, where it is {now:%H:%M}")
        async with self._stack, self._watchers:
            served = await self._serve()
            self._memory.save(MEMORY)
            address = f"http://{HOST}:{self._options.port}"
            await self._start_home_assistant(address, served)
            say(f"ready after {time.monotonic() - began:.0f} s: {address}")
            if self._options.simulator:
                control = f"http://{HOST}:{self._memory.ports['control']}"
                say(f"what is true in the simulated house: {control}/truth")
            say(f"the log is {HOME_ASSISTANT_LOG}; Ctrl-C stops everything")

    async def _serve(self) -> list[Served]:
        """Start what the options ask for; return the devices that answer."""
        served: list[Served] = []
        if self._options.simulator and self._memory.house:
            say("starting the simulated house")
            program = simulator.house(self._memory.house, self._memory.ports)
            listens = await self._start_simulator(program)
            served += [Served(one.name, one.title, one, listens[one.name]) for one in DEVICES]
        if self._options.replay:
            say(f"starting a meter that sends the telegrams of {self._options.replay}")
            program = simulator.replay(self._options.replay, self._memory.ports)
            where = (await self._start_simulator(program))[METER.name]
            key = simulator.replay_name(self._options.replay)
            # Beside a simulated house this is somebody else's meter.
            in_dashboard = not self._options.simulator
            served.append(Served(key, "replayed meter", METER, where, in_dashboard))
        return served

    async def _start_simulator(self, program: Child) -> dict[str, Listens]:
        await self._stack.enter_async_context(running(program))
        listens = await simulator.listening(program)
        self._watchers.create_task(program.watch())
        return listens

    async def _start_home_assistant(self, address: str, served: list[Served]) -> None:
        say("starting Home Assistant")
        program = home_assistant(FOLDER)
        await self._stack.enter_async_context(running(program))
        self._watchers.create_task(program.watch(restarts=_RESTART.__eq__))
        async with ClientSession() as session:
            home = HomeAssistant(session, address)
            await home.open()
            await bring_entries(home, served, self._memory)
            if self._options.simulator:
                control = f"http://{HOST}:{self._memory.ports['control']}"
                weather = f"http://{HOST}:{self._memory.ports[simulator.WEATHER]}"
                await house.bring(home, self._memory, control, weather)
