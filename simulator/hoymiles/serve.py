"""The S-Miles cloud as a device of the running simulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yarl import URL

from simulator.device import HOST, DevicePage, Setting

from .cloud import HoymilesCloud


@asynccontextmanager
async def serve(setting: Setting) -> AsyncIterator[DevicePage]:
    """Serve the cloud and give its page; raises OSError when its port is taken."""
    cloud = HoymilesCloud(setting.house, setting.clock)
    url = await cloud.start(HOST, setting.port)
    try:
        listens: dict[str, str | int] = {
            "host": HOST,
            "port": URL(url).port or 0,
            "url": url,
            "username": cloud.config.username,
            "password": cloud.config.password,
            "api_key": cloud.config.api_key,
        }
        yield DevicePage("hoymiles", listens, cloud.faults)
    finally:
        await cloud.stop()
