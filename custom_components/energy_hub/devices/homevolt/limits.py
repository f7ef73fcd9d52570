"""How much a battery may be told: by its makers, by its owner, by the fuse of the house. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .cluster import Cluster
from .field import number

_VOLTS: Final = 230
_MAIN_FUSE: Final = "ecu_main_fuse_size_a"


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts at one moment."""

    cluster: Cluster | None
    parameters: Mapping[str, Any] | None
    ceiling_w: int | None
    """The most that the owner allows the battery; None for what it is made for."""

    @property
    def battery_w(self) -> float | None:
        """The most that the battery may charge or discharge with."""
        rated_w = None if self.cluster is None else self.cluster.rated_w
        known = [one for one in (rated_w, self.ceiling_w) if one is not None]
        return min(known, default=None)

    @property
    def grid_w(self) -> float | None:
        """The most that may pass the meter: what the main fuse stands."""
        amps = number(self.parameters, _MAIN_FUSE, low=1, high=1000)
        if amps is None or self.cluster is None or self.cluster.leader is None:
            return None
        phases = sum(1 for volts in self.cluster.leader.volts if volts)
        return amps * _VOLTS * phases or None
