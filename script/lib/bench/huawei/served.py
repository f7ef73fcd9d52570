"""A simulated inverter as a program: `python -m script.lib.bench.huawei.served SETUP SPEED`.

It prints its port; then, for every line that it is sent, which words were asked of it since.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import sys
from typing import Final

from simulator.clock import RunningClock
from simulator.huawei import Sun2000
from simulator.world import House

from .. import apart
from .setups import SETUPS

START: Final = datetime(2026, 6, 17, 10, 0, tzinfo=UTC)
"""What its clock shows at first: about noon, so that everything is in motion."""
_EVE: Final = START - timedelta(days=1)
_REPLY_SECONDS: Final = 0.02


async def serve(setup: str, speed: float) -> None:
    """Serve until there is nobody any more who could ask."""
    profile = SETUPS[setup].profile()
    clock = RunningClock(START, speed)
    house = House(profile.house, _EVE, fine_from=START)
    # Nobody shall wait for the day before.
    house.truth(START)
    device = Sun2000(house, clock, replace(profile.device, reply_s=_REPLY_SECONDS))

    def take() -> list[list[int]]:
        reads = [[one.address, one.count] for one in device.requests]
        device.requests.clear()
        return reads

    await apart.serve(await device.start(), take)
    await device.stop()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2])))
