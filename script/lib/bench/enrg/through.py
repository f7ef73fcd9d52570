"""How many messages go through, from the memory of plants to the platform."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from uuid import uuid4

from aiohttp import ClientSession
from yarl import URL

from custom_components.energy_hub.export.client import Destination, EnrgClient
from custom_components.energy_hub.export.outbox import Outbox
from custom_components.energy_hub.export.record import Message
from custom_components.energy_hub.export.sender import Sender
from custom_components.energy_hub.export.token import token_of
from simulator.enrg import EnrgService

from ..case import Side
from .queues import BEGIN, messages


class _Clock:
    """A clock that a test of speed does not wait for: it steps to whatever comes next."""

    def __init__(self) -> None:
        self.now = BEGIN + timedelta(days=2)

    def __call__(self) -> datetime:
        return self.now


def through(*, side: str, count: int) -> dict[str, float]:
    """Return how fast messages go through, the platform in the same process for both sides."""
    with TemporaryDirectory() as folder:
        return asyncio.run(_through(Side(side), count, Path(folder)))


async def _through(side: Side, count: int, folder: Path) -> dict[str, float]:
    began = perf_counter()
    made = [*messages(count)]
    built = perf_counter() - began
    clock = _Clock()
    service = EnrgService(clock)
    url = await service.start()
    async with ClientSession() as session:
        client = EnrgClient(
            session, Destination(url=URL(url), credential=service.config.credential)
        )
        cpu, begin = process_time(), perf_counter()
        if side is Side.OURS:
            await _queue_and_send(made, client, clock, folder / "outbox.db", url)
        else:
            await _just_send(made, client, clock)
        seconds, cpu = perf_counter() - begin, process_time() - cpu
    await service.stop()
    if len(service.archive.of_kind("plant")) != count:
        raise RuntimeError("not everything arrived")
    return {
        "per_s": count / (seconds + built),
        "built_per_s": count / built,
        "cpu_us": cpu / count * 1e6,
    }


async def _queue_and_send(
    made: list[Message], client: EnrgClient, clock: _Clock, path: Path, url: str
) -> None:
    outbox = await Outbox.async_open(path, url, asyncio.to_thread)
    sender = Sender(outbox, client, clock, name="ENRG", factor=lambda: 1.0)
    for message in made:
        await outbox.async_add(message, clock())
    while (at := await sender.step()) is not None:
        clock.now = max(clock.now, at)
    await outbox.async_close()


async def _just_send(made: list[Message], client: EnrgClient, clock: _Clock) -> None:
    token = token_of(await client.create_token(), clock())
    if token is None:
        raise RuntimeError("the platform gives no token")
    for message in made:
        await client.send(message.slot.kind, message.payload, uuid4(), token.value)
