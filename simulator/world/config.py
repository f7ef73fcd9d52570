"""Which house: its place, its phases and its devices."""

from dataclasses import dataclass
from typing import Literal

from .battery import Battery
from .inverter import Inverter
from .solar import PvArray
from .sun import Place

BRUSSELS_PLACE = Place(50.85, 4.35, "Europe/Brussels")

_HOYMILES = PvArray("hoymiles", 2.58, 6, 35, 95, 2400, phases=(1,))
_ENPHASE = PvArray("enphase", 3.28, 8, 35, 265, 2930, phases=(2,))
_HUAWEI = PvArray("huawei", 5.33, 13, 40, 185, 5000)
_LUNA = Battery("luna", capacity_wh=5_000, charge_w=2_500, discharge_w=2_500, min_soc=5.0)
_HOMEVOLT = Battery("homevolt", capacity_wh=13_304, charge_w=6_000, discharge_w=6_000)


@dataclass(frozen=True, slots=True)
class HouseConfig:
    """A house; ids of its devices are free, a device module looks for its own."""

    seed: int = 1
    place: Place = BRUSSELS_PLACE
    phases: Literal[1, 3] = 3
    arrays: tuple[PvArray, ...] = ()
    batteries: tuple[Battery, ...] = ()
    inverters: tuple[Inverter, ...] = ()
    heat_pump: bool = True
    car: bool = True


def mixed_house(seed: int = 1, place: Place = BRUSSELS_PLACE) -> HouseConfig:
    """Return the default house: three brands of solar, two brands of battery."""
    return HouseConfig(
        seed=seed,
        place=place,
        arrays=(_HOYMILES, _ENPHASE, _HUAWEI),
        batteries=(_LUNA, _HOMEVOLT),
        inverters=(Inverter("huawei", "huawei", ("luna",), limit_w=8_800),),
    )


def plain_house(seed: int = 1, place: Place = BRUSSELS_PLACE) -> HouseConfig:
    """Return a house with one array, no battery, no heat pump and no car."""
    return HouseConfig(
        seed=seed,
        place=place,
        arrays=(_HUAWEI,),
        inverters=(Inverter("huawei", "huawei", limit_w=5_500),),
        heat_pump=False,
        car=False,
    )
