"""The weather service as a device of the running simulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yarl import URL

from simulator.device import HOST, DevicePage, Setting

from .service import WeatherService


@asynccontextmanager
async def serve(setting: Setting) -> AsyncIterator[DevicePage]:
    """Serve the weather and give its page; raises OSError when its port is taken."""
    service = WeatherService(setting.house.weather, setting.clock)
    url = await service.start(HOST, setting.port)
    try:
        listens: dict[str, str | int] = {"host": HOST, "port": URL(url).port or 0, "url": url}
        yield DevicePage("weather", listens, service.faults)
    finally:
        await service.stop()
