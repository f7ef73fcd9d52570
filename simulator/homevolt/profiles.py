"""Houses with the set-ups that are found in the field; a set-up is a house and its ECUs."""

from dataclasses import replace
from typing import NamedTuple

from simulator.world import HouseConfig, mixed_house

from .config import EcuConfig, HomevoltConfig, Layout

_SECOND = EcuConfig("99aabbccdd02", "homevolt2")


class Profile(NamedTuple):
    """A house and the ECUs in it."""

    house: HouseConfig
    device: HomevoltConfig


def single(seed: int = 1) -> Profile:
    """Return one ECU in the default house."""
    return Profile(mixed_house(seed), HomevoltConfig())


def old(seed: int = 1) -> Profile:
    """Return one ECU with the older layout of its documents and a number for an id."""
    ecu = EcuConfig(int("99aabbccdd01", 16))
    return Profile(
        mixed_house(seed), HomevoltConfig((ecu,), layout=Layout.TYPE, current_per_a=1, first_id=0)
    )


def pair(seed: int = 1) -> Profile:
    """Return a leader and a follower, each with a battery of its own."""
    house = mixed_house(seed)
    last = house.batteries[-1]
    second = replace(last, id="homevolt2", start_soc=40.0)
    return Profile(
        replace(house, batteries=(*house.batteries, second)),
        HomevoltConfig((EcuConfig(), _SECOND)),
    )


def old_pair(seed: int = 1) -> Profile:
    """Return a leader and a follower with the older layout."""
    house, device = pair(seed)
    return Profile(house, replace(device, layout=Layout.TYPE))
