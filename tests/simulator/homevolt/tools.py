"""A Homevolt on the wire with a plain HTTP client, and with the unmodified vendor library."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession
import homevolt

from simulator.homevolt import Homevolt, profiles
from simulator.world import BatteryTruth, House

from ..tools import FrozenClock

NOON = datetime(2026, 6, 21, 10, tzinfo=UTC)
NIGHT = datetime(2026, 1, 14, 22, 0, tzinfo=UTC)
"""23:00 in Belgium; the partner discharges to cover the house."""


@dataclass
class Rig:
    """A device, a client of it, and what they are about."""

    house: House
    clock: FrozenClock
    device: Homevolt
    host: str
    session: ClientSession

    async def get(self, path: str) -> Any:
        """Return a document."""
        async with self.session.get(f"http://{self.host}/{path}") as reply:
            assert reply.status == 200
            return await reply.json()

    async def status(self, method: str, path: str, **request: Any) -> int:
        """Return the status of the reply to a request."""
        async with self.session.request(method, f"http://{self.host}/{path}", **request) as reply:
            await reply.read()
            return reply.status

    async def console(self, line: str) -> str:
        """Return what the console answers."""
        form = {"cmd": line}
        async with self.session.post(f"http://{self.host}/console.json", data=form) as reply:
            assert reply.status == 200
            return await reply.text()

    async def done(self, line: str) -> None:
        """Let the console obey a line."""
        assert (await self.console(line)).strip().endswith("executed successfully")

    async def local(self, on: bool = True) -> None:
        """Turn local mode on or off."""
        await self.done(f"param_set settings_local {str(on).lower()}")

    async def library(self, password: str | None = None) -> homevolt.Homevolt:
        """Return the vendor library after its first reading."""
        client = homevolt.Homevolt(self.host, password, self.session)
        await client.update_info()
        return client

    @property
    def asked(self) -> list[tuple[str, str, str]]:
        """Return every request: method, path, form."""
        return [
            (one.method, one.path, "&".join(f"{key}={text}" for key, text in one.form.items()))
            for one in self.device.requests
        ]

    def battery(self, name: str = "homevolt", after_s: float = 0) -> BatteryTruth:
        """Return what a battery does now, or after some seconds."""
        self.clock.pass_s(after_s)
        return self.house.truth(self.clock()).batteries[name]

    def watts(self, after_s: float = 0) -> int:
        """Return the power of the battery now, or after some seconds."""
        return self.battery("homevolt", after_s).power_w


@asynccontextmanager
async def rig(
    profile: profiles.Profile | None = None,
    at: datetime = NOON,
    house: House | None = None,
    **changes: Any,
) -> AsyncIterator[Rig]:
    """Run a device with a client."""
    house_config, config = profile or profiles.single()
    clock = FrozenClock(at)
    house = house or House(house_config, at - timedelta(hours=1))
    device = Homevolt(house, clock, replace(config, **changes))
    port = await device.start()
    try:
        async with ClientSession() as session:
            yield Rig(house, clock, device, f"127.0.0.1:{port}", session)
    finally:
        await device.stop()
