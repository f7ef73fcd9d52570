"""What a plan means for the batteries of the world."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from simulator.world import Battery, BatteryCommand, BatteryRules, House

from .schedule import Entry, Plan, Type

_REST: Final = BatteryRules(uncommanded=BatteryCommand(0))
_FOLLOWS: Final = {
    Type.GRID_CHARGE: (1, True, False),
    Type.GRID_DISCHARGE: (-1, False, True),
    Type.GRID_CHARGE_DISCHARGE: (1, True, True),
    Type.SOLAR_CHARGE: (0, True, False),
    Type.SOLAR_CHARGE_DISCHARGE: (1, True, True),
}
"""Types that regulate the meter: sign of the set-point, may charge, may discharge."""


class Steering:
    """The batteries of a cluster, which share what a plan asks for by their power."""

    def __init__(self, house: House, batteries: Sequence[Battery]) -> None:
        """Steer these batteries; nothing changes before `follow`."""
        self._house: Final = house
        self._batteries: Final = batteries

    def follow(
        self, plans: Sequence[tuple[datetime, Plan]], skew: timedelta, since: datetime
    ) -> None:
        """Let the batteries obey these plans, each from a moment on, instead of what was planned.

        `skew` is how much the clock is ahead that the plans are meant for.
        """
        turns: dict[datetime, Entry | None] = {}
        ends = [start for start, _ in plans[1:]]
        for (start, plan), end in zip(plans, [*ends, None], strict=True):
            for turn_s in plan.turns((start + skew).timestamp()):
                at = datetime.fromtimestamp(turn_s, UTC) - skew
                if end is None or at < end:
                    turns[at] = plan.active(turn_s)
        for battery in self._batteries:
            rules = [(at, self._rules(battery, entry)) for at, entry in turns.items()]
            self._house.plan(battery.id, rules, since)

    def _rules(self, battery: Battery, entry: Entry | None) -> BatteryRules:
        if entry is None:
            return _REST
        params = entry.params
        charge_w, discharge_w, command = self._command(battery, entry)
        return BatteryRules(
            charge_w=_least(charge_w, self._part(battery, params, "max_charge")),
            discharge_w=_least(discharge_w, self._part(battery, params, "max_discharge")),
            min_soc=max(battery.min_soc, entry.min_soc or 0),
            max_soc=battery.max_soc if entry.max_soc is None else entry.max_soc,
            uncommanded=command,
        )

    def _command(
        self, battery: Battery, entry: Entry
    ) -> tuple[int | None, int | None, BatteryCommand]:
        """Return the limits of charge and discharge that belong to a type, and what it does."""
        setpoint = entry.params.get("setpoint")
        part = self._part(battery, entry.params, "setpoint")
        match entry.type:
            case Type.INVERTER_CHARGE:
                return None, None, BatteryCommand(-battery.charge_w if part is None else -part)
            case Type.INVERTER_DISCHARGE:
                return None, None, BatteryCommand(battery.discharge_w if part is None else part)
            case kind if kind in _FOLLOWS:
                sign, charges, discharges = _FOLLOWS[kind]
                command = BatteryCommand(None, grid_w=sign * (setpoint or 0))
                return None if charges else 0, None if discharges else 0, command
        return None, None, BatteryCommand(0)

    def _part(self, battery: Battery, params: Mapping[str, int], name: str) -> int | None:
        """Return this battery's part of a power of the whole cluster, in W."""
        whole = params.get(name)
        if whole is None:
            return None
        return whole * battery.charge_w // sum(one.charge_w for one in self._batteries)


def _least(first: int | None, second: int | None) -> int | None:
    return min((one for one in (first, second) if one is not None), default=None)
