"""Which modes the firmware takes: asked once, by entries that never come to run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

from homeassistant.util import dt as dt_util

from ...command import Mode
from .client import CommandRefusedError
from .compose import Wanted
from .local_time import can_be_told
from .plan import TYPES, Entry, Plan
from .write import ClockWrongError, PlanWriter

ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
IDLED: Final = "idled"
"""Taken, and turned into an idle entry."""

_AHEAD: Final = timedelta(days=1)
_EACH: Final = timedelta(minutes=15)
# More than any clock goes back.
_PAST_FOLD: Final = timedelta(hours=3)
_POWERED: Final = frozenset(
    {
        Mode.INVERTER_CHARGE,
        Mode.INVERTER_DISCHARGE,
        Mode.GRID_CHARGE,
        Mode.GRID_DISCHARGE,
        Mode.GRID_CHARGE_DISCHARGE,
        Mode.SOLAR_CHARGE_DISCHARGE,
    }
)


@dataclass(frozen=True, slots=True)
class ModeProof:
    """What one firmware does with each mode."""

    firmware: str
    verdicts: Mapping[Mode, str]

    @property
    def accepted(self) -> frozenset[Mode]:
        """The modes that it takes."""
        return frozenset(mode for mode, word in self.verdicts.items() if word == ACCEPTED)

    def as_data(self) -> dict[str, Any]:
        """Return what the entry remembers of it."""
        return {"firmware": self.firmware, "modes": dict(self.verdicts)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None, firmware: str) -> Self | None:
        """Return what was remembered; None if it is of another firmware."""
        if data is None or data.get("firmware") != firmware:
            return None
        return cls(firmware, {Mode(mode): word for mode, word in data["modes"].items()})


async def async_prove(
    writer: PlanWriter, firmware: str, probes: Iterable[Entry], before: Plan
) -> ModeProof:
    """Return what the firmware takes; local mode must be on. Raises DeviceError.

    The probes stand at the end of the plan until the plan is written again, which the caller
    does in any case; `before` is the plan without them.
    """
    entries = {entry.mode: entry for entry in probes}
    refused = set()
    for mode, entry in entries.items():
        try:
            await writer.async_add(Wanted(entry))
        except CommandRefusedError:
            refused.add(mode)
    plan = await writer.async_read()
    new = [entry for entry in plan.entries if entry not in before.entries]
    verdicts = {
        mode: REFUSED if mode in refused else _verdict(new, entry)
        for mode, entry in entries.items()
        if mode is not None
    }
    return ModeProof(firmware, verdicts)


def probe_entries(now: datetime) -> Iterable[Entry]:
    """Yield one entry for each mode, one after the other, a day ahead."""
    zone = dt_util.get_default_time_zone()
    start = (now + _AHEAD).replace(second=0, microsecond=0)
    edges = [start + number * _EACH for number in range(len(TYPES) + 1)]
    if not all(can_be_told(at, zone) for at in edges):
        start += _PAST_FOLD
    for number, mode in TYPES.items():
        begin = start + number * _EACH
        power_w = 0 if mode in _POWERED else None
        yield Entry(mode=mode, start=begin, end=begin + _EACH, power_w=power_w)


def _verdict(new: Iterable[Entry], wanted: Entry) -> str:
    """Return what became of an entry; raises ClockWrongError when its times moved."""
    there = {one.mode for one in new if (one.start, one.end) == (wanted.start, wanted.end)}
    if wanted.mode in there:
        return ACCEPTED
    if Mode.IDLE in there:
        return IDLED
    if any(one.mode is wanted.mode for one in new):
        raise ClockWrongError
    return REFUSED
