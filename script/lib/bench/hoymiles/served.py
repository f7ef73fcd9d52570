"""A cloud with many plants: `python -m script.lib.bench.hoymiles.served PLANTS INVERTERS`.

It prints its address; then, for every line that it is sent, which is the time that its clock
shall show, how many calls there were since the line before.
"""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
import json
import sys

from simulator.hoymiles import HoymilesCloud, Password, fleet
from simulator.world import House, mixed_house

from .times import START


class _Clock:
    """A clock that is set."""

    now = START

    def __call__(self) -> datetime:
        return self.now


def _house() -> House:
    """Return a house whose panels every plant has more of; nobody waits for the rest of it."""
    config = mixed_house()
    arrays = tuple(one for one in config.arrays if one.id == "hoymiles")
    bare = replace(config, arrays=arrays, batteries=(), inverters=(), heat_pump=False, car=False)
    return House(bare, START - timedelta(days=2), fine_from=START + timedelta(days=9))


async def serve(plants: int, inverters: int) -> None:
    """Serve until there is nobody any more who could ask."""
    clock = _Clock()
    config = replace(fleet(plants, inverters), hash=Password.DOTTED)
    cloud = HoymilesCloud(_house(), clock, config)
    url = await cloud.start()
    _say({"url": url, "username": config.username, "password": config.password})
    while line := await asyncio.to_thread(sys.stdin.readline):
        clock.now = datetime.fromisoformat(line.strip())
        _say(len(cloud.calls))
        cloud.calls.clear()
    await cloud.stop()


def _say(what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
