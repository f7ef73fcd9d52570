"""A wall clock that the telegrams drive: a second passes with each of them."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from unittest.mock import patch

from homeassistant.components.recorder.tasks import CommitTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from .telegram import Telegram

# How often the recorder writes to its file by default. What a row costs depends on how
# many go together.
_COMMIT_SECONDS: Final = 5


@contextmanager
def telegram_clock(hass: HomeAssistant, start: datetime) -> Generator[Callable[[Telegram], None]]:
    """Stop Home Assistant's wall clock at `start`; what it gives sets it to a telegram's time.

    Intervals that are measured by the wall clock, ours and those of `dsmr`, then pass
    as quickly as the telegrams come, and so do those at which the recorder writes. Other
    timers of the event loop keep their own time.
    """
    recorder = get_instance(hass)
    now = start

    def utcnow() -> datetime:
        return now

    def follow(telegram: Telegram) -> None:
        nonlocal now
        now = telegram.at
        if now.second % _COMMIT_SECONDS == 0:
            recorder.queue_task(CommitTask())

    with patch("homeassistant.util.dt.utcnow", utcnow), patch("homeassistant.util.utcnow", utcnow):
        yield follow
