"""Who ends the command of a Homevolt when Home Assistant is gone, and gives back local mode."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, override

from aiohttp import ClientSession

from ..demo.devices import HOMEVOLT, Listens
from ..demo.place import machine_place
from . import crash
from .battery import Battery, Sample
from .diary import Diary

_CHARGE: Final = 1
"""The type of a schedule that charges."""
_BACK_SECONDS: Final = 10


async def watch(folder: Path, diary: Diary) -> list[str]:
    """Kill Home Assistant, then stop it, both during a charge; return what was wrong."""
    # The ECU must have the time of Home Assistant, or it is not commanded.
    place = machine_place(datetime.now(UTC))
    subject = crash.Subject(
        device=HOMEVOLT,
        page="Homevolt",
        place=place,
        house=[
            f"--zone={place.zone}",
            f"--latitude={place.latitude}",
            f"--longitude={place.longitude}",
        ],
        watched=_Planned,
        free=holds,
    )
    return await crash.watch(subject, folder, diary)


class _Planned(Battery):
    """The battery of an ECU; what it obeys stands in its plan."""

    def __init__(
        self, session: ClientSession, control: str, listens: Listens, diary: Diary
    ) -> None:
        super().__init__(session, control, "homevolt", diary)
        self._url = f"http://{listens['host']}:{listens['port']}/schedule.json"
        self._told = diary

    @override
    async def obeys(self) -> bool:
        plan = await self.ask(self._url)
        now_s = datetime.now(UTC).timestamp()
        active = (
            one for one in plan["schedule"] if one["from"] <= now_s < one.get("to", now_s + 1)
        )
        return bool(plan["local_mode"]) and next(active, {"type": None})["type"] == _CHARGE

    @override
    async def left(self) -> list[str]:
        """Return whether local mode is still on; it may take a poll to be given back."""
        for _ in range(_BACK_SECONDS):
            if not (await self.ask(self._url))["local_mode"]:
                self._told.note("local mode is off: the partner rules again")
                return []
            await asyncio.sleep(1)
        return ["local mode is still on"]


def holds(seen: Sequence[Sample]) -> list[str]:
    """Return what is wrong with a battery whose plan was to hold it."""
    if any(one.commanded or one.power_w for one in seen):
        return ["the battery does not hold"]
    return []
