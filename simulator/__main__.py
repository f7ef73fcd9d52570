"""Runs the simulated house, or a replay of captured telegrams, until it is told to stop."""

from argparse import Namespace
import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
import json
import signal
import sys
from zoneinfo import ZoneInfo

from .clock import RunningClock
from .control import Control, serve_control
from .device import HOST, DevicePage, Setting
from .devices import DEVICES
from .options import parse
from .replay import NoTelegramError, Replay, load
from .world import House, Place, mixed_house

type Listens = dict[str, dict[str, str | int]]


def main() -> int:
    """Run; return the exit code: 0 after a stop, 1 for a taken port, 2 for a bad file."""
    options = parse()
    try:
        asyncio.run(_replay(options) if options.replay else _simulate(options))
    except NoTelegramError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(error, file=sys.stderr)
        return 2 if options.replay and error.filename else 1
    return 0


async def _simulate(options: Namespace) -> None:
    stopped = _stop_signal()
    clock = RunningClock(options.start, options.speed)
    place = Place(options.latitude, options.longitude, options.zone)
    start = clock()
    begin = options.begin or _eve(start, place.zone)
    fine_from = options.fine_from or options.begin or start
    house = House(mixed_house(options.seed, place), begin, fine_from=fine_from)
    async with AsyncExitStack() as stack:
        pages: list[DevicePage] = []
        for device in DEVICES:
            port = getattr(options, f"port_{device.name}")
            setting = Setting(house, clock, options.speed, port, options.serial)
            pages.append(await stack.enter_async_context(device.serve(setting)))
        control = Control(house, clock, pages)
        port = await stack.enter_async_context(serve_control(control, options.port_control))
        listens: Listens = {"control": {"host": HOST, "port": port}}
        _tell(listens | {page.name: dict(page.listens) for page in pages}, options.json)
        await stopped.wait()


async def _replay(options: Namespace) -> None:
    stopped = _stop_signal()
    replay = Replay(load(options.replay))
    try:
        port = await replay.start(options.port_p1)
        _tell({"p1": {"host": HOST, "port": port}}, options.json)
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(replay.run())
            await stopped.wait()
            running.cancel()
    finally:
        await replay.stop()


def _eve(start: datetime, zone: str) -> datetime:
    """Return midnight of the day before in the house's zone: today's totals need a beginning."""
    local = start.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=1)).astimezone(UTC)


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def _tell(listens: Listens, as_json: bool) -> None:
    if as_json:
        print(json.dumps(listens), flush=True)
        return
    for name, where in listens.items():
        text = f"{where['host']}:{where['port']}"
        print(f"{name}: {text}", *filter(None, [where.get("serial")]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
