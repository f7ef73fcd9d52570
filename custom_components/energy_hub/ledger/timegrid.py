"""The time grid of the ledger: slots of five minutes, numbered since 1970 UTC. Pure.

Every time zone is a whole number of quarters away from UTC, so hours, quarters and days
of all of them begin at the edge of a slot. Instants are whole milliseconds: an edge and
a counter between two readings are then exact.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

SLOT: Final = timedelta(minutes=5)
SLOT_MS: Final = 300_000
HOUR_SLOTS: Final = 12
QUARTER_SLOTS: Final = 3
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Return the millisecond since 1970 that an instant lies in."""
    return (at - _EPOCH) // _MS


def to_instant(ms: int) -> datetime:
    """Return the instant (UTC) of a millisecond since 1970."""
    return _EPOCH + ms * _MS


def slot_of(at: datetime) -> int:
    """Return the number of the slot that an instant lies in."""
    return to_ms(at) // SLOT_MS


def slot_start(slot: int) -> datetime:
    """Return the instant (UTC) at which a slot begins."""
    return to_instant(slot * SLOT_MS)
