"""The P1 meter as a device of the running simulator."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.device import HOST, DevicePage, Setting

from .meter import P1Meter


@asynccontextmanager
async def serve(setting: Setting) -> AsyncIterator[DevicePage]:
    """Run the meter and give its page; raises OSError when its port is taken."""
    meter = P1Meter(setting.house, setting.clock)
    try:
        listens: dict[str, str | int] = {
            "host": HOST,
            "port": await meter.start_tcp(HOST, setting.port),
        }
        if setting.serial:
            listens["serial"] = await meter.start_serial()
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(meter.run(setting.speed))
            yield DevicePage("p1", listens, meter.faults)
            running.cancel()
    finally:
        await meter.stop()
