"""One life of the exporter in a process of its own: adds messages and delivers, until killed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import logging
from pathlib import Path
import time
from typing import Final

from aiohttp import ClientSession, ClientTimeout
from yarl import URL

from custom_components.energy_hub.export.client import Destination, EnrgClient
from custom_components.energy_hub.export.enrg import KIND, build
from custom_components.energy_hub.export.form import Choice, Form
from custom_components.energy_hub.export.outbox import Outbox
from custom_components.energy_hub.export.record import Message
from custom_components.energy_hub.export.sender import Sender
from custom_components.energy_hub.reading import History, PortSample, Sample

SPEED: Final = 100
"""Seconds of the exporter's clock in a second."""
BEGIN: Final = datetime(2026, 6, 17, tzinfo=UTC)
PLANTS: Final = (3_187_654, 3_187_702)
_INVERTERS: Final = 3
_HOUR: Final = timedelta(hours=1)
_PAUSE_SECONDS: Final = 0.02
_TIMEOUT: Final = ClientTimeout(total=0.5)


@dataclass(frozen=True, slots=True)
class Life:
    """What a life is told."""

    folder: Path
    url: str
    credential: str
    zero_s: float
    """When the clock began (seconds since 1970)."""
    slots: int
    """Messages of each plant."""

    def clock(self) -> datetime:
        """Return the time of the exporter, the same in every life."""
        return BEGIN + timedelta(seconds=(time.time() - self.zero_s) * SPEED)


def live(life: Life) -> None:
    """Live until killed; everything that is said goes into a file."""
    logging.basicConfig(filename=life.folder / "exporter.log", level=logging.DEBUG)
    asyncio.run(_live(life))


def messages(slots: int) -> list[Message]:
    """Return the messages of all plants, one an hour."""
    end = BEGIN + slots * _HOUR
    return [
        message
        for plant in PLANTS
        for message in build(
            _history(plant, slots), Choice(id=plant), Form(), BEGIN, end, end + timedelta(days=1)
        ).messages
    ]


def _history(plant: int, slots: int) -> History:
    port = PortSample(31.2, 5.1, 159.0, 100.0)
    samples = [Sample(BEGIN + hour * _HOUR, 310.0, ports={1: port}) for hour in range(slots)]
    serials = [f"{plant}-{number}" for number in range(_INVERTERS)]
    return History(source=str(plant), zone=UTC, samples=dict.fromkeys(serials, samples))


async def _live(life: Life) -> None:
    outbox = await Outbox.async_open(life.folder / "outbox.db", life.url, asyncio.to_thread)
    async with ClientSession() as session, asyncio.TaskGroup() as tasks:
        destination = Destination(url=URL(life.url), credential=life.credential)
        client = EnrgClient(session, destination, _TIMEOUT)
        sender = Sender(outbox, client, life.clock, name="ENRG")
        tasks.create_task(_add(life, outbox, sender))
        tasks.create_task(sender.run(_timer(life.clock)))


async def _add(life: Life, outbox: Outbox, sender: Sender) -> None:
    """Add what no life has added yet."""
    end = BEGIN + life.slots * _HOUR
    known = {
        (plant, slot)
        for plant in PLANTS
        for slot in await outbox.async_slots(KIND, plant, BEGIN, end)
    }
    for message in messages(life.slots):
        if (message.slot.plant, message.slot.at) not in known:
            await outbox.async_add(message, life.clock())
            sender.wake()
            await asyncio.sleep(_PAUSE_SECONDS)


def _timer(clock: Callable[[], datetime]) -> Callable[..., Callable[[], None]]:
    def timer(at: datetime, call: Callable[[], None]) -> Callable[[], None]:
        seconds = max(0.0, (at - clock()).total_seconds()) / SPEED
        return asyncio.get_running_loop().call_later(seconds, call).cancel

    return timer
