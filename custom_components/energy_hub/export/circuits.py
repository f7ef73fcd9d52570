"""Kinds of devices that the platform cannot take now: they wait, and nobody else for them."""

from datetime import datetime, timedelta
from typing import Final

from .pace import LONGEST, Jitter, back_off


class Circuits:
    """Which kinds are held back, and until when."""

    def __init__(self, factor: Jitter) -> None:
        """Start with all of them closed; `factor` spreads the waiting of many houses."""
        self._factor: Final = factor
        self._failures: Final[dict[str, int]] = {}
        self._until: Final[dict[str, datetime]] = {}

    def held(self, now: datetime) -> tuple[str, ...]:
        """Return the kinds of which nothing may leave now."""
        # A clock that was ahead holds nothing back for longer than any wait.
        return tuple(one for one, end in self._until.items() if now < end <= now + 2 * LONGEST)

    def opens(self, now: datetime) -> datetime | None:
        """Return when the first of them may leave again; None while none is held back."""
        return min((self._until[one] for one in self.held(now)), default=None)

    def answered(self, kind: str) -> None:
        """Note that a kind is taken."""
        self._failures.pop(kind, None)
        self._until.pop(kind, None)

    def failed(self, kind: str, now: datetime, wish: timedelta | None) -> None:
        """Note that a kind cannot be taken now; `wish` is how long the server says to wait."""
        self._failures[kind] = self._failures.get(kind, 0) + 1
        wait = back_off(self._failures[kind], self._factor()) if wish is None else wish
        self._until[kind] = now + min(wait, 2 * LONGEST)
