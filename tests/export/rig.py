"""A sender, its queue and the platform it delivers to."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout
import pytest
from yarl import URL

from custom_components.energy_hub.export.client import Destination, EnrgClient
from custom_components.energy_hub.export.outbox import Outbox
from custom_components.energy_hub.export.sender import Sender
from custom_components.energy_hub.export.status import Summary
from custom_components.energy_hub.export.token import Token
from simulator.enrg import EnrgService

from ..simulator.tools import FrozenClock
from .tools import HOUR, NOON, PLANT, drive, local, message, outbox_of

DAY = timedelta(days=1)


class Rig:
    """A platform, a queue and what is between them."""

    def __init__(
        self, path: Path, service: EnrgService, clock: FrozenClock, session: ClientSession, url: str
    ) -> None:
        self.path, self.service, self.clock = path, service, clock
        self.session = session
        self.destination = Destination(url=URL(url), credential=service.config.credential)
        self.changes = 0
        self.patience_s = 0.3
        self.outbox: Outbox
        self.sender: Sender
        self.start()

    def start(self, token: Token | None = None) -> None:
        """Start the exporter; what it was is gone without a word, as in a kill."""
        timeout = ClientTimeout(total=self.patience_s)
        self.outbox = outbox_of(self.path)
        client = EnrgClient(self.session, self.destination, timeout)
        self.sender = Sender(
            self.outbox,
            client,
            self.clock,
            name="ENRG",
            token=token,
            changed=self._count,
            factor=lambda: 1.0,
        )

    def _count(self) -> None:
        self.changes += 1

    async def add(self, at: datetime = NOON, *serials: str, plant: int = PLANT) -> None:
        """Put a message into the queue."""
        await self.outbox.async_add(message(at, *serials, plant=plant), self.clock())

    async def work(self, time: timedelta = HOUR) -> None:
        """Let time pass, and the sender work."""
        await drive(self.sender, self.clock, self.clock.now + time)

    async def summary(self) -> Summary:
        """Return the queue in numbers."""
        return await self.outbox.async_summary(NOON)

    def stored(self, at: datetime = NOON) -> list[str]:
        """Return the devices that the platform has at a time."""
        rows = self.service.archive.at(local(at))
        return [row.id for row in rows if row.kind == "device"]

    @property
    def sent(self) -> list[tuple[int | None, tuple[str, ...]]]:
        """What was answered how, in order: status and devices."""
        return [(call.status, call.devices) for call in self.service.values_calls]


@pytest.fixture
def clock() -> FrozenClock:
    """Return a clock at noon."""
    return FrozenClock(NOON)


@pytest.fixture
async def rig(path: Path, clock: FrozenClock, socket_enabled: None) -> AsyncIterator[Rig]:
    """Return a platform that listens, and an exporter that has done nothing yet."""
    service = EnrgService(clock)
    url = await service.start()
    async with ClientSession() as session:
        rig = Rig(path, service, clock, session, url)
        yield rig
        await rig.outbox.async_close()
    await service.stop()
