"""Log-in of the account API: nonces, hashes of the password, tokens, limits.

Source: public clients of the cloud, which agree on the current flow.
"""

import asyncio
from base64 import b64encode
from datetime import datetime, timedelta
import hashlib
import secrets
from typing import Any, Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from .config import Password
from .desk import Desk
from .faults import HoymilesFault as Fault

_NONCE_LIFE: Final = timedelta(seconds=60)
_LOGINS_PER_MINUTE: Final = 4
WRONG: Final = "Log in failed. Please check your account and password.#7"
HOME: Final = "The account can only be used for logging in to the S-Miles Home app."


class Logins:
    """Who may come in; `count` is the number of log-ins that were tried."""

    def __init__(self, desk: Desk) -> None:
        """Start with no token."""
        self._desk: Final = desk
        self._nonces: dict[str, datetime] = {}
        self._tokens: dict[str, tuple[datetime, datetime | None]] = {}
        self._tries: list[datetime] = []
        self.count = 0

    def inspection(self) -> dict[str, Any]:
        """Return what a client needs for its log-in."""
        config = self._desk.config
        nonce = secrets.token_hex(16)
        self._nonces[nonce] = self._desk.clock()
        salt = config.salt.hex() if config.hash is Password.ARGON2 else None
        return {"n": nonce, "a": salt, "v": 3 if salt else 2, "dc": 1, "f": 0, "t": 159}

    async def refusal(self, body: dict[str, Any]) -> str | None:
        """Return why a log-in is refused; None lets it in."""
        at = self._nonces.pop(str(body.get("n")), None)
        if (why := self._limit()) is not None:
            return why
        if at is None or self._desk.clock() - at > _NONCE_LIFE:
            return WRONG
        config = self._desk.config
        if config.hash is Password.LEGACY:
            return WRONG
        wanted = await asyncio.to_thread(hashed, config.hash, config.password, config.salt)
        return None if self._knows(body.get("u"), body.get("ch"), wanted) else WRONG

    async def legacy_refusal(self, body: dict[str, Any]) -> str | None:
        """Return why a log-in at the old address is refused; None lets it in."""
        if (why := self._limit()) is not None:
            return why
        config = self._desk.config
        if config.hash is not Password.LEGACY:
            return "Your app version is low, please update."
        wanted = hashed(Password.LEGACY, config.password, b"")
        return None if self._knows(body.get("user_name"), body.get("password"), wanted) else WRONG

    def new_token(self) -> str:
        """Return a token that counts from now on."""
        token = secrets.token_urlsafe(24)
        self._tokens[token] = self._desk.clock(), self._desk.since(Fault.TOKEN_EXPIRED)
        return token

    def is_good(self, token: str) -> bool:
        """Return whether a token is known, not too old and not withdrawn."""
        known = self._tokens.get(token)
        faults = self._desk.faults
        if known is None or Fault.TOKEN_REFUSED in faults or Fault.REFUSED in faults:
            return False
        given, ended = known
        if Fault.TOKEN_EXPIRED in faults and ended != self._desk.since(Fault.TOKEN_EXPIRED):
            return False
        return self._desk.clock() - given < timedelta(seconds=self._desk.config.token_s)

    def _limit(self) -> str | None:
        now = self._desk.clock()
        self.count += 1
        self._tries = [one for one in self._tries if now - one < timedelta(minutes=1)]
        self._tries.append(now)
        if Fault.LOCKED in self._desk.faults:
            return "Account locked. Try again later."
        if Fault.LOGIN_LIMIT in self._desk.faults or len(self._tries) > _LOGINS_PER_MINUTE:
            return "user login times limited per day"
        if Fault.VERSION_LOW in self._desk.faults:
            return "Your app version is low, please update."
        return None

    def _knows(self, user: object, given: object, wanted: str) -> bool:
        known = user == self._desk.config.username and given == wanted
        return known and Fault.REFUSED not in self._desk.faults


def hashed(kind: Password, password: str, salt: bytes) -> str:
    """Return a password as the cloud wants to see it."""
    raw = password.encode()
    match kind:
        case Password.ARGON2:
            argon = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=32_768)
            return argon.derive(raw).hex()
        case Password.DOTTED:
            digest = b64encode(hashlib.sha256(raw).digest()).decode()
            return f"{_md5(raw)}.{digest}"
        case Password.SHA256:
            return hashlib.sha256(raw).hexdigest()
        case Password.LEGACY:
            return _md5(raw)


def _md5(raw: bytes) -> str:
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()
