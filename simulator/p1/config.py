"""Which meter stands at the P1 port."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Edition(StrEnum):
    """The e-MUCS P1 edition as the meter names it in 0-0:96.1.4."""

    V1_3 = "50213"
    """No phase powers, no demand registers, currents in whole amperes."""
    V1_7 = "50217"
    V2_1 = "50221"
    """Grid type, EAN codes and the relay lines of four M-Bus channels."""


class MbusKind(Enum):
    """A device on the meter's M-Bus: its type number, reading object, unit."""

    GAS = ("003", "24.2.3", "m3")
    HEAT = ("004", "24.2.1", "GJ")
    WATER = ("007", "24.2.1", "m3")

    @property
    def type_code(self) -> str:
        """Return the device type as sent in 0-n:24.1.0."""
        return self.value[0]

    @property
    def reading_code(self) -> str:
        """Return the object of its reading, without the channel."""
        return self.value[1]

    @property
    def unit(self) -> str:
        """Return the unit of its reading."""
        return self.value[2]


@dataclass(frozen=True, slots=True)
class P1Config:
    """A meter; the devices of `mbus` get channels 1, 2 ... in this order.

    A house of one phase gets a single-phase meter. Serials are made up.
    """

    edition: Edition = Edition.V1_7
    serial: str = "1SAG9900000001"
    mbus: tuple[MbusKind, ...] = (MbusKind.GAS, MbusKind.WATER)
