"""Enlighten as far as a gateway needs it: a log-in and the service that issues tokens."""

from collections import deque
from datetime import timedelta
import json
import secrets
from typing import Final

from aiohttp import web

from simulator.clock import Clock
from simulator.faults import Faults

from .faults import EnvoyFault
from .server import Server
from .token import OWNER, issue

LOG_IN = "/login/login.json"
TOKENS = "/tokens"
_KEPT_REQUESTS = 1000


class Cloud:
    """Log-in and token service for the owner of one gateway, on plain HTTP.

    `lasts` and `user` are those of the tokens it issues; `requests` the paths that were asked.
    """

    def __init__(self, serial: str, secret: bytes, clock: Clock, faults: Faults) -> None:
        """Make a cloud that listens nowhere."""
        self._serial: Final = serial
        self._secret: Final = secret
        self._clock: Final = clock
        self._faults: Final = faults
        self._sessions: Final[deque[str]] = deque(maxlen=100)
        self._server: Final = Server(self._handle)
        self.username: Final = "owner@example.com"
        self.password: Final = "sunny-day"  # noqa: S105 - opens nothing but this
        self.lasts: timedelta = OWNER
        self.user = "owner"
        self.requests: Final[deque[str]] = deque(maxlen=_KEPT_REQUESTS)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; return the port. Raises OSError when it is taken."""
        return await self._server.start(host, port)

    async def stop(self) -> None:
        """Close the port for good."""
        await self._server.close()

    async def close(self) -> None:
        """Close the port for a while."""
        await self._server.close()

    async def open(self) -> None:
        """Open the port again."""
        await self._server.open()

    def token(self) -> str:
        """Return a token as the owner would copy it from the page of the service."""
        return issue(self._secret, self._serial, self._clock(), self.lasts, self.user)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request.path)
        if EnvoyFault.CLOUD_BUSY in self._faults:
            return web.Response(status=503, text="Service Unavailable")
        if request.method == "POST" and request.path == LOG_IN:
            return await self._log_in(request)
        if request.method == "POST" and request.path == TOKENS:
            return await self._issue(request)
        return web.Response(status=404)

    async def _log_in(self, request: web.BaseRequest) -> web.Response:
        form = await request.post()
        right = form.get("user[email]"), form.get("user[password]")
        if right != (self.username, self.password) or EnvoyFault.CLOUD_REFUSES in self._faults:
            return web.Response(status=401, text='{"message":"Invalid email or password"}')
        found: dict[str, object] = {"message": "success", "is_consumer": True}
        if EnvoyFault.CLOUD_MFA in self._faults:
            return web.json_response({"success": True, "isBlocked": False})
        self._sessions.append(secrets.token_hex(16))
        return web.json_response(found | {"session_id": self._sessions[-1], "manager_token": "m"})

    async def _issue(self, request: web.BaseRequest) -> web.Response:
        try:
            wish = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        if wish.get("session_id") not in self._sessions:
            return web.Response(status=401)
        if wish.get("serial_num") != self._serial:
            return web.Response(status=403)
        return web.Response(text=self.token())
