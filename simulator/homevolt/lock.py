"""The password of the web server, and how it slows down those who guess."""

from base64 import b64decode
import binascii
from datetime import datetime, timedelta
import hmac
from typing import Final

USER: Final = "admin"
_FREE_TRIES: Final = 4
_WAITS_S: Final = (1, 2, 4, 10)
_FORGET: Final = timedelta(minutes=5)


class Lock:
    """Counts failures; `password` None lets everybody in."""

    def __init__(self, password: str | None) -> None:
        """Start without failures."""
        self.password = password
        self._failures = 0
        self._last: datetime | None = None

    def check(self, header: str | None, now: datetime) -> int | None:
        """Return the status of a refusal: 401, or 429 in the wait after many; None lets in."""
        if self.password is None:
            return None
        if self._last is not None and now - self._last >= _FORGET:
            self._failures = 0
        if self._last is not None and now < self._last + self._wait():
            return 429
        if header is not None and _matches(header, self.password):
            self._failures = 0
            return None
        self._failures += 1
        self._last = now
        return 401

    def _wait(self) -> timedelta:
        over = self._failures - _FREE_TRIES
        return timedelta(seconds=_WAITS_S[min(over, len(_WAITS_S)) - 1] if over > 0 else 0)


def _matches(header: str, password: str) -> bool:
    kind, _, code = header.partition(" ")
    try:
        given = b64decode(code, validate=True)
    except binascii.Error:
        return False
    wanted = f"{USER}:{password}".encode()
    return kind.lower() == "basic" and hmac.compare_digest(given, wanted)
