"""Serves captured replies as they stand: a file is a path with `/` written as `_`.

So may be `?` and `=`; what has no file with its query is answered as without one. Beside it
`<file>_log.json` may hold status and headers. A path without a file is missing.
"""

from collections import deque
import json
from pathlib import Path
import re
from typing import Final

from aiohttp import web

from .certificate import new_context
from .server import Server

_CHECK = "/auth/check_jwt"
_KEPT_REQUESTS = 1000
_SIGNS: Final = re.compile("[?=]")


class CapturedEnvoy:
    """A gateway that always says the same; it takes the token `token`.

    Captures of firmware before 7 are served on plain HTTP to everybody.
    """

    def __init__(self, folder: Path) -> None:
        """Make a gateway that listens nowhere."""
        self.folder: Final = folder
        info = (folder / "info").read_text()
        version = info.partition("<software>")[2].partition("<")[0]
        self.serial: Final = info.partition("<sn>")[2].partition("<")[0]
        self.legacy: Final = int(version[1:].partition(".")[0]) < 7
        self.token: Final = "captured"  # noqa: S105 - opens nothing but this
        self.requests: Final[deque[str]] = deque(maxlen=_KEPT_REQUESTS)
        self._server: Final = Server(self._handle, None if self.legacy else new_context())

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen; return the port. Raises OSError when it is taken."""
        return await self._server.start(host, port)

    async def stop(self) -> None:
        """Close the port and every connection."""
        await self._server.close()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path_qs
        self.requests.append(path)
        trusted = request.headers.get("Authorization") == f"Bearer {self.token}"
        if path != "/info" and not (trusted or self.legacy):
            return web.Response(status=401)
        if path == _CHECK:
            return web.Response(text="Valid token.")
        name = path.removeprefix("/").replace("/", "_")
        for one in (name, _SIGNS.sub("_", name), name.partition("?")[0]):
            file = self.folder / one
            if file.is_file():
                return web.Response(status=_status(file), body=file.read_bytes())
        return web.Response(status=404)


def _status(file: Path) -> int:
    log = file.with_name(f"{file.name}_log.json")
    return int(json.loads(log.read_text())["code"]) if log.is_file() else 200
