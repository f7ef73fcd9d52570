"""HTTP as both APIs speak it: JSON posted, an envelope back. The only file that knows aiohttp.

Credentials are in headers, bodies and, with the key API, in the address; so nothing here
is logged, and no error of the library, which may hold an address, goes any further.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import json
from typing import Any, Final

from aiohttp import ClientError, ClientResponse, ClientSession
from yarl import URL

from ...errors import CannotConnectError, NoAnswerError
from .errors import BadAnswerError, CloudRefusedError, SlowDownError

_SECONDS: Final = 20
_MOST_BYTES: Final = 32 * 1024 * 1024
PAUSE_SECONDS: Final = 61
"""How long to leave the cloud alone that was asked too often, unless it says how long."""
_LONGEST_PAUSE: Final = 3600


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its content, the cloud's clock, and where else to ask (redirected)."""

    content: bytes
    date: datetime | None
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is inside an answer in JSON; the status "0" is good, none is an answer as it came."""

    status: str
    message: str
    data: Any


class Http:
    """The way to one host of the cloud."""

    def __init__(self, session: ClientSession, url: str) -> None:
        """Take the address; it has been checked."""
        self._session = session
        self.base: Final = URL(url).origin()

    async def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        base: URL | None = None,
    ) -> Reply:
        """Return the answer to a request, possibly to another host of the cloud.

        Raises CannotConnectError, NoAnswerError, SlowDownError, CloudRefusedError, or
        BadAnswerError when it is far too long.
        """
        url = (base or self.base).with_path(path).with_query(query)
        try:
            async with (
                asyncio.timeout(_SECONDS),
                self._session.post(url, json=body, headers=headers, allow_redirects=False) as reply,
            ):
                _check(reply)
                return Reply(await _content(reply), _date(reply), _location(reply))
        except TimeoutError:
            raise NoAnswerError from None
        except ClientError:
            raise CannotConnectError from None


def unwrap(content: bytes) -> Envelope:
    """Return what is inside an answer; raises BadAnswerError when it is something else."""
    try:
        answer = json.loads(content)
    except ValueError, RecursionError:
        raise BadAnswerError from None
    if not isinstance(answer, dict):
        raise BadAnswerError
    if "status" not in answer:
        return Envelope("", "", answer)
    return Envelope(
        status=str(answer["status"]),
        message=str(answer.get("message") or ""),
        data=answer.get("data"),
    )


def _check(reply: ClientResponse) -> None:
    if reply.status == 429:
        raise SlowDownError(_retry_after(reply.headers.get("Retry-After")))
    if reply.status >= 500:
        raise CannotConnectError
    if reply.status >= 400:
        raise CloudRefusedError(f"HTTP {reply.status}")


async def _content(reply: ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in reply.content.iter_any():
        content += chunk
        if len(content) > _MOST_BYTES:
            raise BadAnswerError
    return bytes(content)


def _location(reply: ClientResponse) -> str | None:
    return reply.headers.get("Location") if 300 <= reply.status < 400 else None


def _retry_after(text: str | None) -> float:
    seconds = int(text) if text is not None and text.isdecimal() else PAUSE_SECONDS
    return float(min(max(seconds, PAUSE_SECONDS), _LONGEST_PAUSE))


def _date(reply: ClientResponse) -> datetime | None:
    try:
        return parsedate_to_datetime(reply.headers["Date"]).astimezone(UTC)
    except KeyError, ValueError:
        return None
