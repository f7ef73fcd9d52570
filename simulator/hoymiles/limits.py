"""What the key API counts: calls in the last minute and in this month."""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

_MINUTE: Final = timedelta(minutes=1)


class Quota:
    """The calls of one key; a call that was refused counts too, as any other."""

    def __init__(self, per_minute: int, per_month: int) -> None:
        """Start with nothing used."""
        self._per_minute: Final = per_minute
        self._per_month: Final = per_month
        self._recent: deque[datetime] = deque()
        self._month = (0, 0)
        self.used = 0
        """Calls of this month."""

    def refusal(self, now: datetime) -> str | None:
        """Count a call; return why it is refused, if it is."""
        if (month := (now.year, now.month)) != self._month:
            self._month, self.used = month, 0
        while self._recent and now - self._recent[0] >= _MINUTE:
            self._recent.popleft()
        if len(self._recent) >= self._per_minute:
            return "More than times of calls per minute"
        if self.used >= self._per_month:
            return "The number of calls has reached the limit of this month"
        self._recent.append(now)
        self.used += 1
        return None
