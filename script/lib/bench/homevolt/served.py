"""A simulated ECU as a program: `python -m script.lib.bench.homevolt.served SETUP SPEED START`.

It prints its port; then, for every line that it is sent, which documents were asked for since.
"""

import asyncio
from datetime import datetime, timedelta
import sys

from simulator.clock import RunningClock
from simulator.homevolt import Homevolt
from simulator.world import House

from .. import apart
from .setups import SETUPS


async def serve(setup: str, speed: float, start: datetime) -> None:
    """Serve from a time on until there is nobody any more who could ask."""
    profile = SETUPS[setup]()
    house = House(profile.house, start - timedelta(days=1), fine_from=start)
    # Nobody shall wait for the day before, and the clock begins after it.
    house.truth(start)
    device = Homevolt(house, RunningClock(start, speed), profile.device)

    def take() -> list[str]:
        paths = [one.path for one in device.requests]
        device.requests.clear()
        return paths

    await apart.serve(await device.start(), take)
    await device.stop()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
