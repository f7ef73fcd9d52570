"""A simulated gateway as a program: `... enphase.served INVERTERS SPEED START`.

It prints its port; then, for every line that it is sent, which paths were asked for since.
"""

import asyncio
from datetime import datetime, timedelta
import sys
from typing import Final

from simulator.clock import RunningClock
from simulator.envoy import Envoy
from simulator.envoy.profiles import crowd
from simulator.envoy.token import issue
from simulator.world import House

from .. import apart

SERIAL: Final = crowd(1).device.serial
_KEY: Final = b"of a gateway that is only measured"


def token(at: datetime) -> str:
    """Return a token that the gateway takes from this time on, for a year."""
    return issue(_KEY, SERIAL, at)


async def serve(inverters: int, speed: float, start: datetime) -> None:
    """Serve from a time on until there is nobody any more who could ask."""
    profile = crowd(inverters)
    house = House(profile.house, start - timedelta(days=1), fine_from=start)
    # Nobody shall wait for the day before, and the clock begins after it.
    house.truth(start)
    envoy = Envoy(house, RunningClock(start, speed), profile.device, key=_KEY)

    def take() -> list[str]:
        paths = [one.path for one in envoy.requests]
        envoy.requests.clear()
        return paths

    await apart.serve(await envoy.start(), take)
    await envoy.stop()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), datetime.fromisoformat(sys.argv[3])))
