"""Which entries a plan shall have: a command first, then what was planned, idle between. Pure.

What an ECU does outside of all entries is described nowhere, so that there is no such time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ...command import Mode
from .plan import Entry, Plan

MOST_ENTRIES: Final = 24
"""Plans of 27 entries have been seen to work."""
CLOCK_TOLERANCE: Final = timedelta(seconds=60)
"""How much the clock of an ECU may be off, which gets its time from the network."""
_NEAR: Final = timedelta(seconds=1)
_VALUES: Final = (
    "power_w",
    "min_soc",
    "max_soc",
    "max_charge_w",
    "max_discharge_w",
    "import_limit_w",
    "export_limit_w",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry as it shall be written; with `now` it begins when it is written."""

    entry: Entry
    now: bool = False

    def found(self, entry: Entry) -> bool:
        """Return whether this is what the ECU made of it."""
        wanted = self.entry
        tolerance = CLOCK_TOLERANCE if self.now else _NEAR
        return (
            entry.mode is wanted.mode
            and abs(entry.start - wanted.start) <= tolerance
            and _same(entry.end, wanted.end)
            and all(
                value is None or value == getattr(entry, name)
                for name in _VALUES
                if (value := getattr(wanted, name)) is not None
            )
        )


def _same(first: datetime | None, second: datetime | None) -> bool:
    if first is None or second is None:
        return first is second
    return abs(first - second) <= _NEAR


def agrees(plan: Plan, wanted: Sequence[Wanted]) -> bool:
    """Return whether an ECU says of its plan what was written."""
    return (
        plan.local is True
        and plan.manual
        and len(plan.entries) == len(wanted)
        and all(one.found(entry) for one, entry in zip(wanted, plan.entries, strict=True))
    )


def same_command(first: Entry, second: Entry) -> bool:
    """Return whether two entries are one command, whenever each of them began."""
    alike = (first.mode, first.power_w, first.max_charge_w) == (
        second.mode,
        second.power_w,
        second.max_charge_w,
    )
    return alike and _same(first.end, second.end)


def still_says(plan: Plan, known: Iterable[Entry], now: datetime) -> bool:
    """Return whether a plan still holds what is known of it, and no more; the past is past."""
    ahead = [one for one in plan.entries if one.end is None or one.end > now]
    return plan.local is not False and ahead == [
        one for one in known if one.end is None or one.end > now
    ]


def is_background(entry: Entry) -> bool:
    """Return whether an entry only fills time: idle, without a word more."""
    bare = all(getattr(entry, name) is None for name in _VALUES)
    return entry.mode is Mode.IDLE and bare


def can_be_kept(entries: Iterable[Entry]) -> bool:
    """Return whether every entry could be written again without losing something."""
    return all(one.mode is not None and not one.other for one in entries)


def compose(
    kept: Iterable[Entry], lease: Entry | None, now: datetime, own: Entry | None = None
) -> list[Wanted]:
    """Return the whole plan: the lease until its end, then the entries that are kept.

    Idle fills the rest of time; `own` is an idle entry that keeps its bounds.
    """
    found: list[Wanted] = []
    at: datetime | None = now
    if lease is not None:
        found.append(Wanted(lease, now=True))
        at = lease.end
    solid = [one for one in kept if one is own or not is_background(one)]
    for entry in sorted(solid, key=lambda one: one.start):
        if at is None:
            break
        if entry.end is not None and entry.end <= at:
            continue
        if entry.start > at:
            found.append(Wanted(_idle(at, entry.start), now=not found))
        found.append(Wanted(replace(entry, start=max(entry.start, at)), now=not found))
        at = entry.end
    if at is not None:
        found.append(Wanted(_idle(at, None), now=not found))
    return found


def _idle(start: datetime, end: datetime | None) -> Entry:
    return Entry(mode=Mode.IDLE, start=start, end=end)
