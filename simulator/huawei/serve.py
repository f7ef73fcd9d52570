"""The SUN2000 as a device of the running simulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.device import HOST, DevicePage, Setting

from .device import Sun2000


@asynccontextmanager
async def serve(setting: Setting) -> AsyncIterator[DevicePage]:
    """Serve the inverter and give its page; raises OSError when its port is taken."""
    device = Sun2000(setting.house, setting.clock)
    (inverter,) = device.config.inverters
    port = await device.start(HOST, setting.port)
    try:
        listens: dict[str, str | int] = {
            "host": HOST,
            "port": port,
            "unit_id": inverter.unit_id,
            "serial": inverter.serial,
        }
        yield DevicePage("huawei", listens, device.faults)
    finally:
        await device.stop()
