"""The platform on the wire: one request, one answer, whatever happens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
import json
from typing import Any, Final
from uuid import UUID

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

from .record import Payload, to_text
from .verdict import Answer
from .words import scrubbed

TIMEOUT: Final = ClientTimeout(total=30, sock_connect=10)
TOKEN_PATH: Final = "/api/token/create"  # noqa: S105 - a path
VALUES_PATH: Final = "/api/{kind}/values"
NO_ANSWER: Final = "no answer in time"
_LARGEST: Final = 256 * 1024
"""Bytes of an answer; more is none of this platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where messages go to, and who sends them."""

    url: URL
    credential: str = field(repr=False)
    token_path: str = TOKEN_PATH
    values_path: str = VALUES_PATH


class EnrgClient:
    """Sends to one destination; what it returns holds neither credential nor token."""

    def __init__(
        self, session: ClientSession, destination: Destination, timeout: ClientTimeout = TIMEOUT
    ) -> None:
        """Use a session; nothing is sent before it is asked for."""
        self._session: Final = session
        self._destination: Final = destination
        self._timeout: Final = timeout

    async def create_token(self) -> Answer:
        """Return what the platform says to the credential: a token, as a rule."""
        body = json.dumps({"credential": self._destination.credential})
        return await self._post(self._destination.token_path, body)

    async def send(self, kind: str, payload: Payload, key: UUID, token: str) -> Answer:
        """Return what the platform says to values, sent under a key."""
        path = self._destination.values_path.format(kind=kind)
        return await self._post(path, to_text(payload), key=str(key), token=token)

    async def _post(
        self, path: str, body: str, *, key: str | None = None, token: str | None = None
    ) -> Answer:
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        secrets = [self._destination.credential, *([token] if token else [])]
        try:
            async with self._session.post(
                self._destination.url / path.lstrip("/"),
                data=body.encode(),
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,  # a credential goes to no other host
            ) as response:
                return await _read(response, secrets)
        except TimeoutError:
            return Answer(status=None, words=NO_ANSWER)
        except (ClientError, OSError, ValueError) as err:
            # The text of the error may hold what was sent; its name does not.
            return Answer(status=None, words=f"no connection ({type(err).__name__})")


async def _read(response: ClientResponse, secrets: Sequence[str]) -> Answer:
    content = bytearray()
    async for piece in response.content.iter_any():
        content += piece
        if len(content) > _LARGEST:
            return Answer(status=response.status, words="the answer is too long")
    return Answer(
        status=response.status,
        body=_decoded(bytes(content), secrets),
        retry_after=response.headers.get("Retry-After"),
    )


def _decoded(content: bytes, secrets: Sequence[str]) -> Any:
    try:
        return scrubbed(json.loads(content), *secrets)
    except ValueError, RecursionError:
        return None
