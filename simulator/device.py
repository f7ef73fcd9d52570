"""What the running simulator and its devices tell each other."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import NamedTuple

from .clock import Clock
from .faults import Faults
from .world import House

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a device is given: the world, its time, the port it was asked to use (0: any)."""

    house: House
    clock: Clock
    speed: float
    port: int
    serial: bool


@dataclass(frozen=True, slots=True)
class DevicePage:
    """What a device shows: its name, where it listens, its fault switches."""

    name: str
    listens: Mapping[str, str | int]
    faults: Faults


class Device(NamedTuple):
    """A device of the simulator: a name and what serves it while a context is open."""

    name: str
    serve: Callable[[Setting], AbstractAsyncContextManager[DevicePage]]
