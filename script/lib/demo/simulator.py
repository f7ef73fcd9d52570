"""The simulated house and the replayed meter, as programs."""

from collections.abc import Sequence
import json
from pathlib import Path
import sys
from typing import Final

from .child import Child
from .devices import DEVICES, METER, Listens
from .memory import House
from .paths import FOLDER
from .ports import assign

WEATHER: Final = "weather"
"""The weather service: no entry of its own reads it, the house does."""
_START_SECONDS: Final = 120
"""A house that exists for months computes a while until it knows its counters."""


def house(simulated: House, ports: dict[str, int]) -> Child:
    """Return the simulated house, every device on the port it had before."""
    place = simulated.place
    arguments = [
        f"--latitude={place.latitude}",
        f"--longitude={place.longitude}",
        f"--zone={place.zone}",
        f"--begin={simulated.begin}",
        f"--fine-from={simulated.fine}",
    ]
    names = ("control", WEATHER, *(device.name for device in DEVICES))
    arguments += [f"--port-{name}={assign(ports, name)}" for name in names]
    return _program("the simulated house", arguments, FOLDER / "simulator.log")


def replay(telegrams: Path, ports: dict[str, int]) -> Child:
    """Return the meter that sends the telegrams of this file."""
    port = assign(ports, replay_name(telegrams))
    arguments = [f"--replay={telegrams}", f"--port-{METER.name}={port}"]
    return _program("the replayed meter", arguments, FOLDER / "replay.log")


def replay_name(telegrams: Path) -> str:
    """Return the name under which this file's meter is remembered: each file is another one."""
    return f"replay {telegrams}"


async def listening(child: Child) -> dict[str, Listens]:
    """Return what listens where, by the name of the device, once it does."""
    found: dict[str, Listens] = json.loads(await child.answer(_START_SECONDS))
    return found


def _program(name: str, arguments: Sequence[str], output: Path) -> Child:
    return Child(name, [sys.executable, "-m", "simulator", "--json", *arguments], output)
