"""What the entities of a Homevolt show: the newest answers, guarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ...command import Mode
from .cluster import Cluster, Totals
from .ecu import ClampValues, EcuValues
from .plan import Entry, Plan
from .report import Report, Status

# It takes a while to get to a power, and is never quite there.
_SETTLED: Final = timedelta(minutes=1)
_SLACK_W: Final = 150
_SLACK: Final = 0.1


@dataclass(frozen=True, slots=True)
class Unit:
    """One battery of a cluster."""

    values: EcuValues
    totals: Totals


@dataclass(frozen=True, slots=True)
class Clamp:
    """One clamp, or the calculated load."""

    values: ClampValues
    totals: Totals
    battery_v: float | None


@dataclass(frozen=True, slots=True)
class Told:
    """What the battery follows for us, and what it could be told."""

    mode: Mode | None
    power_w: float | None
    """The power that the next command takes."""
    most_w: float | None


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan at one moment."""

    plan: Plan
    at: datetime
    told: Told

    @property
    def now(self) -> Entry | None:
        """The entry that runs."""
        return self.plan.active(self.at)


@dataclass(frozen=True, slots=True)
class Homevolt:
    """One moment of a cluster; a document without news is None."""

    cluster: Cluster
    measured: datetime
    """When the cluster said this."""
    at: datetime
    """What counts as now for the plan."""
    plan: Plan | None
    status: Status | None
    report: Report | None
    clamp_volts: Mapping[str, float | None]
    """Voltage of the battery in each clamp, by its id."""
    told: Told

    @property
    def planned(self) -> Planned | None:
        """The plan as it is now."""
        return None if self.plan is None else Planned(self.plan, self.at, self.told)

    @property
    def follows_plan(self) -> bool | None:
        """Whether the battery does what its plan says, as far as that is a power.

        None before it had a minute for it, and for a plan that regulates the meter.
        """
        entry = None if self.plan is None else self.plan.active(self.measured)
        power_w, cluster = self.cluster.power_w, self.cluster
        if entry is None or power_w is None or self.measured - entry.start < _SETTLED:
            return None
        if entry.mode is Mode.IDLE:
            return abs(power_w) <= _SLACK_W
        if entry.mode is Mode.INVERTER_CHARGE:
            return _does(0 - power_w, entry.power_w, cluster.charge_w)
        if entry.mode is Mode.INVERTER_DISCHARGE:
            return _does(power_w, entry.power_w, cluster.discharge_w)
        return None

    def unit(self, name: str) -> Unit | None:
        """Return one battery by its ECU; None while that is silent."""
        ecu = self.cluster.ecu(name)
        return None if ecu is None else Unit(ecu, self.cluster.totals.get(name, Totals()))

    def clamp(self, name: str) -> Clamp | None:
        """Return one clamp by its id; None while it is away."""
        clamp = self.cluster.clamp(name)
        if clamp is None:
            return None
        totals = self.cluster.totals.get(name, Totals())
        return Clamp(clamp, totals, self.clamp_volts.get(name))


def _does(power_w: float, wanted_w: float | None, able_w: float | None) -> bool | None:
    """Return whether a power is what was wanted; more than it is able to is not expected."""
    if wanted_w is None or able_w is None:
        return None
    slack = max(_SLACK_W, _SLACK * wanted_w)
    return min(wanted_w, able_w) - slack <= power_w <= wanted_w + slack
