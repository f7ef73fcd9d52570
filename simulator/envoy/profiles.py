"""Houses with the set-ups that are found in the field; a set-up is a house and its gateway."""

from dataclasses import replace
from typing import NamedTuple

from simulator.world import Battery, HouseConfig, PvArray, mixed_house

from .config import Ct, EnvoyConfig

_ROOF = PvArray("enphase", 4.92, 12, 35, 175, 4390)
_GARAGE = replace(_ROOF, kwp=3.28, panels=8, limit_w=2930, phases=(1,))
_UNITS = tuple(
    Battery(f"encharge{number}", 3_500, 1_280, 1_280, efficiency=0.94) for number in (1, 2)
)


class Profile(NamedTuple):
    """A house and the gateway in it."""

    house: HouseConfig
    device: EnvoyConfig


def standard(seed: int = 1) -> Profile:
    """Return a gateway without transformers, which knows what its inverters report."""
    device = EnvoyConfig(firmware="D7.6.175", metered=False, cts=(), phases=1, details=False)
    return Profile(_alone(seed, _GARAGE, 1), replace(device, report_s=300))


def broken_standard(seed: int = 1) -> Profile:
    """Return one with the firmware that shows zeros in /api/v1/production."""
    house, device = standard(seed)
    return Profile(house, replace(device, firmware="D8.3.5422", details=True, report_s=900))


def legacy(seed: int = 1) -> Profile:
    """Return a gateway with firmware 5: plain HTTP and a digest."""
    house, device = standard(seed)
    return Profile(house, replace(device, firmware="R5.0.49"))


def single_phase(seed: int = 1) -> Profile:
    """Return a gateway with transformers for production and grid, on one phase."""
    return Profile(_alone(seed, _GARAGE, 1), EnvoyConfig(firmware="D7.6.175", phases=1))


def three_phase(seed: int = 1) -> Profile:
    """Return a gateway with transformers on three phases."""
    return Profile(_alone(seed, _ROOF, 3), EnvoyConfig())


def total(seed: int = 1) -> Profile:
    """Return one whose second transformer measures what the house draws."""
    house, device = three_phase(seed)
    return Profile(house, replace(device, cts=(Ct.PRODUCTION, Ct.TOTAL)))


def battery(seed: int = 1) -> Profile:
    """Return a gateway with two batteries, a system controller and a transformer for them."""
    house, device = three_phase(seed)
    cts = (Ct.PRODUCTION, Ct.NET, Ct.STORAGE)
    ids = tuple(one.id for one in _UNITS)
    return Profile(replace(house, batteries=_UNITS), replace(device, cts=cts, batteries=ids))


def battery_without_meter(seed: int = 1) -> Profile:
    """Return one with batteries whose energy nobody counts."""
    house, device = battery(seed)
    return Profile(house, replace(device, cts=(Ct.PRODUCTION, Ct.NET)))


def crowd(inverters: int, seed: int = 1) -> Profile:
    """Return a gateway on three phases with this many inverters."""
    roof = replace(_ROOF, panels=inverters, kwp=0.41 * inverters, limit_w=366 * inverters)
    return Profile(_alone(seed, roof, 3), EnvoyConfig())


def mixed(seed: int = 1) -> Profile:
    """Return the default house with a gateway on its Enphase array."""
    return Profile(mixed_house(seed), EnvoyConfig())


def _alone(seed: int, array: PvArray, phases: int) -> HouseConfig:
    return HouseConfig(seed=seed, phases=3 if phases == 3 else 1, arrays=(array,), car=False)
