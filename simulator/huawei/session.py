"""The log-in that some inverters want before they are written to.

Function 0x41: sub-function 0x24 asks for a challenge of 16 bytes, 0x25 answers it with the
HMAC-SHA256 of it, keyed with the SHA-256 of the password; the inverter proves itself likewise.
"""

from collections.abc import Callable
from hashlib import sha256
import hmac
import secrets

from .pdu import Call, Code, RefusalError

USER = "installer"
_CHALLENGE, _LOG_IN = 0x24, 0x25
_SIZE = 16
_LASTS_S = 30.0
"""Without a heartbeat the log-in is over after this; clients send one about every 15 s."""


class Session:
    """What one connection may do with one inverter."""

    def __init__(self, password: str | None, time: Callable[[], float]) -> None:
        """Begin a session that is not logged in; without a password that is not needed."""
        self._password = password
        self._time = time
        self._challenge: bytes | None = None
        self._ends_s = float("-inf")

    @property
    def may_write(self) -> bool:
        """Return whether writing is allowed now."""
        return self._password is None or self._time() < self._ends_s

    def beat(self) -> None:
        """Keep a log-in alive."""
        if self.may_write:
            self._ends_s = self._time() + _LASTS_S

    def answer(self, call: Call) -> bytes:
        """Return the content of the reply to a private function; raises RefusalError."""
        if self._password is None or call.address not in {_CHALLENGE, _LOG_IN}:
            raise RefusalError(Code.ILLEGAL_FUNCTION)
        if call.address == _CHALLENGE:
            self._challenge = secrets.token_bytes(_SIZE)
            return self._challenge + b"\0"
        return self._log_in(self._password, call.data)

    def _log_in(self, password: str, data: bytes) -> bytes:
        challenge, self._challenge = self._challenge, None
        theirs, user, proof = _split(data)
        expected = challenge and digest(password, challenge)
        if not expected or user != USER or not hmac.compare_digest(proof, expected):
            return b"\1\0"
        self._ends_s = self._time() + _LASTS_S
        mine = digest(password, theirs)
        return bytes((0, len(mine))) + mine


def digest(password: str, seed: bytes) -> bytes:
    """Return how a password answers a challenge."""
    return hmac.digest(sha256(password.encode()).digest(), seed, sha256)


def _split(data: bytes) -> tuple[bytes, str, bytes]:
    """Return challenge, user and proof; raises RefusalError for a request of another shape."""
    try:
        theirs, rest = data[1 : 1 + _SIZE], data[1 + _SIZE :]
        user, rest = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
        proof = rest[1 : 1 + rest[0]]
    except IndexError:
        raise RefusalError(Code.ILLEGAL_VALUE) from None
    return theirs, user.decode("utf-8", "replace"), proof
