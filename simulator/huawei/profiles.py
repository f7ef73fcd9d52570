"""Houses with the set-ups that are found in the field; a set-up is a house and its inverters."""

from dataclasses import replace
from typing import NamedTuple

from simulator.world import HouseConfig, Inverter, mixed_house, plain_house

from .config import HuaweiConfig, InverterConfig

_SMALL = InverterConfig(model="SUN2000-5KTL-L1", rated_w=5000, phases=1, meter=False)
_PLAIN = InverterConfig(model="SUN2000-5KTL-M1", rated_w=5000)
_HYBRID = InverterConfig()
_TWIN = InverterConfig(model="SUN2000-10KTL-M1", rated_w=10_000)
_SECOND = InverterConfig(
    unit_id=2,
    source="huawei2",
    serial="HV9900000002",
    model="SUN2000-4KTL-M1",
    rated_w=4000,
    meter=False,
)


class Profile(NamedTuple):
    """A house and the inverters in it."""

    house: HouseConfig
    device: HuaweiConfig


def single_phase(seed: int = 1) -> Profile:
    """Return a single-phase inverter without meter and battery."""
    return Profile(replace(plain_house(seed), phases=1), HuaweiConfig((_SMALL,)))


def metered(seed: int = 1) -> Profile:
    """Return a three-phase inverter with a DTSU meter, without battery."""
    return Profile(plain_house(seed), HuaweiConfig((_PLAIN,)))


def hybrid(seed: int = 1) -> Profile:
    """Return a three-phase inverter with meter and one LUNA2000, in the default house."""
    return Profile(mixed_house(seed), HuaweiConfig((_HYBRID,)))


def twin(seed: int = 1) -> Profile:
    """Return a three-phase inverter with meter and two LUNA2000, the second twice as large."""
    house = mixed_house(seed)
    luna, *others = house.batteries
    second = replace(luna, id="luna2", capacity_wh=10_000, charge_w=5000, discharge_w=5000)
    both = Inverter("huawei", "huawei", (luna.id, second.id), limit_w=11_000)
    house = replace(house, batteries=(luna, second, *others), inverters=(both,))
    return Profile(house, HuaweiConfig((_TWIN,)))


def pair(seed: int = 1) -> Profile:
    """Return the default house with a second inverter, unit id 2 behind the same host."""
    house = mixed_house(seed)
    array = replace(house.arrays[-1], id="huawei2", kwp=3.69, panels=9, azimuth_deg=275)
    second = Inverter("huawei2", "huawei2", limit_w=4400)
    house = replace(house, arrays=(*house.arrays, array), inverters=(*house.inverters, second))
    return Profile(house, HuaweiConfig((_HYBRID, _SECOND)))
