"""What a gateway answered, and what of it is still good.

The vendor library asks for everything in every pass. This middleware of its HTTP session
lets through what is due and gives the last good answer for the rest. A path that fails
costs its own values only: the last good answer stands in for it until it is stale.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
import json
from typing import Any, Final

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ServerDisconnectedError,
    ServerFingerprintMismatch,
)

from ...errors import CannotConnectError, DeviceError, NoAnswerError
from .errors import CertificateChangedError, TokenRefusedError
from .paths import CHECK, EMPTY, INFO, OTHER, PERIODS, UNUSED

# A slow reply takes up to eleven seconds on real gateways.
REQUEST_SECONDS: Final = 25
# After this a pass asks for nothing more that it can do without.
_PASS_SECONDS: Final = 30
_STALE_PERIODS: Final = 3
_FORBIDDEN_SECONDS: Final = 3600
_MOST_PATHS: Final = 64


@dataclass(frozen=True, slots=True)
class _Good:
    response: ClientResponse
    at: float


@dataclass(frozen=True, slots=True)
class Record:
    """The last answer to a path, good or not."""

    status: int
    text: str


class Replies:
    """The middleware; `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start without answers."""
        self._clock = clock
        self._good: dict[str, _Good] = {}
        self._before: dict[str, _Good | None] = {}
        self._wait: dict[str, float] = {}
        self._records: dict[str, Record] = {}
        self._form: ClientResponse | None = None
        self._begun = 0.0
        self._answered = self._patient = False
        self.trusted = False
        """Whether the token is known to be good: a refusal then means this path only."""
        self.refused = False
        """Whether a path was refused in this pass that may be forbidden to everybody."""
        self.failed: set[str] = set()
        """Paths that should have answered in this pass, and did not well."""
        self.unsure: set[str] = set()
        """Paths that never answered well and may have been too busy to."""
        self.periods: Mapping[str, float] = PERIODS
        self.interval = 0.0
        """Seconds between two passes."""

    @property
    def records(self) -> Mapping[str, Record]:
        """The last answer to every path that was asked for."""
        return self._records

    @property
    def known(self) -> frozenset[str]:
        """The paths that have answered well."""
        return frozenset(self._good)

    def begin(self) -> None:
        """Begin a pass."""
        self._before.clear()
        self.failed.clear()
        self._begun = self._clock()
        self._answered, self._patient, self.refused = False, True, False

    def reject(self) -> None:
        """Forget the answers of this pass: the library could make nothing of them."""
        for path, before in self._before.items():
            if before is None:
                self._good.pop(path, None)
            else:
                self._good[path] = before
        self._before.clear()

    def at(self, paths: Iterable[str]) -> float | None:
        """Return when one of these paths last answered well."""
        return max((self._good[path].at for path in paths if path in self._good), default=None)

    def is_stale(self, path: str) -> bool:
        """Return whether the last good answer is too old to be the present."""
        good = self._good.get(path)
        most = _STALE_PERIODS * max(self._period(path), self.interval)
        return good is not None and self._clock() - good.at > most

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Answer one request of the library; raises DeviceError when nobody does."""
        path = request.url.path_qs
        if path == INFO:
            return await self._info(request, handler)
        if path == CHECK:
            return await self._check(request, handler)
        if path in UNUSED and self._form is not None:
            self._note(path, 200, UNUSED[path])
            return _instead(self._form, UNUSED[path])
        good = self._good.get(path)
        if good is not None and not (self._is_due(path, good) and self._has_time()):
            return good.response
        try:
            response = await _ask(request, handler)
        except CertificateChangedError:
            raise
        except DeviceError:
            if good is None or not self._answered:
                raise
            self._patient = False
            self.failed.add(path)
            return good.response
        self._answered = True
        return await self._judge(path, response, good)

    async def _judge(
        self, path: str, response: ClientResponse, good: _Good | None
    ) -> ClientResponse:
        """Return what the library shall see of an answer."""
        self._note(path, response.status, await response.text(errors="replace"))
        if response.status == 200 and self._is_json(path) and (good or self._is_whole(path)):
            self._before.setdefault(path, good)
            self._good[path] = _Good(response, self._clock())
            self.unsure.discard(path)
            return response
        if response.status in {401, 403}:
            if self._is_refusal(response, good):
                raise TokenRefusedError
            self.refused = True
            self._wait[path] = self._clock() + _FORBIDDEN_SECONDS
            # For the library a path that this account may not see is one that is not there.
            response.status = 404
        if good is not None:
            self.failed.add(path)
            return good.response
        if response.status >= 500:
            self.unsure.add(path)
        else:
            self.unsure.discard(path)
        return response if path not in EMPTY else _instead(response, EMPTY[path])

    def _is_refusal(self, response: ClientResponse, good: _Good | None) -> bool:
        """Return whether an answer may mean that the credentials are not good."""
        if response.url.scheme == "http":
            # Old firmware cannot be asked whether they are, and forbids some paths to everybody.
            return good is not None
        return not self.trusted

    async def _info(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        # The library goes over to plain HTTP by itself, so it must see why it cannot connect.
        try:
            response = await handler(request)
        except ServerFingerprintMismatch as err:
            raise CertificateChangedError(err.got.hex()) from err
        self._note(INFO, response.status, await response.text(errors="replace"))
        self._form = response
        return response

    async def _check(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        response = await _ask(request, handler)
        if response.status not in {200, 401, 403}:
            # The library would take it for a refusal; a gateway that boots says 503.
            raise NoAnswerError
        return response

    def _is_json(self, path: str) -> bool:
        return self._records[path].text.lstrip()[:1] in {"{", "["}

    def _is_whole(self, path: str) -> bool:
        """Return whether the first answer to a path has what the library cannot do without."""
        if path not in EMPTY:
            return True
        least, found = json.loads(EMPTY[path]), _parsed(self._records[path].text)
        if isinstance(least, list):
            return isinstance(found, list)
        return isinstance(found, dict) and least.keys() <= found.keys()

    def _is_due(self, path: str, good: _Good) -> bool:
        now = self._clock()
        if now < self._wait.get(path, now):
            return False
        # A little early: passes do not come to the second.
        return now - good.at >= self._period(path) - self.interval / 2

    def _has_time(self) -> bool:
        return self._patient and self._clock() - self._begun < _PASS_SECONDS

    def _period(self, path: str) -> float:
        return self.periods.get(path, OTHER)

    def _note(self, path: str, status: int, text: str) -> None:
        if path in self._records or len(self._records) < _MOST_PATHS:
            self._records[path] = Record(status, text)


def _parsed(text: str) -> Any:
    """Return what JSON says, None when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


async def _ask(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Return an answer with its body; raises DeviceError, in bounded time."""
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            try:
                return await _read(request, handler)
            except ClientConnectorError:
                raise
            except ClientOSError, ServerDisconnectedError:
                # The connection was kept from the pass before, and the gateway had closed it.
                return await _read(request, handler)
    except ServerFingerprintMismatch as err:
        raise CertificateChangedError(err.got.hex()) from err
    except TimeoutError as err:
        raise NoAnswerError from err
    except ClientError as err:
        raise CannotConnectError from err


async def _read(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    response = await handler(request)
    await response.read()
    return response


def _instead(response: ClientResponse, text: str) -> ClientResponse:
    """Return a good answer with another text: nobody but a connection can make a new one."""
    other = copy(response)
    other.status = 200
    other._body = text.encode()  # noqa: SLF001 - where aiohttp keeps what has been read
    return other
