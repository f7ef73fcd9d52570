"""The weather service on 127.0.0.1."""

import asyncio
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.world import Weather

from .faults import WeatherFault as Fault
from .table import table

_DAY_S: Final = 86_400
_SECTIONS: Final = {"minutely_15": 900, "hourly": 3600}
_KEPT: Final = 1000


class RefusedError(Exception):
    """A request that the service does not understand; the text says why."""


class WeatherService:
    """Forecast and archive; `faults` holds its switches, `asked` the paths of its requests."""

    def __init__(self, weather: Weather, clock: Clock) -> None:
        """Make a service that listens nowhere."""
        self._weather: Final = weather
        self._clock: Final = clock
        self.faults: Final = Faults(list(Fault), self._changed)
        self.asked: Final[deque[str]] = deque(maxlen=_KEPT)
        self._runner: web.AppRunner | None = None
        self._ended = asyncio.Event()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; return the URL. Raises OSError when the port is taken."""
        app = web.Application()
        app.add_routes(
            [web.get("/v1/forecast", self._forecast), web.get("/v1/archive", self._archive)]
        )
        self._ended.clear()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound: int = self._runner.addresses[0][1]
        return f"http://{host}:{bound}"

    async def stop(self) -> None:
        """Close the port and every connection."""
        self._ended.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _changed(self, name: str, on: bool) -> None:
        if name == Fault.SILENT and not on:
            self._ended.set()
            self._ended = asyncio.Event()

    async def _forecast(self, request: web.Request) -> web.StreamResponse:
        now_s = int(self._clock().timestamp())
        today_s = now_s - now_s % _DAY_S
        first_s = today_s - _DAY_S * int(request.query.get("past_days", "0"))
        last_s = today_s + _DAY_S * int(request.query.get("forecast_days", "7"))
        if Fault.YESTERDAY in self.faults:
            last_s = today_s - _DAY_S
            first_s = last_s - _DAY_S
        return await self._answer(request, first_s, last_s)

    async def _archive(self, request: web.Request) -> web.StreamResponse:
        try:
            first = datetime.fromisoformat(request.query["start_date"]).replace(tzinfo=UTC)
            last = datetime.fromisoformat(request.query["end_date"]).replace(tzinfo=UTC)
        except KeyError, ValueError:
            return _refusal("Parameter 'start_date' and 'end_date' must be dates")
        last += timedelta(days=1)
        return await self._answer(request, int(first.timestamp()), int(last.timestamp()))

    async def _answer(self, request: web.Request, first_s: int, last_s: int) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        if Fault.SILENT in self.faults:
            await self._ended.wait()
        if Fault.RESET in self.faults and request.transport is not None:
            request.transport.abort()
        if Fault.SERVER_ERROR in self.faults:
            return web.Response(status=500, text="Internal Server Error")
        if Fault.TOO_MANY in self.faults:
            reason = "Daily API request limit exceeded. Please try again tomorrow."
            return web.json_response({"error": True, "reason": reason}, status=429)
        if Fault.RUBBISH in self.faults:
            return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
        if Fault.LIST in self.faults:
            return web.json_response([1, 2, 3])
        try:
            return web.json_response(self._body(request.query, first_s, last_s))
        except RefusedError as error:
            return _refusal(str(error))

    def _body(self, query: Mapping[str, str], first_s: int, last_s: int) -> dict[str, Any]:
        if (query.get("timeformat"), query.get("timezone", "GMT")) != ("unixtime", "GMT"):
            raise RefusedError("This service only speaks unixtime and GMT")
        body: dict[str, Any] = {
            "latitude": float(query["latitude"]),
            "longitude": float(query["longitude"]),
            "generationtime_ms": 0.1,
            "utc_offset_seconds": 0,
            "timezone": "GMT",
            "timezone_abbreviation": "GMT",
            "elevation": 20.0,
        }
        for section, step_s in _SECTIONS.items():
            if section in query:
                names = query[section].split(",")
                try:
                    units, columns = table(self._weather, names, first_s, last_s, step_s)
                except KeyError as error:
                    raise RefusedError(f"Data corrupted: unknown variable {error}") from error
                self._spoil(units, columns)
                body |= {f"{section}_units": units, section: columns}
        return body

    def _spoil(self, units: dict[str, str], columns: dict[str, list[Any]]) -> None:
        """Let a fault of the values strike, in place."""
        values = [column for name, column in columns.items() if name != "time"]
        if Fault.WRONG_UNITS in self.faults:
            units |= {"shortwave_radiation": "MJ/m²", "temperature_2m": "°F"}
        if Fault.SHORT in self.faults:
            del values[0][-1]
        for column in values:
            if Fault.NULLS in self.faults:
                column[:] = [None] * len(column)
            if Fault.TEXTS in self.faults:
                column[:] = ["much"] * len(column)
            if Fault.IMPOSSIBLE in self.faults:
                column[:] = [9999.0] * len(column)
        if Fault.EMPTY in self.faults:
            for column in columns.values():
                column.clear()


def _refusal(reason: str) -> web.Response:
    return web.json_response({"error": True, "reason": reason}, status=400)
