"""The Envoy and its cloud as a device of the running simulator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from simulator.device import HOST, DevicePage, Setting

from .gateway import Envoy


@asynccontextmanager
async def serve(setting: Setting) -> AsyncIterator[DevicePage]:
    """Serve the gateway and give its page; raises OSError when its port is taken."""
    # Another start of the same house is the same gateway: entries go on with what they trust.
    key = f"{setting.house.config.seed} {setting.house.begin}".encode()
    envoy = Envoy(setting.house, setting.clock, key=key)
    try:
        listens: dict[str, str | int] = {
            "host": HOST,
            "port": await envoy.start(HOST, setting.port),
            "serial": envoy.config.serial,
            "token": envoy.cloud.token(),
            "cloud_port": await envoy.cloud.start(HOST),
        }
        yield DevicePage("envoy", listens, envoy.faults)
    finally:
        await envoy.stop()
