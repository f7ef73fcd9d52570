"""What one micro-inverter reports of a day."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from .config import MicroConfig
from .track import Sight

_OPEN_V: Final = 37.0
_LOAD_V: Final = 5.0
"""How far a panel's voltage goes down at full power."""
_PANEL_W: Final = 430.0
_WARMER_C: Final = 25.0
"""How much warmer than the air an inverter is at full power."""


class PortSample(NamedTuple):
    """One port: DC side, and the energy since midnight on the AC side (whole Wh)."""

    port: int
    voltage_v: float
    current_a: float
    power_w: float
    energy_wh: int


class MicroSample(NamedTuple):
    """One inverter at one label; voltages of phases that it does not have are 0."""

    label: str
    power_w: float
    volts: tuple[float, float, float]
    frequency_hz: float
    temperature_c: float
    ports: tuple[PortSample, ...]


def report(
    micro: MicroConfig, sights: Sequence[Sight], shares: Sequence[float]
) -> list[MicroSample]:
    """Return the samples of an inverter; a share is what a port gives of the house's array."""
    return [_sample(micro, sight, shares) for sight in sights]


def die(samples: Sequence[MicroSample], alive: int) -> list[MicroSample]:
    """Return the samples of an inverter that dies after the first `alive` ones.

    Seen in the field: the last sample comes once more, then zeros while the energies stay, and
    a port that is gone altogether.
    """
    if not 0 < alive < len(samples):
        return list(samples[:alive])
    last, later = samples[alive - 1], samples[alive:]
    dead = [_dead(one.label, last) for one in later[1:]]
    return [*samples[:alive], last._replace(label=later[0].label), *dead]


def _dead(label: str, last: MicroSample) -> MicroSample:
    ports = tuple(PortSample(one.port, 0.0, 0.0, 0.0, one.energy_wh) for one in last.ports[:-1])
    return MicroSample(label, 0.0, (0.0, 0.0, 0.0), 0.0, 0.0, ports)


def _sample(micro: MicroConfig, sight: Sight, shares: Sequence[float]) -> MicroSample:
    ports = tuple(
        _port(port, sight, share, micro.efficiency)
        for port, share in zip(micro.ports, shares, strict=True)
    )
    power_w = sum(shares) * sight.power_w
    load = power_w / (_PANEL_W * len(shares)) if shares else 0.0
    return MicroSample(
        label=sight.label,
        power_w=round(power_w, 1),
        volts=_volts(sight, micro.phases),
        frequency_hz=round(sight.frequency_hz, 2),
        temperature_c=round(sight.outside_c + _WARMER_C * load, 1),
        ports=ports,
    )


def _volts(sight: Sight, phases: int) -> tuple[float, float, float]:
    first, second, third = (round(one, 1) for one in sight.volts)
    return (first, second, third) if phases == 3 else (first, 0.0, 0.0)


def _port(port: int, sight: Sight, share: float, efficiency: float) -> PortSample:
    power_w = share * sight.power_w / efficiency
    voltage_v = round(_OPEN_V - _LOAD_V * min(1.0, power_w / _PANEL_W), 1)
    return PortSample(
        port=port,
        voltage_v=voltage_v,
        current_a=round(power_w / voltage_v, 2),
        power_w=round(power_w, 1),
        energy_wh=int(share * sight.energy_wh),
    )
