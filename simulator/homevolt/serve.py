"""The Homevolt as a device of the running simulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.device import HOST, DevicePage, Setting

from .device import Homevolt


@asynccontextmanager
async def serve(setting: Setting) -> AsyncIterator[DevicePage]:
    """Serve the ECU and give its page; raises OSError when its port is taken."""
    device = Homevolt(setting.house, setting.clock)
    port = await device.start(HOST, setting.port)
    try:
        yield DevicePage("homevolt", {"host": HOST, "port": port}, device.faults)
    finally:
        await device.stop()
