"""The control port: what listens where, what is true, which faults are on; JSON over HTTP.

GET /, GET /truth?at=ISO, GET /mean?start=ISO&end=ISO, GET /commands, GET /faults,
PUT /faults/{device}/{fault} {"on": true}.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
import json
from typing import Any

from aiohttp import web

from .clock import Clock
from .device import HOST, DevicePage
from .world import House, Truth


class Control:
    """Answers for one house and its devices."""

    def __init__(self, house: House, clock: Clock, pages: Sequence[DevicePage]) -> None:
        """Make the control of a running house."""
        self._house = house
        self._clock = clock
        self._pages = {page.name: page for page in pages}

    def app(self) -> web.Application:
        """Return the web application."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/truth", self._truth),
                web.get("/mean", self._mean),
                web.get("/commands", self._commands),
                web.get("/faults", self._faults),
                web.put("/faults/{device}/{fault}", self._switch),
            ]
        )
        return app

    async def _index(self, _request: web.Request) -> web.Response:
        devices = {
            name: {"listens": dict(page.listens), "faults": list(page.faults.state())}
            for name, page in self._pages.items()
        }
        place = asdict(self._house.config.place)
        return _json(
            {"time": self._clock(), "begin": self._house.begin, "place": place, "devices": devices}
        )

    async def _truth(self, request: web.Request) -> web.Response:
        at = self._time(request, "at") if "at" in request.query else self._clock()
        try:
            return _json(truth_dict(self._house.truth(at)))
        except ValueError as error:
            raise _refusal(web.HTTPBadRequest, str(error)) from error

    async def _mean(self, request: web.Request) -> web.Response:
        start, end = self._time(request, "start"), self._time(request, "end")
        try:
            return _json(asdict(self._house.mean(start, end)))
        except ValueError as error:
            raise _refusal(web.HTTPBadRequest, str(error)) from error

    async def _commands(self, _request: web.Request) -> web.Response:
        """Return the command that each battery obeys; null for one that follows its rules."""
        now = self._clock()
        orders = {one.id: self._house.order(one.id, now) for one in self._house.config.batteries}
        return _json({name: order and asdict(order) for name, order in orders.items()})

    async def _faults(self, _request: web.Request) -> web.Response:
        return _json({name: page.faults.state() for name, page in self._pages.items()})

    async def _switch(self, request: web.Request) -> web.Response:
        page = self._pages.get(request.match_info["device"])
        fault = request.match_info["fault"]
        if page is None or fault not in page.faults.state():
            raise _refusal(web.HTTPNotFound, "no such device or fault")
        try:
            wish = await request.json()
        except ValueError as error:
            raise _refusal(web.HTTPBadRequest, "the body is not JSON") from error
        if not isinstance(wish, dict) or not isinstance(wish.get("on"), bool):
            raise _refusal(web.HTTPBadRequest, 'the body must be {"on": true} or {"on": false}')
        await page.faults.set(fault, wish["on"])
        return _json(page.faults.state())

    def _time(self, request: web.Request, name: str) -> datetime:
        text = request.query.get(name, "")
        try:
            # An unescaped + of the offset arrives as a blank.
            at = datetime.fromisoformat(text.replace(" ", "+"))
        except ValueError as error:
            raise _refusal(web.HTTPBadRequest, f"{name} is not an ISO time: {text!r}") from error
        if at.tzinfo is None:
            raise _refusal(web.HTTPBadRequest, f"{name} needs a UTC offset: {text!r}")
        if at > self._clock():
            raise _refusal(web.HTTPBadRequest, f"{name} lies in the future: {text!r}")
        return at.astimezone(UTC)


@asynccontextmanager
async def serve_control(control: Control, port: int) -> AsyncIterator[int]:
    """Serve the control on this port (0: any) and give the port that was taken."""
    runner = web.AppRunner(control.app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def truth_dict(truth: Truth) -> dict[str, Any]:
    """Return the truth with its sums, as plain data (times are still datetimes)."""
    return asdict(truth) | {"import_kwh": truth.import_kwh, "export_kwh": truth.export_kwh}


def _json(data: dict[str, Any]) -> web.Response:
    return web.json_response(data, dumps=lambda value: json.dumps(value, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"cannot send {value!r}")


def _refusal(kind: type[web.HTTPError], why: str) -> web.HTTPError:
    return kind(text=json.dumps({"error": why}), content_type="application/json")
