"""What both APIs of the cloud say, in words of our own. None is unknown."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ...reading import Flags


@dataclass(frozen=True, slots=True)
class Plant:
    """A plant; `name` is what its owner calls it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Inverter:
    """A micro-inverter; `number` is its number in the account API."""

    serial: str
    number: int | None = None
    model: str | None = None
    firmware: str | None = None
    ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How and where a plant is. `zones` may be wrong, `offset` from UTC is not."""

    flags: Flags
    zones: tuple[str, ...]
    offset: timedelta | None
    latitude: float | None = None
    longitude: float | None = None
    capacity_kw: float | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """A plant's own figures, W and Wh; `local` is its clock when they were taken."""

    local: datetime | None = None
    power_w: float | None = None
    today_wh: float | None = None
    month_wh: float | None = None
    year_wh: float | None = None
    total_wh: float | None = None
