"""The battery of the simulated house, as the control port tells of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientSession

from .diary import Diary

_PAUSE_SECONDS: Final = 0.25
_NOTE_SECONDS: Final = 15


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment of the battery: power in W (+ discharge); whether it obeys a command."""

    at_s: float
    power_w: int
    commanded: bool


class Battery:
    """Looks at one battery and writes down what changes."""

    def __init__(self, session: ClientSession, control: str, name: str, diary: Diary) -> None:
        """Look at the battery of this name behind a control port, as in http://127.0.0.1:1."""
        self._session = session
        self._control = control
        self._name = name
        self._diary = diary
        self._noted: Sample | None = None

    async def look(self) -> Sample:
        """Return how it is now."""
        commanded = await self.obeys()
        truth = (await self.ask(f"{self._control}/truth"))["batteries"][self._name]
        return Sample(self._diary.now_s, truth["power_w"], commanded)

    async def obeys(self) -> bool:
        """Return whether it obeys a command."""
        return (await self.ask(f"{self._control}/commands"))[self._name] is not None

    async def left(self) -> list[str]:
        """Return what is still as a command made it, where one of ours has ended."""
        return []

    async def watch(self, until: Callable[[Sample], bool], seconds: float) -> Sequence[Sample]:
        """Look until something is so, or for so long; return everything that was seen."""
        samples: list[Sample] = []
        end_s = self._diary.now_s + seconds
        while self._diary.now_s < end_s:
            sample = await self.look()
            self._note(sample)
            samples.append(sample)
            if until(sample):
                break
            await asyncio.sleep(_PAUSE_SECONDS)
        return samples

    def _note(self, sample: Sample) -> None:
        """Write down what changed, and once in a while that nothing did."""
        noted = self._noted
        if (
            noted is not None
            and noted.commanded == sample.commanded
            and sample.at_s - noted.at_s < _NOTE_SECONDS
        ):
            return
        self._noted = sample
        does = "obeys a command" if sample.commanded else "obeys no command"
        self._diary.note(f"the battery {does}, {sample.power_w:+d} W")

    async def ask(self, url: str) -> Any:
        """Return a document of the simulated house."""
        async with self._session.get(url) as answer:
            answer.raise_for_status()
            return await answer.json()
