"""The Envoy of a simulated house: one weak server behind a self-signed certificate."""

import asyncio
from collections import deque
from collections.abc import Collection
from datetime import datetime
import secrets
from typing import Final, NamedTuple

from aiohttp import web

from simulator.clock import Clock
from simulator.faults import Faults
from simulator.world import House

from .access import Access
from .bodies import OPEN, Bodies, Body
from .certificate import new_context
from .cloud import Cloud
from .config import EnvoyConfig
from .faults import CHOSEN, SLOW_S, EnvoyFault
from .moment import Moment
from .server import Server

_KEPT_REQUESTS = 10_000
_CHECK = "/auth/check_jwt"
_VALID = Body("<!DOCTYPE html><h2>Valid token.</h2>\n", "text/html")
_PAGE = Body("<html><body>Please wait</body></html>", "text/html")
_NEWER = {"D": "D8.3.5528", "R": "R5.0.62"}


class Request(NamedTuple):
    """A request as it came, answered or not."""

    time: datetime
    method: str
    path: str


class Envoy:
    """The gateway; `faults` holds its switches by the names of `EnvoyFault`.

    `paths` says where a fault of `CHOSEN` strikes, an empty collection means everywhere.
    `requests` are the last ones in the order of their arrival, `crowd` is how many were there
    at the same time at most. Delays are on the running loop's clock, everything else on `clock`.
    """

    def __init__(
        self,
        house: House,
        clock: Clock,
        config: EnvoyConfig | None = None,
        *,
        key: bytes | None = None,
    ) -> None:
        """Make a gateway that listens nowhere; raises KeyError if the house lacks its parts.

        With the same `key` it shows the same certificate and takes the same tokens again.
        """
        self.config: Final = config or EnvoyConfig()
        self.firmware = self.config.firmware
        self._house: Final = house
        self._clock: Final = clock
        self._bodies: Final = Bodies(house, self.config)
        # Asks for every part: what is missing in the house is missed at once.
        Moment(house, self.config, house.begin)
        secret = key or secrets.token_bytes(32)
        self._access: Final = Access(self.config, secret)
        tls = None if self.config.legacy else new_context(key)
        self._certificates: Final = [tls]
        self._server: Final = Server(self._handle, tls)
        self._turn: Final = asyncio.Lock()
        self._asked: Final = asyncio.Event()
        self._present = 0
        self.crowd = 0
        self.requests: Final[deque[Request]] = deque(maxlen=_KEPT_REQUESTS)
        self.paths: Final[dict[EnvoyFault, Collection[str]]] = dict.fromkeys(CHOSEN, ())
        self.faults: Final = Faults(EnvoyFault, self._changed)
        self.cloud: Final = Cloud(self.config.serial, secret, clock, self.faults)

    @property
    def connections(self) -> int:
        """Return how many connections have been taken."""
        return self._server.connections

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; return the port. Raises OSError when it is taken."""
        return await self._server.start(host, port)

    async def stop(self) -> None:
        """Close the port, every connection, and the cloud."""
        await self._server.close()
        await self.cloud.stop()

    async def wait_for_requests(self, count: int) -> None:
        """Return as soon as this many requests have come since `requests` was last emptied."""
        while len(self.requests) < count:
            self._asked.clear()
            await self._asked.wait()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        now = self._clock()
        self.requests.append(Request(now, request.method, request.path_qs))
        self._asked.set()
        self._present += 1
        self.crowd = max(self.crowd, self._present)
        try:
            async with self._turn:
                return await self._answer(request, now)
        finally:
            self._present -= 1

    async def _answer(self, request: web.BaseRequest, now: datetime) -> web.StreamResponse:
        path = request.path_qs
        delay_s = SLOW_S if self._strikes(EnvoyFault.SLOW, path) else self.config.reply_s
        if delay_s:
            await asyncio.sleep(delay_s)
        if self._strikes(EnvoyFault.DROP, path):
            if request.transport is not None:
                request.transport.abort()
            return _response(500)
        if path not in OPEN and (status := self._refusal(request, now)):
            return _response(status, headers=self._access.challenge)
        for fault, status in ((EnvoyFault.BUSY, 503), (EnvoyFault.MISSING, 404)):
            if self._strikes(fault, path):
                return _response(status)
        if self._strikes(EnvoyFault.NOT_JSON, path):
            return _response(200, _PAGE)
        return self._found(path, now)

    def _found(self, path: str, now: datetime) -> web.StreamResponse:
        if path == _CHECK and not self.config.legacy:
            return _response(200, _VALID)
        moment = Moment(self._house, self.config, now)
        body = self._bodies.find(path, moment, self.faults.__contains__, self.firmware)
        return _response(404) if body is None else _response(200, body)

    def _refusal(self, request: web.BaseRequest, now: datetime) -> int | None:
        if EnvoyFault.UNAUTHORIZED in self.faults:
            return 401
        authorization = request.headers.get("Authorization", "")
        if not self._access.opens(request.method, authorization, now):
            return 401
        return 403 if self._strikes(EnvoyFault.FORBIDDEN, request.path_qs) else None

    def _strikes(self, fault: EnvoyFault, path: str) -> bool:
        chosen = self.paths[fault]
        return fault in self.faults and (not chosen or path.partition("?")[0] in chosen)

    async def _changed(self, name: str, on: bool) -> None:
        match EnvoyFault(name):
            case EnvoyFault.REFUSE:
                await (self._server.close() if on else self._server.open())
            case EnvoyFault.REBOOT if on:
                self.firmware = _NEWER[self.firmware[0]]
                await self._server.close()
            case EnvoyFault.REBOOT:
                await self._server.open()
            case EnvoyFault.CERTIFICATE:
                await self._server.restart(new_context() if on else self._certificates[0])
            case EnvoyFault.TOKEN_EXPIRED:
                self._access.valid_from = self._clock() if on else None
            case EnvoyFault.CLOUD_DOWN:
                await (self.cloud.close() if on else self.cloud.open())


def _response(
    status: int, body: Body | None = None, headers: dict[str, str] | None = None
) -> web.Response:
    text, content_type = body or Body("", None)
    reply = web.Response(status=status, body=text.encode(), headers=headers)
    if content_type is None:
        # Real gateways leave it out; the server must not make one up.
        reply.headers.pop("Content-Type", None)
        reply.headers["Content-Type"] = ""
    else:
        reply.content_type = content_type
    return reply
