"""Which ECUs answer behind one host, and the peculiarities of their firmware."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class Layout(Enum):
    """How `/ems.json` names the sensors: firmware has done the one, then the other."""

    TYPE = "type"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class EcuConfig:
    """One ECU with its inverter and two battery blades.

    `battery` is its id in the world, `ecu_id` what the documents show: hexadecimal text or, by
    other firmware, the same as a number. Ids are made up.
    """

    ecu_id: str | int = "99aabbccdd01"
    battery: str = "homevolt"

    @property
    def euid(self) -> str:
        """Return its id among the sensors: 16 hexadecimal digits."""
        return f"{self.ecu_id:016x}" if isinstance(self.ecu_id, int) else self.ecu_id.zfill(16)


@dataclass(frozen=True, slots=True)
class ClampConfig:
    """One wireless clamp meter; `function` is what it measures: `grid` or `solar`."""

    node_id: int
    euid: str
    function: str
    rssi: int


GRID_CLAMP = ClampConfig(1, "a499aafffe000001", "grid", -81)
SOLAR_CLAMP = ClampConfig(3, "a499aafffe000003", "solar", -87)


@dataclass(frozen=True, slots=True)
class HomevoltConfig:
    """The ECUs behind one host, the leader first, and how their firmware behaves.

    `zone` is that of their clock (None: the house's). Of the types of schedule those in `idled`
    become idle ones without a word, those in `powered` are refused without a set-point.
    `current_per_a` is what `/ems.json` shows for one ampere. `flat` serves `/schedule.json` in
    another layout. With `lenient` schedules are also taken while local mode is off.
    `first_id` is the id of the first schedule in `/schedule.json`; the console counts from 0.
    """

    ecus: tuple[EcuConfig, ...] = (EcuConfig(),)
    clamps: tuple[ClampConfig, ...] = (SOLAR_CLAMP, GRID_CLAMP)
    layout: Layout = Layout.FUNCTION
    password: str | None = None
    zone: str | None = None
    partner: bool = True
    push_every: timedelta = timedelta(hours=1)
    idled: frozenset[int] = frozenset({8, 9})
    powered: frozenset[int] = frozenset({3, 4, 5})
    lenient: bool = False
    current_per_a: int = 10
    flat: bool = False
    first_id: int = 1
    firmware: str = "3056-99aabbcc"
