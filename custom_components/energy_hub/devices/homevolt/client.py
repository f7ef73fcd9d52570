"""The web server of an ECU, and the vendor library: the only file that knows it.

One request at a time: behind it is a microcontroller. A GET is asked again in the next poll,
a POST never: whoever sent it reads what became of it.
"""

import asyncio
from collections.abc import Mapping
import json
from typing import Any, Final

import aiohttp
from homevolt import (
    Homevolt,
    HomevoltAuthenticationError,
    HomevoltCommandOutcomeUnknownError,
    HomevoltCommandVerificationError,
    HomevoltError,
)

from ...errors import CannotConnectError, DeviceError, InvalidAuthError, NoAnswerError
from .address import Address
from .console import Reply, reply_of

REQUEST_SECONDS: Final = 10
# The library asks again and again what became of a change.
_LIBRARY_SECONDS: Final = 25
_USER: Final = "admin"
# The largest document that was seen has 15 kB.
_MOST_BYTES: Final = 1_000_000


class StatusError(DeviceError):
    """The ECU answered, but with a status that means no."""

    key = "http_status"

    def __init__(self, status: int) -> None:
        """Keep the status; the user sees it as a number."""
        super().__init__(status=str(status))
        self.status = status


class NoDocumentError(NoAnswerError):
    """An answer came, but it is not the document that was asked for."""


class NotConfirmedError(DeviceError):
    """What the ECU says after a change is not what was asked for."""

    key = "not_confirmed"


class OutcomeUnknownError(DeviceError):
    """Something was sent, and nobody knows what became of it."""

    key = "outcome_unknown"


class CommandRefusedError(DeviceError):
    """The console refused a command; nothing was changed."""

    key = "command_refused"


class Ecu:
    """Asks one web server."""

    def __init__(
        self, session: aiohttp.ClientSession, address: Address, password: str | None
    ) -> None:
        """Prepare; nothing is asked yet. The session is not closed from here."""
        self._session = session
        self._url = address.url
        self._lock = asyncio.Lock()
        self._headers = (
            {"Authorization": aiohttp.encode_basic_auth(_USER, password)} if password else {}
        )
        self._library = Homevolt(
            self._url, password, session, connect_timeout=5, read_timeout=REQUEST_SECONDS
        )

    async def get(self, path: str) -> Any:
        """Return a document; raises NoDocumentError and what `_request` raises."""
        text = await self._request("GET", path)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as err:
            raise NoDocumentError from err

    async def set_local(self, on: bool) -> None:
        """Switch local mode until the next boot; returns when the ECU has confirmed it.

        Raises NotConfirmedError, OutcomeUnknownError, InvalidAuthError or CannotConnectError.
        """
        library = self._library
        try:
            async with self._lock, asyncio.timeout(_LIBRARY_SECONDS):
                await (library.enable_local_mode() if on else library.disable_local_mode())
        except HomevoltAuthenticationError as err:
            raise InvalidAuthError from err
        except HomevoltCommandVerificationError as err:
            raise NotConfirmedError from err
        except (HomevoltCommandOutcomeUnknownError, TimeoutError) as err:
            raise OutcomeUnknownError from err
        except HomevoltError as err:
            raise CannotConnectError from err
        except (AttributeError, KeyError, TypeError) as err:
            # A schedule that the library does not understand.
            raise OutcomeUnknownError from err

    async def console(self, line: str) -> None:
        """Let the console obey a line that `console.py` has made.

        Raises CommandRefusedError or InvalidAuthError when it was not obeyed, and
        OutcomeUnknownError when only reading can tell.
        """
        text = await self._post("/console.json", {"cmd": line})
        reply = reply_of(text)
        if reply is Reply.REFUSED:
            raise CommandRefusedError
        if reply is Reply.UNCLEAR:
            raise OutcomeUnknownError

    async def set_parameter(self, key: str, text: str) -> None:
        """Set a parameter until the next boot; errors as with `console`."""
        await self._post("/params.json", {"k": key, "v": text, "store": "0"})

    async def _post(self, path: str, form: Mapping[str, str]) -> str:
        try:
            return await self._request("POST", path, form)
        except StatusError as err:
            if err.status < 500:
                raise CommandRefusedError from err
            raise OutcomeUnknownError from err
        except (CannotConnectError, NoAnswerError) as err:
            raise OutcomeUnknownError from err

    async def _request(self, method: str, path: str, form: Mapping[str, str] | None = None) -> str:
        """Return the text of the answer.

        Raises InvalidAuthError, StatusError, CannotConnectError or NoAnswerError.
        """
        timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
        try:
            async with (
                self._lock,
                self._session.request(
                    method,
                    f"{self._url}{path}",
                    data=form,
                    headers=self._headers,
                    timeout=timeout,
                    allow_redirects=False,
                ) as answer,
            ):
                if answer.status == 401:
                    raise InvalidAuthError
                if answer.status != 200:
                    raise StatusError(answer.status)
                return await _text(answer)
        except (TimeoutError, aiohttp.ClientPayloadError) as err:
            raise NoAnswerError from err
        except (aiohttp.ClientError, OSError) as err:
            raise CannotConnectError from err


async def _text(answer: aiohttp.ClientResponse) -> str:
    """Return the whole text of an answer; raises NoDocumentError when there is no end to it."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise NoDocumentError
    return body.decode(errors="replace")
