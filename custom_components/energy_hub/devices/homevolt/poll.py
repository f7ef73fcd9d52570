"""Which documents are asked for when, and one pass over those that are due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ...errors import DeviceError, InvalidAuthError
from .client import Ecu, NoDocumentError, StatusError

# What a document said last is still the present for so many polls in which it fails.
_KEPT_POLLS: Final = 3
# A silent request costs ten seconds; more than this a poll has no time for.
_PATIENCE: Final = 2
_MISSING: Final = 404
_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Document[T]:
    """One document, how it is read, and how it fares."""

    path: str
    every: timedelta
    read: Callable[[Any], T]
    """Returns what a document says; raises ValueError when it is another one."""
    optional: bool = False
    """Not every firmware has it."""
    value: T | None = None
    """What it said last; None when that is too long ago."""
    raw: Any = None
    """The same as it came, for those who look for a problem."""
    at: datetime | None = None
    """When it said that."""
    failures: int = 0
    missing: bool = False
    """The firmware does not have it; asked again once a day."""
    next: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to ask."""
        return self.next is None or now >= self.next

    async def async_ask(self, ecu: Ecu, now: datetime) -> T:
        """Ask for it now and return what it says; raises DeviceError."""
        try:
            raw = await ecu.get(self.path)
            value = self.read(raw)
        except ValueError as err:
            self._fail(now)
            raise NoDocumentError from err
        except DeviceError as err:
            # What was there before is only away for a moment.
            never = self.optional and self.at is None
            self.missing = never and isinstance(err, StatusError) and err.status == _MISSING
            self._fail(now)
            raise
        self.value, self.raw, self.at = value, raw, now
        self.failures, self.missing = 0, False
        self.next = now + self.every
        return value

    def _fail(self, now: datetime) -> None:
        self.failures += 1
        self.next = now + _DAY if self.missing else now
        if self.missing or self.failures >= _KEPT_POLLS:
            self.value = self.raw = None


async def async_poll(ecu: Ecu, documents: Sequence[Document[Any]], now: datetime) -> None:
    """Ask for every document that is due; they hold what came of it.

    The first is what the poll is about: when it is not to be had, its DeviceError is raised.
    Refused credentials are raised at once: whoever goes on guessing is locked out. Documents
    that failed lately come last, so that the others keep their pace.
    """
    first = documents[0]
    due = [one for one in documents if one.is_due(now)]
    due.sort(key=lambda one: (one is not first, one.failures > 0))
    patience = _PATIENCE
    for document in due:
        try:
            await document.async_ask(ecu, now)
        except InvalidAuthError:
            raise
        except DeviceError:
            if document is first:
                raise
            patience -= not document.missing
            if not patience:
                return
