"""An Envoy on the wire with an unmodified pyenphase client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from aiohttp import ClientSession, ClientTimeout, DigestAuthMiddleware, TCPConnector
from pyenphase import Envoy as Library, EnvoyData
from pyenphase.auth import EnvoyTokenAuth
import pytest

from simulator.envoy import LOG_IN, TOKENS, Envoy, profiles
from simulator.world import House

from ..tools import FrozenClock

NOON = datetime(2026, 6, 21, 10, 3, tzinfo=UTC)
READINGS = "/ivp/meters/readings"
REPORT = "/production.json?details=1"
LISTED = "/api/v1/production/inverters"
DETAILS = "/ivp/pdm/device_data"


@dataclass
class Rig:
    """A gateway, a client of it, and what they are about."""

    house: House
    clock: FrozenClock
    envoy: Envoy
    host: str
    session: ClientSession
    library: Library

    def pass_time(self, **span: float) -> None:
        """Let time pass."""
        self.clock.now += timedelta(**span)

    async def join(self) -> None:
        """Log in with a token, or as old firmware wants it."""
        await self.library.setup()
        if self.envoy.config.legacy:
            await self.library.authenticate("envoy")
        else:
            await self.library.authenticate(token=self.envoy.cloud.token())

    async def update(self) -> EnvoyData:
        """Return what the library makes of it."""
        return await self.library.update()

    async def get(self, path: str, token: str | None = None) -> tuple[int, bytes]:
        """Return status and body of a plain request."""
        if self.envoy.config.legacy:
            digest = DigestAuthMiddleware("envoy", self.envoy.config.serial[-6:])
            url = f"http://{self.host}{path}"
            async with self.session.get(url, middlewares=(digest,)) as reply:
                return reply.status, await reply.read()
        headers = {"Authorization": f"Bearer {token or self.envoy.cloud.token()}"}
        async with self.session.get(f"https://{self.host}{path}", headers=headers) as reply:
            return reply.status, await reply.read()

    async def json(self, path: str) -> Any:
        """Return the body of a reply that must be good."""
        status, body = await self.get(path)
        assert status == 200
        return json.loads(body)

    @property
    def paths(self) -> list[str]:
        """Return every path that was asked for."""
        return [one.path for one in self.envoy.requests]


@asynccontextmanager
async def rig(
    profile: profiles.Profile | None = None,
    at: datetime = NOON,
    house: House | None = None,
    **config: Any,
) -> AsyncIterator[Rig]:
    """Run a gateway with a client that is not logged in."""
    house_config, device = profile or profiles.three_phase()
    clock = FrozenClock(at)
    house = house or House(house_config, at - timedelta(hours=30), fine_from=at)
    envoy = Envoy(house, clock, replace(device, **config))
    host = f"127.0.0.1:{await envoy.start()}"
    connector = TCPConnector(ssl=False)
    async with ClientSession(connector=connector, timeout=ClientTimeout(60)) as session:
        library = Library(host, session, v2_acb_mode=False)
        library.set_retry_policy(max_attempts=1)
        try:
            yield Rig(house, clock, envoy, host, session, library)
        finally:
            await envoy.stop()


async def lead_to_cloud(envoy: Envoy, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the library find the simulated cloud; return where it listens."""
    url = f"http://127.0.0.1:{await envoy.cloud.start()}"
    monkeypatch.setattr(EnvoyTokenAuth, "JSON_LOGIN_URL", f"{url}{LOG_IN}?")
    monkeypatch.setattr(EnvoyTokenAuth, "TOKEN_URL", f"{url}{TOKENS}")
    return url
