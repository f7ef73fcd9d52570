"""Who ends the command of a SUN2000's battery when Home Assistant is gone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ..demo.devices import INVERTER
from ..demo.place import machine_place
from . import crash
from .battery import Battery, Sample
from .diary import Diary

# An early morning in spring: by itself the battery discharges, and it has room to charge.
_MORNING: Final = "2026-05-04T04:00:00+00:00"


async def watch(folder: Path, diary: Diary) -> list[str]:
    """Kill Home Assistant, then stop it, both during a charge; return what was wrong."""
    subject = crash.Subject(
        device=INVERTER,
        page="Battery",
        place=machine_place(datetime.now(UTC)),
        house=[f"--start={_MORNING}"],
        watched=lambda session, control, _, diary: Battery(session, control, "luna", diary),
        free=follows_house,
    )
    return await crash.watch(subject, folder, diary)


def follows_house(seen: Sequence[Sample]) -> list[str]:
    """Return what is wrong with a battery that was to supply a house without sun."""
    if any(one.commanded for one in seen) or seen[-1].power_w < 0:
        return ["the battery is not back in self-consumption"]
    return []
