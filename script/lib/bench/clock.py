"""A wall clock that the work drives, so that intervals pass as quickly as it is done."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from unittest.mock import patch

from homeassistant.components.recorder.tasks import CommitTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

# How often the recorder writes to its file by default. What a row costs depends on how
# many go together.
_COMMIT_SECONDS: Final = 5


@contextmanager
def stepped_clock(hass: HomeAssistant, start: datetime) -> Generator[Callable[[datetime], None]]:
    """Stop Home Assistant's wall clock at `start`; what it gives sets it to another time.

    Intervals that are measured by the wall clock, ours and those of a peer, then pass as
    quickly as it is set, and so do those at which the recorder writes. Other timers of the
    event loop keep their own time.
    """
    recorder = get_instance(hass)
    now = start

    def utcnow() -> datetime:
        return now

    def follow(at: datetime) -> None:
        nonlocal now
        now = at
        if now.second % _COMMIT_SECONDS == 0:
            recorder.queue_task(CommitTask())

    with patch("homeassistant.util.dt.utcnow", utcnow), patch("homeassistant.util.utcnow", utcnow):
        yield follow
