"""A real Home Assistant with a recorder on a file, in a folder that vanishes afterwards."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
import json
import logging
from pathlib import Path
import socket
import sqlite3
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from homeassistant import bootstrap, loader
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant, StateMachine
from homeassistant.core_config import async_process_ha_core_config
from homeassistant.helpers.recorder import async_initialize_recorder, get_instance
from homeassistant.runner import configure_event_loop
from homeassistant.setup import async_setup_component

from .probe import Probe

_DATABASE: Final = "home-assistant_v2.db"
_HOME: Final = {"time_zone": "Europe/Brussels", "country": "BE", "currency": "EUR"}
# `usb` and what it needs run in every Home Assistant; some peers ask for it.
_BASE: Final = ("homeassistant", "persistent_notification", "recorder", "usb")
# They say at every start that a custom integration is one and that zlib could be faster.
_TALKATIVE: Final = ("homeassistant.loader", "aiohttp_fast_zlib")


@dataclass(slots=True)
class Core:
    """A running Home Assistant and what is counted in it."""

    hass: HomeAssistant
    probe: Probe
    state_writes: int = 0

    async def async_recorded(self) -> int:
        """Return the number of state rows, once the recorder has written all it knows."""
        await get_instance(self.hass).async_block_till_done()
        return await self.hass.async_add_executor_job(self._state_rows)

    def _state_rows(self) -> int:
        with closing(sqlite3.connect(self.hass.config.path(_DATABASE))) as database:
            (rows,) = database.execute("SELECT COUNT(*) FROM states").fetchone()
        return int(rows)

    def count_write(self) -> None:
        """Count one write of a state, changed or not."""
        self.state_writes += 1


def run[T](work: Callable[[Core], Awaitable[T]]) -> T:
    """Return what `work` returns in a fresh Home Assistant that is up and quiet."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    probe = Probe()

    def new_loop() -> asyncio.AbstractEventLoop:
        loop = asyncio.SelectorEventLoop(probe)
        configure_event_loop(loop)
        return loop

    async def main() -> T:
        async with running(Path(folder), probe) as core:
            return await work(core)

    with TemporaryDirectory() as folder, asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(main())


@asynccontextmanager
async def running(folder: Path, probe: Probe) -> AsyncGenerator[Core]:
    """Run a Home Assistant whose configuration is this folder, also one of an earlier run."""
    _choose_http_port(folder)
    hass = HomeAssistant(str(folder))
    core = Core(hass, probe)
    with _counted(core):
        await _start(hass)
        await core.async_recorded()
        try:
            yield core
        finally:
            await hass.async_stop(force=True)


async def _start(hass: HomeAssistant) -> None:
    """Bring up the same as `hass` does, without the integrations that nobody asked for."""
    hass.config_entries = ConfigEntries(hass, {})
    loader.async_setup(hass)
    await bootstrap.async_load_base_functionality(hass)
    await async_process_ha_core_config(hass, _HOME)
    async_initialize_recorder(hass)
    for domain in _BASE:
        if not await async_setup_component(hass, domain, {domain: {}}):
            raise RuntimeError(f"Home Assistant did not set up {domain}")
    await hass.async_start()
    await hass.async_block_till_done()


def _counted(core: Core) -> Any:
    write = StateMachine.async_set_internal

    def counted(*args: Any, **kwargs: Any) -> None:
        core.count_write()
        write(*args, **kwargs)

    return patch.object(StateMachine, "async_set_internal", counted)


def _choose_http_port(folder: Path) -> None:
    """Let the web server, which comes with `usb`, listen on a free port of this machine only."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stable = {
        "server_host": ["127.0.0.1"],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    data = {"stable": stable, "pending": None, "yaml_migration_done": True}
    storage = folder / ".storage"
    storage.mkdir(exist_ok=True)
    (storage / "http").write_text(
        json.dumps({"version": 2, "minor_version": 2, "key": "http", "data": data}),
        encoding="utf-8",
    )
