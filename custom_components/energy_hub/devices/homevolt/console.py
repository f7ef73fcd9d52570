"""Lines for the console of an ECU, and its replies. Pure.

The console is a shell that can erase and rebuild everything. From here go out two verbs with
whole numbers and times, and nothing else. Sources: the help of the console of a real ECU,
and replies that users have captured.
"""

from datetime import tzinfo
from enum import Enum, StrEnum
from typing import Final

from .compose import Wanted
from .local_time import written
from .plan import TYPES

_NUMBERS: Final = {mode: number for number, mode in TYPES.items()}
_OPTIONS: Final = (
    ("-s ", "power_w"),
    ("-c ", "max_charge_w"),
    ("-d ", "max_discharge_w"),
    ("-l ", "import_limit_w"),
    ("-x ", "export_limit_w"),
    ("--min=", "min_soc"),
    ("--max=", "max_soc"),
)


class Verb(StrEnum):
    """The verbs that are sent."""

    SET = "sched_set"
    """Replaces the whole plan by one entry."""
    ADD = "sched_add"


class Reply(Enum):
    """How a line went, by what the console says after it."""

    DONE = "done"
    REFUSED = "refused"
    UNCLEAR = "unclear"


def line(verb: Verb, wanted: Wanted, zone: tzinfo) -> str:
    """Return the line for one entry.

    Raises ValueError for a time that cannot be told, KeyError for an unknown mode.
    """
    entry = wanted.entry
    if entry.mode is None:
        raise KeyError(entry.mode)
    parts = [verb, f"{_NUMBERS[entry.mode]:d}"]
    for option, name in _OPTIONS:
        value: int | None = getattr(entry, name)
        if value is not None:
            parts.append(f"{option}{value:d}")
    if not wanted.now:
        parts.append(f"--from={written(entry.start, zone)}")
    if entry.end is not None:
        parts.append(f"--to={written(entry.end, zone)}")
    return " ".join(parts)


def reply_of(text: str) -> Reply:
    """Return how a line went: done is only what says so in the last line."""
    last = text.strip().splitlines()[-1:] or [""]
    if "executed successfully" in last[0]:
        return Reply.DONE
    lower = text.casefold()
    refusals = ("non-zero error code", "invalid option", "unrecognized command", "unknown command")
    return Reply.REFUSED if any(one in lower for one in refusals) else Reply.UNCLEAR
