"""Messages, an outbox without threads, and time that a test turns."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from custom_components.energy_hub.export.outbox import Outbox
from custom_components.energy_hub.export.record import Message, Origin, Slot
from custom_components.energy_hub.export.sender import Sender
from custom_components.energy_hub.export.store import Store

from ..simulator.enrg.tools import plant as plant_object
from ..simulator.tools import FrozenClock

KIND = "micro-inverter"
TARGET = "https://telemetry.example.org"
PLANT = 3_187_654
SERIALS = ("A1", "B2", "C3", "D4")
NOON = datetime(2026, 6, 17, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def local(at: datetime) -> str:
    """Return the text of a time; the plants of these tests stand in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def message(
    at: datetime = NOON,
    *serials: str,
    plant: int = PLANT,
    energy: float = 12.345,
    origin: Origin = Origin.LIVE,
) -> Message:
    """Return the message of a plant at a time."""
    payload = plant_object(*(serials or SERIALS), date=local(at))
    return Message(
        Slot(KIND, plant, at), {**payload, "ID_PLANT": plant, "GENERATION": energy}, origin
    )


async def directly(function: Callable[..., Any], *args: Any) -> Any:
    """Run what belongs into the executor on the spot."""
    return function(*args)


def outbox_of(path: Path, target: str = TARGET) -> Outbox:
    """Return an outbox that does everything on the spot, and does not wait for the disk."""
    store = Store(path, target)
    store._connection.execute("PRAGMA synchronous = OFF")
    return Outbox(store, directly)


async def drive(sender: Sender, clock: FrozenClock, until: datetime) -> int:
    """Let the sender work, and time pass whenever it waits; return the number of steps."""
    steps = 0
    while (at := await sender.step()) is not None and at < until:
        clock.now = max(clock.now, at)
        steps += 1
    clock.now = max(clock.now, until)
    return steps
