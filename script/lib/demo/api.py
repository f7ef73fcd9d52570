"""What the demo asks Home Assistant: REST and WebSocket, as its page does."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import ClientError, ClientSession

from .say import DemoError
from .wait import until

OWNER: Final = {"name": "Demo", "username": "demo", "password": "demo", "language": "en"}
"""The owner of the demo. It opens nothing: this machine needs no log-in, others cannot reach it."""

_START_SECONDS: Final = 120


class HomeAssistant:
    """A running Home Assistant; `open` comes before everything else."""

    def __init__(self, session: ClientSession, address: str) -> None:
        """Remember where it is, as in http://127.0.0.1:8123."""
        self._session = session
        self._address = address
        self._client_id = f"{address}/"
        self._token = ""

    async def open(self) -> None:
        """Wait for its start, create its owner if it has none, and log in without password.

        Raises DemoError when it does not come up in time, or wants more than that.
        """
        try:
            await until(self._has_page, bool, _START_SECONDS)
            await self._create_owner()
            await self.log_in()
            await until(self._state, lambda state: state == "RUNNING", _START_SECONDS)
        except TimeoutError as error:
            raise DemoError(f"Home Assistant did not start within {_START_SECONDS} s") from error

    async def log_in(self) -> None:
        """Log in as a browser on this machine does: without asking for anything."""
        flow = {
            "client_id": self._client_id,
            "handler": ["trusted_networks", None],
            "redirect_uri": self._client_id,
        }
        step = await self.post("/auth/login_flow", flow)
        if step["type"] != "create_entry":
            raise DemoError("Home Assistant asks for a password: start again with --fresh")
        form = {
            "grant_type": "authorization_code",
            "code": step["result"],
            "client_id": self._client_id,
        }
        async with self._session.post(f"{self._address}/auth/token", data=form) as response:
            response.raise_for_status()
            self._token = (await response.json())["access_token"]

    async def get(self, path: str) -> Any:
        """Return what is there; raises aiohttp.ClientError."""
        return await self._ask("GET", path)

    async def post(self, path: str, data: dict[str, Any]) -> Any:
        """Return the answer; raises aiohttp.ClientError."""
        return await self._ask("POST", path, data)

    async def delete(self, path: str) -> None:
        """Remove what is there; raises aiohttp.ClientError."""
        await self._ask("DELETE", path)

    async def command(self, kind: str, **data: Any) -> Any:
        """Return the result of a WebSocket command, None when Home Assistant has none."""
        async with self._session.ws_connect(f"{self._address}/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": kind, **data})
            answer = await socket.receive_json()
        if not answer["success"] and answer["error"]["code"] != "not_found":
            raise DemoError(f"Home Assistant refused {kind}: {answer['error']['message']}")
        return answer.get("result")

    async def _has_page(self) -> bool:
        try:
            async with self._session.get(f"{self._address}/manifest.json") as response:
                return response.status == HTTPStatus.OK
        except ClientError:
            return False

    async def _state(self) -> str:
        return str((await self.get("/api/config"))["state"])

    async def _create_owner(self) -> None:
        async with self._session.get(f"{self._address}/api/onboarding") as response:
            if response.status == HTTPStatus.NOT_FOUND:
                return  # no step is left: it has an owner
            steps = await response.json()
        if not all(step["done"] for step in steps if step["step"] == "user"):
            await self.post("/api/onboarding/users", OWNER | {"client_id": self._client_id})

    async def _ask(self, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        url = self._address + path
        async with self._session.request(method, url, json=data, headers=headers) as response:
            response.raise_for_status()
            return await response.json()
