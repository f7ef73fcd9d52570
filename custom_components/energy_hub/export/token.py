"""A token of the platform: what it is, until when it is used, how it is stored."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from .verdict import Answer

_LONGEST_MARGIN: Final = timedelta(hours=24)
_PARTS: Final = 10


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `end` is None when nobody said, or nobody could understand, when it ends."""

    value: str = field(repr=False)
    got: datetime
    end: datetime | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Return whether it may be used: up to a tenth of its life, at most a day, before its end.

        One without an end is used until it is refused.
        """
        if self.end is None:
            return True
        return now < self.end - min((self.end - self.got) / _PARTS, _LONGEST_MARGIN)

    def as_state(self) -> dict[str, Any]:
        """Return what a restart must remember (JSON)."""
        end = None if self.end is None else self.end.isoformat()
        return {"value": self.value, "got": self.got.isoformat(), "end": end}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Return the token as it stood when `as_state` was called."""
        end = None if state["end"] is None else datetime.fromisoformat(state["end"])
        return cls(state["value"], datetime.fromisoformat(state["got"]), end)


def token_of(answer: Answer, now: datetime) -> Token | None:
    """Return the token of an answer; None when it carries none."""
    if answer.status is None or not 200 <= answer.status < 300 or not isinstance(answer.body, dict):
        return None
    value = answer.body.get("token")
    if not isinstance(value, str) or not value.strip():
        return None
    return Token(value.strip(), now, _end(answer.body.get("expiration"), now))


def _end(said: object, now: datetime) -> datetime | None:
    """Return the end of a token; without a zone it is UTC, and one that is over says nothing."""
    if not isinstance(said, str):
        return None
    try:
        end = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    end = end.replace(tzinfo=UTC) if end.tzinfo is None else end.astimezone(UTC)
    return end if end > now else None
