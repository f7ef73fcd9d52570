"""What an answer means for the devices that were sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final

from .words import plain


class Outcome(StrEnum):
    """The classes of answers: what must be done next."""

    ACCEPTED = "accepted"
    """It is there, but for the devices in `failed` and `missing`."""
    UNCLEAR = "unclear"
    """A good status without a word that the plant is stored."""
    REFUSED = "refused"
    """The content is not taken, and never will be as it is."""
    TOO_LARGE = "too_large"
    DENIED = "denied"
    """The token is not taken."""
    MISPLACED = "misplaced"
    """Nobody takes values at this address."""
    UNWANTED = "unwanted"
    """This kind of device is not taken; others may be."""
    UNREACHED = "unreached"
    """It did not get through, or the server cannot now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `status` is None when nothing did."""

    status: int | None
    body: Any = None
    """Decoded JSON; None when it is none."""
    retry_after: str | None = None
    words: str = ""
    """What went wrong on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an answer means."""

    outcome: Outcome
    status: int | None = None
    words: str = ""
    """What the server said, fit to be shown."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Devices that were not stored, with the server's words."""
    missing: tuple[str, ...] = ()
    """Devices that the answer does not name."""
    silent: bool = False
    """Whether it names none but those that failed, as some servers may do."""
    wait: timedelta | None = None
    """How long the server wants to be left alone."""


_PERMANENT: Final = frozenset({400, 422})
_DENIED: Final = frozenset({401, 403})
_TRANSIENT: Final = frozenset({408, 425, 429})


def judge(answer: Answer, plant: int, devices: Sequence[str], now: datetime) -> Verdict:
    """Return what an answer means for a plant and its devices."""
    status = answer.status
    outcome = _outcome(status)
    if outcome is Outcome.ACCEPTED and status != 409:
        return _read(answer, plant, devices)
    wait = None
    if outcome is Outcome.UNREACHED:
        wait = _wait(answer.retry_after, now)
    return Verdict(outcome=outcome, status=status, words=_words(answer), wait=wait)


def _outcome(status: int | None) -> Outcome:
    """Return the class of a status; what is not known is left to the user, and loses nothing."""
    if status is None or status >= 500 or status in _TRANSIENT:
        return Outcome.UNREACHED
    if 200 <= status < 300 or status == 409:
        return Outcome.ACCEPTED
    if status in _PERMANENT:
        return Outcome.REFUSED
    if status == 413:
        return Outcome.TOO_LARGE
    return Outcome.DENIED if status in _DENIED else Outcome.MISPLACED


def _read(answer: Answer, plant: int, devices: Sequence[str]) -> Verdict:
    """Match the rows of a good answer against what was sent."""
    rows = _rows(answer.body)
    ours = [row for row in rows if "id_plant" in row and _name(row["id_plant"]) == str(plant)]
    bad = next((row for row in ours if _is_error(row)), None)
    if not ours or bad is not None:
        words = _words(answer) if bad is None else plain(bad.get("message"))
        return Verdict(outcome=Outcome.UNCLEAR, status=answer.status, words=words)
    told = {_name(row["id_device"]): row for row in rows if "id_device" in row}
    failed = {
        one: plain(told[one].get("message"))
        for one in devices
        if one in told and _is_error(told[one])
    }
    return Verdict(
        outcome=Outcome.ACCEPTED,
        status=answer.status,
        failed=failed,
        missing=tuple(one for one in devices if one not in told),
        silent=not any(one in told and one not in failed for one in devices),
    )


def _rows(body: Any) -> list[Mapping[str, Any]]:
    data = body.get("data") if isinstance(body, dict) else None
    rows = data.get("results") if isinstance(data, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _name(value: object) -> str:
    return str(value).strip()


def _is_error(row: Mapping[str, Any]) -> bool:
    return str(row.get("status")).strip().lower() == "error"


def _words(answer: Answer) -> str:
    said = answer.body.get("message") if isinstance(answer.body, dict) else None
    return plain(said) or answer.words or f"HTTP {answer.status}"


def _wait(text: str | None, now: datetime) -> timedelta | None:
    """Return what Retry-After asks for: seconds, or a date; None when it says nothing clear."""
    if text is None:
        return None
    if text.strip().isdecimal():
        return timedelta(seconds=min(int(text), 10**9))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(at - now, timedelta(0)) if at.tzinfo else None
