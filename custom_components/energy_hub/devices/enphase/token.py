"""How long a token lasts: what it says of itself, without checking that it is genuine."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from typing import Final

_EARLY: Final = timedelta(days=30)
# Installers' tokens last twelve hours; those are renewed after nine.
_LAST_PART: Final = 4


@dataclass(frozen=True, slots=True)
class Life:
    """When a token was issued, as far as it says so, and when it ends (UTC)."""

    issued: datetime | None
    ends: datetime

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended."""
        return now >= self.ends

    def is_late(self, now: datetime) -> bool:
        """Return whether it is time for another one: a month before, sooner for short ones."""
        early = _EARLY
        if self.issued is not None:
            early = min(early, (self.ends - self.issued) / _LAST_PART)
        return now >= self.ends - early


def life_of(token: str) -> Life | None:
    """Return how long a token lasts; None where it does not say, which is no fault."""
    body = token.split(".")[1:2]
    try:
        claims = json.loads(urlsafe_b64decode(body[0] + "=" * (-len(body[0]) % 4)))
        ends = datetime.fromtimestamp(float(claims["exp"]), UTC)
        issued = claims.get("iat")
        return Life(None if issued is None else datetime.fromtimestamp(float(issued), UTC), ends)
    except ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, OSError:
        return None
