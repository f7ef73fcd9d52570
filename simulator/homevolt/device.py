"""The Homevolt of a simulated house: the ECUs of a cluster behind the leader's web server."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import json
from typing import Any, Final

from aiohttp import web

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.world import House

from . import ems, status
from .config import EcuConfig, HomevoltConfig
from .console import Console
from .faults import LATE_S, SKEW_S, STATUSES, WIRE, HomevoltFault
from .lock import Lock
from .moment import Moment
from .parameters import InvalidParameterError, UnknownParameterError
from .port import Port
from .shown import Path_, Shown, counters
from .state import State

_KEPT_REQUESTS: Final = 10_000
_STRANGER: Final = EcuConfig("99aabbccdd99")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came, answered or not."""

    time: datetime
    method: str
    path: str
    form: Mapping[str, str]


class Homevolt:
    """The device; `faults` holds its switches by the names of `HomevoltFault`.

    `requests` are the last ones in the order of their arrival. `only` and `left` say which paths
    the faults of the wire strike and how often. `state` is the ECU itself, for a partner or a
    second writer. Delays are on the running loop's clock, everything else on `clock`.
    """

    def __init__(self, house: House, clock: Clock, config: HomevoltConfig | None = None) -> None:
        """Make a device that listens nowhere; raises KeyError if the house lacks a battery."""
        self.config: Final = config or HomevoltConfig()
        self._house: Final = house
        self._clock: Final = clock
        self.state: Final = State(house, clock, self.config)
        self.console: Final = Console(self.state, self.config, self._on)
        self.lock: Final = Lock(self.config.password)
        self._port: Final = Port(self._app())
        self._base: Mapping[Path_, float] = {}
        self._stood_s = 0
        self._freed: Final = asyncio.Event()
        self._asked: Final = asyncio.Event()
        self.only: frozenset[str] = frozenset()
        self.left: int | None = None
        self.requests: Final[deque[Request]] = deque(maxlen=_KEPT_REQUESTS)
        self.faults: Final = Faults(HomevoltFault, self._changed)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen on a port (0: any) and return it; raises OSError when it is taken."""
        return await self._port.open(host, port)

    async def wait_for_requests(self, count: int) -> None:
        """Return as soon as this many requests have come since `requests` was last emptied."""
        while len(self.requests) < count:
            self._asked.clear()
            await self._asked.wait()

    async def stop(self) -> None:
        """Close the port and every connection."""
        self._freed.set()
        await self._port.close()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._arrived])
        app.add_routes(
            [
                web.get("/ems.json", self._ems),
                web.get("/schedule.json", self._schedule),
                web.get("/params.json", self._parameters),
                web.post("/params.json", self._set_parameter),
                web.post("/console.json", self._console),
                web.get("/status.json", self._status),
                web.get("/nodes.json", self._nodes),
                web.get("/node_metrics.json", self._node_metrics),
                web.get("/error_report.json", self._error_report),
            ]
        )
        return app

    @web.middleware
    async def _arrived(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Note a request, let faults and the lock have their way, then answer it."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.requests.append(Request(self._clock(), request.method, request.path, form))
        self._asked.set()
        if self.state.booting:
            return await self._hang_up(request)
        struck = self._struck(request)
        for fault, code in STATUSES.items():
            if fault in struck:
                return web.Response(status=code)
        if HomevoltFault.HANG in struck:
            await self._freed.wait()
            return await self._hang_up(request)
        refusal = self.lock.check(request.headers.get("Authorization"), self._clock())
        if refusal is not None:
            return web.Response(status=refusal, headers={"WWW-Authenticate": "Basic"})
        if HomevoltFault.LATE in struck:
            await asyncio.sleep(LATE_S)
        if HomevoltFault.REQUEST_LOST in struck:
            return await self._hang_up(request)
        response: web.Response = await handler(request)
        if HomevoltFault.REPLY_LOST in struck:
            return await self._hang_up(request)
        if HomevoltFault.HTML in struck:
            return web.Response(text="<html>Homevolt</html>", content_type="text/html")
        if HomevoltFault.HALF in struck:
            return await self._half(request, response)
        return response

    def _struck(self, request: web.Request) -> frozenset[HomevoltFault]:
        """Return the faults of the wire that strike this request."""
        on = {fault for fault in WIRE if self._on(fault)}
        if request.method != "POST":
            on -= {HomevoltFault.REPLY_LOST, HomevoltFault.REQUEST_LOST}
        if not on or (self.only and request.path not in self.only) or self.left == 0:
            return frozenset()
        if self.left is not None:
            self.left -= 1
        return frozenset(on)

    async def _hang_up(self, request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _half(self, request: web.Request, response: web.Response) -> web.StreamResponse:
        body = response.body if isinstance(response.body, bytes) else b""
        answer = web.StreamResponse(headers={"Content-Type": response.content_type})
        answer.content_length = len(body)
        await answer.prepare(request)
        await answer.write(body[: len(body) // 2])
        return await self._hang_up(request)

    async def _ems(self, _request: web.Request) -> web.Response:
        return self._json(self._ems_document())

    def _ems_document(self) -> dict[str, Any]:
        return ems.document(
            self._moment(),
            warning=self._on(HomevoltFault.WARNING),
            alarm=self._on(HomevoltFault.ALARM),
        )

    async def _schedule(self, _request: web.Request) -> web.Response:
        plan, first = self.state.plan, self.config.first_id
        entries = (
            {"entries": plan.flat(first)}
            if self.config.flat
            else {"schedule": plan.document(first)}
        )
        about = {"local_mode": self.state.parameters.local, "schedule_id": plan.id}
        return self._json(about | entries)

    async def _parameters(self, _request: web.Request) -> web.Response:
        return self._json(self.state.parameters.document())

    async def _set_parameter(self, request: web.Request) -> web.Response:
        form = await self._form(request, "k", "v")
        name, text = form["k"], form["v"]
        try:
            if not self._on(HomevoltFault.LOCAL_REFUSED):
                self.state.set(name, text, store=form.get("store") == "1")
        except UnknownParameterError:
            raise web.HTTPInternalServerError from None
        except InvalidParameterError:
            raise web.HTTPBadRequest from None
        return web.Response(text=f"Saved parameter k: '{name}' v: '{text}'")

    async def _console(self, request: web.Request) -> web.Response:
        form = await self._form(request, "cmd")
        return web.Response(text=self.console.run(form["cmd"]))

    async def _form(self, request: web.Request, *needed: str) -> dict[str, str]:
        form = {key: str(value) for key, value in (await request.post()).items()}
        if not form.keys() >= set(needed):
            raise web.HTTPBadRequest
        return form

    async def _status(self, request: web.Request) -> web.Response:
        return self._newer(request, status.status(self._moment(), self.state.up_ms))

    async def _nodes(self, request: web.Request) -> web.Response:
        return self._newer(request, status.nodes(self._moment()))

    async def _node_metrics(self, request: web.Request) -> web.Response:
        number = request.query.get("node_id", "")
        found = status.node_metrics(self._moment(), int(number)) if number.isdigit() else None
        return self._newer(request, found)

    async def _error_report(self, request: web.Request) -> web.Response:
        report = status.error_report(
            self._moment(),
            local=self.state.parameters.local,
            warning=self._on(HomevoltFault.WARNING),
            alarm=self._on(HomevoltFault.ALARM),
        )
        return self._newer(request, report)

    def _newer(self, request: web.Request, document: Any) -> web.Response:
        if document is None or self._on(HomevoltFault.NO_REPORT):
            raise web.HTTPNotFound
        return self._json(document)

    def _json(self, document: Any) -> web.Response:
        if self._on(HomevoltFault.OTHER_DOCUMENT):
            document = []
        shown = Shown(self._on, self._base).document(document)
        return web.Response(text=json.dumps(shown), content_type="application/json")

    def _moment(self) -> Moment:
        config = self.config
        if self._on(HomevoltFault.SECOND_SILENT):
            config = replace(config, ecus=config.ecus[:1])
        if self._on(HomevoltFault.SWAPPED):
            stranger = replace(_STRANGER, battery=config.ecus[0].battery)
            config = replace(config, ecus=(stranger, *config.ecus[1:]))
        state = self.state
        own_s = self._stood_s if self._on(HomevoltFault.STANDSTILL) else state.own_s
        return Moment(self._house, config, self._clock(), own_s, state.zone, state.active)

    def _on(self, fault: HomevoltFault) -> bool:
        return fault in self.faults

    async def _changed(self, name: str, on: bool) -> None:
        match HomevoltFault(name):
            case HomevoltFault.REFUSE:
                await (self._port.shut() if on else self._port.reopen())
            case HomevoltFault.HANG:
                self._freed.clear() if on else self._freed.set()
            case HomevoltFault.SKEW | HomevoltFault.OTHER_ZONE:
                self.state.retime(
                    timedelta(seconds=SKEW_S * self._on(HomevoltFault.SKEW)),
                    "UTC" if self._on(HomevoltFault.OTHER_ZONE) else None,
                )
            case HomevoltFault.REBOOT if on:
                self.state.reboot()
            case HomevoltFault.STANDSTILL if on:
                self._stood_s = self.state.own_s
            case HomevoltFault.COUNTER_RESET if on:
                self._base = dict(counters(self._ems_document()))
