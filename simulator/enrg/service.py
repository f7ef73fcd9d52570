"""The platform on 127.0.0.1: a door for credentials, one for values, and one for whoever tests."""

import asyncio
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Final

from aiohttp import web

from simulator.clock import Clock
from simulator.faults import Faults

from .archive import DEVICE, Archive
from .call import Call, note
from .config import EnrgConfig
from .desk import Desk
from .faults import ANSWERS, EnrgFault as Fault
from .fields import MICRO_INVERTER
from .switches import Switches
from .tokens import Tokens
from .wire import answer, half, hang_up, read_json, refusal

TOKEN_PATH: Final = "/api/token/create"  # noqa: S105 - a path
VALUES_PATH: Final = "/api/{kind}/values"
_KEPT_CALLS: Final = 100_000
_MINUTE: Final = timedelta(minutes=1)
_FLAPS: Final = (None, Fault.RESET, Fault.ANSWER_LOST, Fault.UNAVAILABLE)

type _Door = Callable[[web.Request, Call, object], web.Response]


class EnrgService:
    """The platform; `faults` holds its switches by the names of `EnrgFault`."""

    def __init__(self, clock: Clock, config: EnrgConfig | None = None) -> None:
        """Make a platform that listens nowhere."""
        self.config: Final = config or EnrgConfig()
        self.archive: Final = Archive()
        self.calls: Final[deque[Call]] = deque(maxlen=_KEPT_CALLS)
        self.most_at_once = 0
        """The most requests that were ever open at the same time."""
        self._clock: Final = clock
        self._switches: Final = Switches(self._changed)
        self.tokens: Final = Tokens(clock, self.config, self._switches.faults)
        self._desk: Final = Desk(self.config, self._switches, self.tokens, self.archive)
        self._open = 0
        self._flaps = 0
        self._asked: Final = asyncio.Event()
        self._ended: Final = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._where = ("127.0.0.1", 0)

    @property
    def faults(self) -> Faults:
        """Return the switches."""
        return self._switches.faults

    @property
    def times(self) -> dict[Fault, int]:
        """How often a fault strikes yet; those that are not in here strike always."""
        return self._switches.times

    @property
    def values_calls(self) -> list[Call]:
        """Return the requests with values of micro-inverters, answered or not."""
        return self.calls_of(MICRO_INVERTER)

    def calls_of(self, kind: str) -> list[Call]:
        """Return the requests with values of a kind of device."""
        return [call for call in self.calls if call.path == VALUES_PATH.format(kind=kind)]

    def strike(self, devices: Collection[str] | None) -> None:
        """Let faults of devices strike these; None for the first one of every message."""
        self._switches.struck = devices

    async def wait_for_calls(self, count: int) -> None:
        """Return as soon as this many requests have come since `calls` was last emptied."""
        while len(self.calls) < count:
            self._asked.clear()
            await self._asked.wait()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; return the URL. Raises OSError when the port is taken."""
        self._where = (host, port)
        await self._listen()
        return f"http://{self._where[0]}:{self._where[1]}"

    async def stop(self) -> None:
        """Close the port and every connection."""
        self._ended.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _listen(self) -> None:
        app = web.Application()
        app.add_routes(
            [
                web.post(TOKEN_PATH, self._token),
                web.post(VALUES_PATH, self._values),
                web.get("/api/plants/{id}/values", self._slots),
                web.get("/simulator", self._tell),
            ]
        )
        self._ended.clear()
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, *self._where).start()
        self._where = self._runner.addresses[0][:2]

    async def _token(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, lambda _request, _call, body: self._desk.create(body))

    async def _values(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, self._desk.take, self._flap())

    async def _slots(self, request: web.Request) -> web.StreamResponse:
        return await self._serve(request, lambda request, _call, _body: self._desk.slots(request))

    async def _serve(
        self, request: web.Request, door: _Door, flap: Fault | None = None
    ) -> web.StreamResponse:
        """Count a request in and out."""
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            return await self._pass(request, door, flap)
        finally:
            self._open -= 1

    async def _pass(
        self, request: web.Request, door: _Door, flap: Fault | None
    ) -> web.StreamResponse:
        """Let faults of the way strike, then the door answer; note what came of it."""
        body = await read_json(request)
        call = note(self._clock(), request, body)
        self.calls.append(call)
        self._asked.set()
        strikes = self._switches.strikes
        if strikes(Fault.SILENT):
            await self._ended.wait()
        if self._ended.is_set() or flap is Fault.RESET or strikes(Fault.RESET):
            return hang_up(request)
        response = self._instead(flap) or door(request, call, body)
        if "kind" in request.match_info:
            if flap is Fault.ANSWER_LOST or strikes(Fault.ANSWER_LOST):
                return hang_up(request)
            if strikes(Fault.SLOW_BODY):
                return await half(request, response, self._ended)
        call.status = response.status
        return response

    def _flap(self) -> Fault | None:
        if Fault.FLAPPING not in self.faults:
            return None
        self._flaps += 1
        return _FLAPS[self._flaps % len(_FLAPS)]

    def _instead(self, flap: Fault | None) -> web.Response | None:
        for fault, (status, message) in ANSWERS.items():
            if flap is fault or self._switches.strikes(fault):
                headers = {"Retry-After": str(self.config.retry_after_s)}
                return refusal(status, message, headers if status == 429 else {})
        if self._switches.strikes(Fault.HTML):
            return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
        return None

    async def _tell(self, _request: web.Request) -> web.Response:
        """Tell a test in another process what is stored and what has come."""
        rows = [
            {"id": row.id, "date": row.date, "writes": row.writes, "keys": len(set(row.keys))}
            for row in self.archive.of_kind(DEVICE)
        ]
        statuses = Counter(str(call.status) for call in self.values_calls)
        return answer(
            {
                "rows": rows,
                "calls": statuses,
                "most_at_once": self.most_at_once,
                "most_a_minute": self._most_a_minute(),
            }
        )

    def _most_a_minute(self) -> int:
        """Return how many requests, with and without values, came within a minute at most."""
        times = [call.time for call in self.calls]
        ends = (bisect_left(times, at + _MINUTE) for at in times)
        return max((end - place for place, end in enumerate(ends)), default=0)

    async def _changed(self, name: str, on: bool) -> None:
        match Fault(name):
            case Fault.REFUSE if on:
                await self.stop()
            case Fault.REFUSE if self._runner is None:
                await self._listen()
            case Fault.TOKEN_EXPIRED if on:
                self.tokens.end_all()
