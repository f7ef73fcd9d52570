"""How long a sample is the present. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# A sample that is older when it comes is no news; its plant's DTU is probably gone.
_STALE: Final = timedelta(minutes=40)
# Clocks differ; what lies further ahead was read in a wrong time zone.
_AHEAD: Final = timedelta(minutes=10)
_POLLS: Final = 1.5


def validity(poll: timedelta, step: timedelta) -> timedelta:
    """Return how long after its arrival a sample is true: a poll and a half, and one sample."""
    return _POLLS * poll + step


@dataclass(slots=True)
class Fresh:
    """When the newest sample was taken, and until when it may be called the present."""

    at: datetime | None = None
    until: datetime | None = None

    def learn(self, at: datetime, now: datetime, valid: timedelta) -> bool:
        """Take over the time of a sample; returns whether it is a new one."""
        if at > now + _AHEAD or (self.at is not None and at <= self.at):
            return False
        self.at = at
        self.until = now + valid if now - at <= _STALE else None
        return True

    def is_true(self, now: datetime) -> bool:
        """Return whether the sample is the present."""
        return self.until is not None and now < self.until
