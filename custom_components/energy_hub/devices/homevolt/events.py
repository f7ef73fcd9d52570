"""The plan as events of a calendar."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from ...metric import PlanEvent
from .homevolt import Planned
from .plan import Entry

# What has no end is shown for so long.
_OPEN: Final = timedelta(days=30)


def events(planned: Planned) -> Sequence[PlanEvent]:
    """Return an event for each entry of the plan."""
    return [
        PlanEvent(
            start=entry.start,
            end=entry.start + _OPEN if entry.end is None else entry.end,
            word=entry.mode,
            details=_details(entry),
            id=str(int(entry.start.timestamp())),
        )
        for entry in _in_turn(planned.plan.entries)
    ]


def _in_turn(entries: Sequence[Entry]) -> Sequence[Entry]:
    return sorted(entries, key=lambda one: one.start)


def _details(entry: Entry) -> Sequence[str]:
    """Return power and limits in figures, which need no translation."""
    low, high = entry.min_soc, entry.max_soc
    found = [f"{entry.power_w} W"] if entry.power_w is not None else []
    if entry.max_charge_w is not None:
        found.append(f"↓ ≤ {entry.max_charge_w} W")
    if entry.max_discharge_w is not None:
        found.append(f"↑ ≤ {entry.max_discharge_w} W")
    if low is not None or high is not None:
        found.append(f"{0 if low is None else low}–{100 if high is None else high} %")
    if entry.import_limit_w is not None:
        found.append(f"⇐ ≤ {entry.import_limit_w} W")
    if entry.export_limit_w is not None:
        found.append(f"⇒ ≤ {entry.export_limit_w} W")
    return found
