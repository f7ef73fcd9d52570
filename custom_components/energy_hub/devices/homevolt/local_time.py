"""The ECU's way to write a moment: the local time without a zone. Pure.

In the hour that the clock goes back over, a local time is two moments; the ECU takes the
first. So there are moments that cannot be told to it.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_SECOND: Final = timedelta(seconds=1)
# No clock goes back by more.
_LONGEST_FOLD: Final = timedelta(hours=3)


def written(at: datetime, zone: tzinfo) -> str:
    """Return a moment as the console wants it; raises ValueError when that cannot be told."""
    local = at.astimezone(zone).replace(microsecond=0)
    if local.fold:
        raise ValueError("the clock shows this time twice")
    return local.strftime("%Y-%m-%dT%H:%M:%S")


def can_be_told(at: datetime, zone: tzinfo) -> bool:
    """Return whether the ECU would understand this moment."""
    return not at.astimezone(zone).fold


def tellable(at: datetime, not_before: datetime, zone: tzinfo) -> datetime:
    """Return a moment near `at`, in whole seconds, that can be told.

    That is the last one before the repeated hour or, if it is earlier than `not_before`,
    the first one after it.
    """
    at = at.replace(microsecond=0)
    if can_be_told(at, zone):
        return at
    before = _edge(at, -_SECOND, zone)
    return before if before >= not_before else _edge(at, _SECOND, zone)


def _edge(at: datetime, step: timedelta, zone: tzinfo) -> datetime:
    """Return the nearest moment in the direction of `step` that can be told."""
    near, far = at, at + _LONGEST_FOLD * (1 if step > timedelta() else -1)
    while abs(far - near) > _SECOND:
        middle = near + (far - near) / 2
        middle = middle.replace(microsecond=0)
        near, far = (near, middle) if can_be_told(middle, zone) else (middle, far)
    return far.astimezone(UTC)
