"""Diagnostics of a destination: numbers and words, without plants, serial numbers and secrets."""

from collections.abc import Sequence
from dataclasses import asdict
import re
from typing import Any, Final

from .metrics import View
from .round import Rounds
from .sender import Sender
from .settings import Settings
from .status import Refusal

_NUMBER: Final = re.compile(r"[0-9A-Fa-f]{6,}|\d{5,}")
_LAST: Final = 5


def report(
    view: View, settings: Settings, sender: Sender, rounds: Rounds, refusals: Sequence[Refusal]
) -> dict[str, Any]:
    """Return how delivery fares."""
    return {
        "delivery": view.state,
        "words": _bare(sender.words),
        "queue": asdict(view.summary),
        "plants": {"chosen": len(settings.aims), "unread": sorted(rounds.failed.values())},
        "impossible_values": rounds.impossible,
        "refused": [
            {"status": one.status, "words": sorted({_bare(said) for said in one.words.values()})}
            for one in refusals[:_LAST]
        ],
    }


def _bare(words: str) -> str:
    """Return words of a server without what may be a number of a plant or a device."""
    return _NUMBER.sub("#", words)
