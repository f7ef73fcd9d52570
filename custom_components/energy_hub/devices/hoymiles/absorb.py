"""A new answer about a day joins what is known of it. Pure; for the executor."""

from collections.abc import Mapping
from itertools import pairwise
import math
from typing import NamedTuple

from .pack import pack, unpack
from .series import Column, InverterDay, Series, merged, most

_RECENT = 10


class PortNewest(NamedTuple):
    """A port's newest sample (None: unknown), and the most energy of the day in Wh."""

    voltage: float | None
    current: float | None
    power: float | None
    wh: float | None


class Newest(NamedTuple):
    """What is shown of an inverter: its newest sample, and what leads to a plant's power."""

    minute: int
    power: float | None
    frequency: float | None
    temperature: float | None
    volts: tuple[float | None, ...]
    ports: Mapping[int, PortNewest]
    recent: Mapping[int, float]
    """Power at the last labels; 0 for one at which it did not answer."""
    step: int
    """Minutes between two labels."""


def absorb(packed: bytes | None, series: Series) -> tuple[bytes, dict[str, Newest]]:
    """Return the day with the new series in it, and the newest of every inverter in that."""
    both = series if packed is None else merged(unpack(packed), series)
    return pack(both), {serial: _newest(both[serial]) for serial in series if both[serial].minutes}


def _newest(day: InverterDay) -> Newest:
    labels = day.minutes[-_RECENT:]
    powers = day.power[-_RECENT:]
    steps = [later - earlier for earlier, later in pairwise(labels)]
    return Newest(
        minute=labels[-1],
        power=_last(day.power),
        frequency=_last(day.frequency),
        temperature=_last(day.temperature),
        volts=tuple(_last(phase) for phase in day.volts),
        ports={
            port: PortNewest(
                _last(one.voltage), _last(one.current), _last(one.power), most(one.energy)
            )
            for port, one in day.ports.items()
        },
        recent={
            minute: 0.0 if math.isnan(power) else power
            for minute, power in zip(labels, powers, strict=True)
        },
        step=min(steps, default=0),
    )


def _last(column: Column) -> float | None:
    """Return the newest value, as exact as it came: 0.1 is not 0.10000000149."""
    value = column[-1]
    return None if math.isnan(value) else round(value, 3)
