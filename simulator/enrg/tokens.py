"""Tokens: who gets one, how long it is good, and in which words its end is told."""

from datetime import datetime, timedelta
import secrets
from typing import Any, Final

from simulator.clock import Clock
from simulator.faults import Faults

from .config import EnrgConfig
from .faults import EnrgFault as Fault

_HOUR: Final = timedelta(hours=1)


class Tokens:
    """The tokens given so far; `count` is their number."""

    def __init__(self, clock: Clock, config: EnrgConfig, faults: Faults) -> None:
        """Start with none."""
        self._clock: Final = clock
        self._config: Final = config
        self._faults: Final = faults
        self._ends: dict[str, datetime] = {}
        self.count = 0

    @property
    def given(self) -> frozenset[str]:
        """Return every token that was ever given."""
        return frozenset(self._ends)

    def create(self, credential: object) -> dict[str, Any] | None:
        """Return the answer to a credential; None refuses it."""
        if credential != self._config.credential or Fault.CREDENTIAL_REFUSED in self._faults:
            return None
        self.count += 1
        token = secrets.token_urlsafe(48)
        self._ends[token] = self._clock() + self._life()
        return self._told("" if Fault.TOKEN_EMPTY in self._faults else token, self._ends[token])

    def is_good(self, token: str) -> bool:
        """Return whether a token is known and not over."""
        end = self._ends.get(token)
        return end is not None and self._clock() < end

    def end_all(self) -> None:
        """End every token given so far."""
        self._ends = dict.fromkeys(self._ends, self._clock())

    def _life(self) -> timedelta:
        if Fault.LIFE_HOUR in self._faults:
            return _HOUR
        if Fault.LIFE_MONTH in self._faults:
            return timedelta(days=30)
        return timedelta(seconds=self._config.token_s)

    def _told(self, token: str, end: datetime) -> dict[str, Any]:
        if Fault.EXPIRY_MISSING in self._faults:
            return {"token": token}
        if Fault.EXPIRY_PAST in self._faults:
            end = self._clock() - _HOUR
        text = end.isoformat(timespec="seconds")
        if Fault.EXPIRY_NAIVE in self._faults:
            text = text.removesuffix("+00:00")
        elif Fault.EXPIRY_Z in self._faults:
            text = text.replace("+00:00", "Z")
        elif Fault.EXPIRY_ODD in self._faults:
            text = "next spring"
        return {"token": token, "expiration": text}
