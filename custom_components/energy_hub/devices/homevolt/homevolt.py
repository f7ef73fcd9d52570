"""What the entities of a Homevolt show: the newest answers, guarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .cluster import Cluster, Totals
from .ecu import ClampValues, EcuValues
from .plan import Entry, Plan
from .report import Report, Status


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
class Planned:
    """The plan at one moment."""

    plan: Plan
    at: datetime

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

    @property
    def planned(self) -> Planned | None:
        """The plan as it is now."""
        return None if self.plan is None else Planned(self.plan, self.at)

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
