"""The S-Miles cloud on 127.0.0.1: both APIs on one port, the regional host on another."""

import asyncio
from collections import deque
from collections.abc import Collection
import json
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.world import House

from .account import AccountApi
from .config import CloudConfig
from .desk import BODY, Call, Desk, answer
from .faults import ANSWERS, HoymilesFault as Fault
from .key import KeyApi
from .login import Logins

_RETRY_AFTER_S: Final = 90


class HoymilesCloud:
    """The cloud; `faults` holds its switches by the names of `HoymilesFault`."""

    def __init__(self, house: House, clock: Clock, config: CloudConfig | None = None) -> None:
        """Make a cloud that listens nowhere; raises KeyError without a Hoymiles array."""
        self.config: Final = config or CloudConfig()
        self._desk: Final = Desk(house, clock, self.config)
        self.logins: Final = Logins(self._desk)
        self.account: Final = AccountApi(self._desk, self.logins)
        self.key: Final = KeyApi(self._desk)
        self._runner: web.AppRunner | None = None
        self._ended = asyncio.Event()

    @property
    def faults(self) -> Faults:
        """Return the switches."""
        return self._desk.faults

    @property
    def calls(self) -> deque[Call]:
        """Return the last requests in the order of their arrival."""
        return self._desk.calls

    async def wait_for_calls(self, count: int) -> None:
        """Return as soon as this many calls have come since `calls` was last emptied."""
        while len(self.calls) < count:
            self._desk.asked.clear()
            await self._desk.asked.wait()

    def strike(self, plants: Collection[int] | None) -> None:
        """Let faults strike only these plants; None for all, and for what names no plant."""
        self._desk.struck = plants

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; return the URL. Raises OSError when the port is taken."""
        app = web.Application(middlewares=[self._serve])
        app.add_routes([*self.key.routes(), *self.account.routes()])
        self._ended.clear()
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1, handler_cancellation=True
        )
        await self._runner.setup()
        for number in (port, 0):
            await web.TCPSite(self._runner, host, number).start()
        self.account.url, self.account.region_url = (
            f"http://{address}:{bound}" for address, bound in self._runner.addresses
        )
        return self.account.url

    async def stop(self) -> None:
        """Close the ports and every connection."""
        self._ended.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await _body(request)
        request[BODY] = body
        plant = self._desk.note(request.path, body)
        if self._desk.on(Fault.SILENT, plant):
            await self._ended.wait()
        if self._ended.is_set() or self._desk.on(Fault.RESET, plant):
            _hang_up(request)
        if (instead := self._instead(plant)) is not None:
            return instead
        if request.method == "POST" and request.content_type != "application/json":
            return answer(None, "2", "parameter error")
        return await handler(request)

    def _instead(self, plant: int | None) -> web.Response | None:
        fault = next((one for one in ANSWERS if self._desk.on(one, plant)), None)
        match fault:
            case Fault.TOO_MANY:
                return web.Response(status=429, headers={"Retry-After": str(_RETRY_AFTER_S)})
            case Fault.SERVER_ERROR:
                return web.Response(status=500, text="Internal Server Error")
            case Fault.HTML:
                return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
            case Fault.ERROR_BODY:
                return answer(None, "1", "System error, please try again later.")
            case Fault.RATE_BODY:
                return answer(None, "1", "More than times of calls per minute")
            case _:
                return None


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
