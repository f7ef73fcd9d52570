"""Who ends the command of a battery when Home Assistant is gone.

Killed, it can release nothing: the device must end the command at the end that it was told.
Stopped in order, it must release the battery before it goes.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
import sys
from typing import Any, Final

from aiohttp import ClientSession

from ..demo import entries, simulator
from ..demo.api import HomeAssistant
from ..demo.child import Child, running
from ..demo.config_files import write_config
from ..demo.core import home_assistant
from ..demo.devices import Device, Listens
from ..demo.place import Place
from ..demo.ports import HOST, assign
from ..demo.say import DemoError
from .battery import Battery, Sample
from .diary import Diary

_OPTIONS: Final = "/api/config/config_entries/options/flow"
_CHARGE: Final = "/api/services/energy_hub/battery_charge?return_response"
_POWER_W: Final = 1000
_MINUTE_SECONDS: Final = 60
_SETTLE_SECONDS: Final = 10
_WRITTEN_SECONDS: Final = 3
"""Home Assistant writes a new entry down after a second; killed before, it has none."""
_LATE_SECONDS: Final = 3
"""How late a release may be seen: steps of a second, and the time between two looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A battery that is commanded, and how it is watched."""

    device: Device
    page: str
    """The name of the device page that the command goes to."""
    place: Place
    """Where the house of Home Assistant stands."""
    house: Sequence[str]
    """How the simulated house is started."""
    watched: Callable[[ClientSession, str, Listens, Diary], Battery]
    """Makes the one who looks: behind a control port, at what listens there."""
    free: Callable[[Sequence[Sample]], list[str]]
    """Returns what is wrong with what a battery does that nobody commands."""


async def watch(subject: Subject, folder: Path, diary: Diary) -> list[str]:
    """Kill Home Assistant, then stop it, both during a charge; return what was wrong."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        house = Child(
            "the simulated house",
            [sys.executable, "-m", "simulator", "--json", *subject.house],
            folder / "simulator.log",
        )
        await stack.enter_async_context(running(house))
        listens = await simulator.listening(house)
        control = f"http://{HOST}:{listens['control']['port']}"
        where = listens[subject.device.name]
        battery = subject.watched(session, control, where, diary)
        scene = _Scene(subject, folder, session, battery, diary)
        await stack.enter_async_context(running(scene.program))
        await scene.prepare(where)
        return [*await scene.crash(), *await scene.come_back(), *await scene.stop()]


class _Scene:
    """A Home Assistant with the device under control, and the battery behind it."""

    def __init__(
        self,
        subject: Subject,
        folder: Path,
        session: ClientSession,
        battery: Battery,
        diary: Diary,
    ) -> None:
        port = assign({}, "page")
        write_config(folder, subject.place, port)
        self.program = home_assistant(folder)
        self._subject = subject
        self._home = HomeAssistant(session, f"http://{HOST}:{port}")
        self._battery = battery
        self._diary = diary
        self._entry_id = ""

    async def prepare(self, listens: Listens) -> None:
        """Add the device and allow its control, as a user does."""
        await self._home.open()
        self._entry_id = await entries.create(self._home, self._subject.device, listens)
        await self._settle()
        form = await self._home.post(_OPTIONS, {"handler": self._entry_id})
        options = {"interval": 10, "control": True}
        await self._home.post(f"{_OPTIONS}/{form['flow_id']}", options)
        await self._settle()
        await asyncio.sleep(_WRITTEN_SECONDS)
        self._diary.note(f"the {self._subject.device.title} is added, control is allowed")

    async def crash(self) -> list[str]:
        """Kill Home Assistant during a charge of a minute; return what was wrong."""
        told_s = await self._charge(minutes=1)
        await self.program.kill()
        self._diary.note("Home Assistant is killed (SIGKILL)")
        seen = await self._battery.watch(_free, _MINUTE_SECONDS + 2 * _SETTLE_SECONDS)
        return ended_by_itself(seen, told_s + _MINUTE_SECONDS) + await self._stays_free()

    async def come_back(self) -> list[str]:
        """Start Home Assistant again; return what it did not put right."""
        await self.program.start()
        await self._home.open()
        await self._settle()
        self._diary.note("Home Assistant is started again")
        return await self._battery.left()

    async def stop(self) -> list[str]:
        """Stop Home Assistant in order during a charge of ten minutes; return what was wrong."""
        await self._charge(minutes=10)
        before = await self._battery.look()
        self._diary.note("Home Assistant is stopped (SIGTERM)")
        stopping = asyncio.create_task(self.program.stop())
        seen = await self._battery.watch(_free, 3 * _SETTLE_SECONDS)
        await stopping
        self._diary.note("Home Assistant has ended")
        wrong = released_at_once([before, *seen]) + await self._battery.left()
        return wrong + await self._stays_free()

    async def _stays_free(self) -> list[str]:
        """Look on for a while after a command; return what is wrong."""
        seen = await self._battery.watch(lambda _: False, _SETTLE_SECONDS)
        self._diary.note(f"{_SETTLE_SECONDS} s later it gives {seen[-1].power_w:+d} W")
        return self._subject.free(seen)

    async def _charge(self, minutes: int) -> float:
        """Charge for some minutes, see that it does; return when it was told to."""
        registry: list[Any] = await self._home.command("config/device_registry/list")
        device = next(one["id"] for one in registry if one["name"] == self._subject.page)
        data = {"device_id": device, "power": _POWER_W, "duration": {"minutes": minutes}}
        told_s = self._diary.now_s
        answer = await self._home.post(_CHARGE, data)
        self._diary.note(f"battery_charge for {minutes} min: {answer['service_response'][device]}")
        await self._battery.watch(_charges, _SETTLE_SECONDS)
        return told_s

    async def _settle(self) -> None:
        """Wait until the entry is loaded."""
        if reason := await entries.settled(self._home, self._entry_id):
            raise DemoError(f"the entry is not loaded: {reason}")


def _free(sample: Sample) -> bool:
    return not sample.commanded


def _charges(sample: Sample) -> bool:
    return sample.commanded and sample.power_w == -_POWER_W


def ended_by_itself(seen: Sequence[Sample], end_s: float) -> list[str]:
    """Return what is wrong with a command that was to go on to its end, with nobody there."""
    *before, last = seen
    if not before or not all(_charges(one) for one in before):
        return ["the battery did not go on charging after the kill"]
    if last.commanded:
        return ["the battery still obeys the command of a Home Assistant that is gone"]
    if abs(last.at_s - end_s) > _LATE_SECONDS:
        return [f"the command ended {last.at_s - end_s:+.1f} s from the end that was told"]
    return []


def released_at_once(seen: Sequence[Sample]) -> list[str]:
    """Return what is wrong with a command that an orderly stop was to take back.

    The first sample is the one before the stop.
    """
    first, last = seen[0], seen[-1]
    if not _charges(first):
        return ["the battery did not charge when Home Assistant was stopped"]
    if last.commanded or last.at_s - first.at_s > _LATE_SECONDS:
        return [f"the battery was not released within {_LATE_SECONDS} s of the stop"]
    return []
