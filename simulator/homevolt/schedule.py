"""A schedule of the ECU: what the battery does between two moments of the ECU's own clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

MANUAL = "Manual Schedule"
"""The id of every plan that a local command has touched."""


class Type(IntEnum):
    """What a schedule makes the battery do; 7 to 9 are missing from the help of the console."""

    IDLE = 0
    INVERTER_CHARGE = 1
    INVERTER_DISCHARGE = 2
    GRID_CHARGE = 3
    GRID_DISCHARGE = 4
    GRID_CHARGE_DISCHARGE = 5
    FREQUENCY_RESERVE = 6
    SOLAR_CHARGE = 7
    SOLAR_CHARGE_DISCHARGE = 8
    FULL_SOLAR_EXPORT = 9


TEXTS: Mapping[Type, str] = {
    Type.IDLE: "Idle schedule",
    Type.INVERTER_CHARGE: "Inverter charge setpoint",
    Type.INVERTER_DISCHARGE: "Inverter discharge setpoint",
    Type.GRID_CHARGE: "Grid charge setpoint",
    Type.GRID_DISCHARGE: "Grid discharge setpoint",
    Type.GRID_CHARGE_DISCHARGE: "Grid charge/discharge setpoint",
    Type.FREQUENCY_RESERVE: "Frequency reserve",
    Type.SOLAR_CHARGE: "Solar charge",
    Type.SOLAR_CHARGE_DISCHARGE: "Solar charge/discharge",
    Type.FULL_SOLAR_EXPORT: "Full solar export",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One schedule; times are epoch seconds, SoC limits %, the others as `/schedule.json` has them.

    Without an end it runs until it is replaced.
    """

    type: Type
    from_s: int
    to_s: int | None = None
    min_soc: int | None = None
    max_soc: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def active(self, at_s: float) -> bool:
        """Return whether it runs at this moment."""
        return self.from_s <= at_s and (self.to_s is None or at_s < self.to_s)


@dataclass(frozen=True, slots=True)
class Plan:
    """All schedules of the ECU, with the id of who wrote them."""

    id: str
    entries: tuple[Entry, ...] = ()

    def active(self, at_s: float) -> Entry | None:
        """Return the schedule that runs at this moment: the first in the list, if any."""
        return next((one for one in self.entries if one.active(at_s)), None)

    def turns(self, since_s: float) -> Sequence[float]:
        """Return when something may change, in order, beginning with `since_s`."""
        ends = (at for one in self.entries for at in (one.from_s, one.to_s))
        return sorted({since_s, *(at for at in ends if at is not None and at > since_s)})

    def document(self, first_id: int) -> list[dict[str, Any]]:
        """Return the list that `/schedule.json` shows."""
        return [_shown(one, first_id + place) for place, one in enumerate(self.entries)]

    def flat(self, first_id: int) -> list[dict[str, Any]]:
        """Return the same as some firmware shows it."""
        names = {"from": "from_ts", "to": "to_ts"}
        return [
            {names.get(key, key): value for key, value in one.items() if key != "params"}
            | one["params"]
            for one in self.document(first_id)
        ]


def _shown(entry: Entry, number: int) -> dict[str, Any]:
    optional = {"to": entry.to_s, "min": entry.min_soc, "max": entry.max_soc}
    return {
        "id": number,
        "from": entry.from_s,
        **{key: value for key, value in optional.items() if value is not None},
        "type": int(entry.type),
        "params": dict(entry.params),
    }


def listed(plan: Plan, local: Iterable[tuple[str, str | None]]) -> list[str]:
    """Return the lines of `sched_list`; `local` are start and end as the ECU writes them."""
    lines = [f"Schedule get: {len(plan.entries)} schedules. Current ID: '{plan.id}'"]
    for number, (entry, (start, end)) in enumerate(zip(plan.entries, local, strict=True)):
        line = f"id: {number}, type: {TEXTS[entry.type]}, from: {start}, to: {end or '<unset>'}"
        if entry.type is Type.IDLE:
            line += f", offline: {str(entry.params.get('offline', False)).lower()}"
        else:
            most = entry.params.get("max_charge", "<max allowed>")
            line += f", setpoint:{entry.params.get('setpoint', '<unset>')}, max_charge: {most}"
        lines.append(line)
    return lines
