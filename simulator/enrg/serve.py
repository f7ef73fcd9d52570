"""The ENRG platform as a device of the running simulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yarl import URL

from simulator.device import HOST, DevicePage, Setting

from .service import EnrgService


@asynccontextmanager
async def serve(setting: Setting) -> AsyncIterator[DevicePage]:
    """Serve the platform and give its page; raises OSError when its port is taken."""
    service = EnrgService(setting.clock)
    url = await service.start(HOST, setting.port)
    try:
        listens: dict[str, str | int] = {
            "host": HOST,
            "port": URL(url).port or 0,
            "url": url,
            "credential": service.config.credential,
        }
        yield DevicePage("enrg", listens, service.faults)
    finally:
        await service.stop()
