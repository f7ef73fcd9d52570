"""Run the demo until it is stopped."""

import asyncio
import signal
import sys

from aiohttp import ClientError

from .options import Options, parse
from .prepare import alone, prepare
from .run import Demo
from .say import DemoError, complain, say


def main() -> int:
    """Return the exit code: 0 after a stop, 1 for a failure, 2 when nothing was started."""
    options = parse()
    try:
        with alone():
            return _run(options)
    except DemoError as error:
        complain(str(error))
        return 2


def _run(options: Options) -> int:
    memory, place = prepare(options)
    failed = False
    try:
        asyncio.run(_until_stopped(Demo(options, memory, place)))
    except* DemoError as group:
        failed = True
        for error in group.exceptions:
            complain(str(error))
    except* ClientError as group:
        failed = True
        complain(f"Home Assistant does not answer as expected: {group.exceptions[0]}")
    if failed:
        complain("everything is stopped")
        return 1
    return 0


async def _until_stopped(demo: Demo) -> None:
    """Run the demo until a signal comes; a second one does not disturb the stopping."""
    task = asyncio.create_task(demo.run())

    def stop() -> None:
        if not task.cancelling():
            say("stopping")
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        say("everything is stopped")


if __name__ == "__main__":
    sys.exit(main())
