"""Log-in of the account API.

Source: public clients that agree on it. An account lives in a region; a pre-inspection
gives a nonce, good for one try, and the salt of the hash that the cloud wants.
"""

from base64 import b64decode, b64encode
import binascii
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
import hashlib
import ipaddress
from typing import Any, Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from yarl import URL

from ...errors import CannotConnectError, DeviceError, InvalidAuthError
from .client import Envelope, Http, unwrap
from .errors import (
    AccountLockedError,
    AppVersionError,
    BadAnswerError,
    CloudRefusedError,
    LoginLimitError,
)
from .read import part, text, whole

_REGION: Final = "/iam/pub/0/c/region_c"
_INSPECT: Final = "/iam/pub/3/auth/pre-insp"
_LOGIN: Final = "/iam/pub/3/auth/login"
_OLD_LOGIN: Final = "/iam/pub/0/auth/login"
_PASSWORD_EXPIRED: Final = 1
# The cloud lets accounts of its home app in only when the client calls itself that app.
_APP: Final = "sma/ad/2.10.0/159/{region}"
_WRONG: Final = ("log in failed", "credential", "password", "not found", "not exist")
_TOO_OFTEN: Final = ("limit", "times", "frequent")

type Run = Callable[..., Awaitable[Any]]
"""Runs a function in the executor."""


class _MovedError(CannotConnectError):
    """The account lives elsewhere; the next try goes there."""


class Login:
    """The way in for one account."""

    def __init__(self, http: Http, run: Run) -> None:
        """Prepare; nothing is asked yet."""
        self._http = http
        self._run = run
        self._host = http.base
        self.headers: Mapping[str, str] = {"User-Agent": _APP.format(region=0)}
        """What every request of this account carries."""

    async def async_token(self, user: str, password: str) -> str:
        """Log in and return the token.

        Raises InvalidAuthError, AccountLockedError, LoginLimitError, AppVersionError, or
        what the connection raises.
        """
        await self._find_region(user)
        try:
            return await self._enter(user, password)
        except _MovedError:
            return await self._enter(user, password)

    async def _enter(self, user: str, password: str) -> str:
        async for answer in self._tries(user, password):
            token = text(part(answer.data, "token"))
            if answer.status == "0":
                if token is None:
                    raise BadAnswerError
                return token
            _raise_unless_wrong(answer)
        raise InvalidAuthError

    async def _tries(self, user: str, password: str) -> AsyncIterator[Envelope]:
        """Yield the answers to the hashes of the password, the likeliest first."""
        nonce, salt = await self._inspect(user)
        if salt is not None:
            hashed = await self._run(argon2, password, salt)
            yield await self._post(_LOGIN, {"u": user, "ch": hashed, "n": nonce})
            return
        yield await self._post(_LOGIN, {"u": user, "ch": dotted(password), "n": nonce})
        nonce, _ = await self._inspect(user)
        yield await self._post(_LOGIN, {"u": user, "ch": sha256(password), "n": nonce})
        answer = await self._post(_OLD_LOGIN, {"user_name": user, "password": md5(password)})
        # Where the old log-in is closed, it was the password that was wrong before.
        if not _wants_newer(answer):
            yield answer

    async def _inspect(self, user: str) -> tuple[str, str | None]:
        """Return nonce and salt."""
        answer = await self._post(_INSPECT, {"u": user})
        if answer.status not in {"0", ""}:
            _raise_unless_wrong(answer)
            raise InvalidAuthError
        nonce = text(part(answer.data, "n"))
        if nonce is None:
            raise BadAnswerError
        if whole(part(answer.data, "f")) == _PASSWORD_EXPIRED:
            raise InvalidAuthError(fields={"password": "password_expired"})
        return nonce, text(part(answer.data, "a"))

    async def _find_region(self, user: str) -> None:
        """Learn where the account lives; without an answer it is the host that was given."""
        try:
            data = (await self._post(_REGION, {"email": user})).data
        except DeviceError:
            return
        region, url = whole(part(data, "dc")), text(part(data, "login_url"))
        if region is not None and region >= 0:
            self.headers = {"User-Agent": _APP.format(region=region)}
            self._move(url)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Envelope:
        reply = await self._http.post(path, body, headers=self.headers, base=self._host)
        if reply.location is not None:
            if not self._move(reply.location):
                raise CannotConnectError
            raise _MovedError
        return unwrap(reply.content)

    def _move(self, url: str | None) -> bool:
        """Go to another host of the same maker; a hash of the password goes nowhere else."""
        try:
            there = URL(url or "").origin()
        except ValueError:
            return False
        if there == self._host or not _is_akin(there, self._http.base):
            return False
        self._host = there
        return True


def argon2(password: str, salt: str) -> str:
    """Return the Argon2id hash of a password; it takes long enough for the executor."""
    argon = Argon2id(salt=_salt(salt), length=32, iterations=3, lanes=1, memory_cost=32 * 1024)
    return argon.derive(password.encode()).hex()


def dotted(password: str) -> str:
    """Return MD5 in hex, a dot, SHA-256 in base64."""
    digest = hashlib.sha256(password.encode()).digest()
    return f"{md5(password)}.{b64encode(digest).decode()}"


def sha256(password: str) -> str:
    """Return SHA-256 in hex."""
    return hashlib.sha256(password.encode()).hexdigest()


def md5(password: str) -> str:
    """Return MD5 in hex, which is what the cloud wants to see."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


def _salt(salt: str) -> bytes:
    try:
        return bytes.fromhex(salt)
    except ValueError:
        pass
    try:
        return b64decode(salt, validate=True)
    except binascii.Error:
        return salt.encode()


def _is_akin(url: URL, base: URL) -> bool:
    """Return whether an address is of the same maker, and as safe as the one that was given."""
    host, own = url.host or "", base.host or ""
    if url.scheme != base.scheme:
        return False
    if host == own:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.split(".")[-2:] == own.split(".")[-2:] and "." in own
    return False


def _raise_unless_wrong(answer: Envelope) -> None:
    """Raise what an answer says, unless it says that name or password are wrong."""
    words = answer.message.lower()
    if "locked" in words:
        raise AccountLockedError
    if _wants_newer(answer):
        raise AppVersionError
    if any(word in words for word in _TOO_OFTEN):
        raise LoginLimitError
    if not any(word in words for word in _WRONG):
        raise CloudRefusedError(answer.status)


def _wants_newer(answer: Envelope) -> bool:
    """Return whether the cloud finds its client too old."""
    words = answer.message.lower()
    return "version is low" in words or "latest version" in words
