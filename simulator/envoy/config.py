"""Which Envoy answers: its firmware, its current transformers, what hangs on it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

DEVICE_LIMIT = 50
"""From this many devices on `/ivp/pdm/device_data` leaves some out."""


class Ct(StrEnum):
    """What a current transformer measures, in the words of `/ivp/meters`."""

    PRODUCTION = "production"
    NET = "net-consumption"
    TOTAL = "total-consumption"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class EnvoyConfig:
    """A gateway; `array` and `batteries` are ids in the world, serials are made up.

    A gateway without `cts` knows its production from the inverters only, which report every
    `report_s`. With `details` it serves `/ivp/pdm/device_data`. `reply_s` is how long a reply
    takes. Firmware before 7 speaks plain HTTP and wants a digest instead of a token.
    """

    serial: str = "999000000001"
    firmware: str = "D8.3.5286"
    part_number: str = "800-00654-r08"
    array: str = "enphase"
    metered: bool = True
    cts: tuple[Ct, ...] = (Ct.PRODUCTION, Ct.NET)
    phases: Literal[1, 3] = 3
    batteries: tuple[str, ...] = ()
    details: bool = True
    report_s: int = 900
    reply_s: float = 0.0
    installer_password: str = "made-up"  # noqa: S105 - opens nothing but this

    @property
    def version(self) -> tuple[int, ...]:
        """Return the firmware as numbers."""
        return tuple(int(part) for part in self.firmware[1:].split("."))

    @property
    def legacy(self) -> bool:
        """Return whether it knows neither TLS nor tokens."""
        return self.version[0] < 7
