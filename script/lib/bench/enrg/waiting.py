"""What it costs that very many messages wait: at the start, and while they are sent."""

import asyncio
from functools import partial
import gc
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from custom_components.energy_hub.memory import memory_path
from homeassistant.config_entries import ConfigEntryState
from homeassistant.util import dt as dt_util
from simulator.enrg import EnrgService

from ..case import Side
from ..core import Core, run
from ..entry import new_entry
from .queues import fill

_SECONDS: Final = 20
_PAGE: Final = 4096


def waiting(*, side: str, count: int, seconds: float = _SECONDS) -> dict[str, float]:
    """Return what an entry costs in whose queue `count` messages wait; the peer's has none."""
    return run(partial(async_waiting, count if Side(side) is Side.OURS else 0, seconds))


async def async_waiting(count: int, seconds: float, core: Core) -> dict[str, float]:
    """Return the figures of a running Home Assistant."""
    hass = core.hass
    service = EnrgService(dt_util.utcnow)
    url = await service.start()
    data = {"type": "enrg", "device_id": "bench", "url": url}
    entry = new_entry(
        "energy_hub", "enrg_bench", {**data, "credential": service.config.credential}, _options()
    )
    path = memory_path(hass, entry, "outbox.db")
    # Another entry first, so that no side pays for loading the code.
    await _set_up(core, new_entry("energy_hub", "enrg_first", {**data, "credential": "first"}))
    await hass.async_add_executor_job(fill, path, url, count)
    gc.collect()
    memory = _memory_mb()
    core.probe.reset()
    began = perf_counter()
    await _set_up(core, entry)
    setup = perf_counter() - began
    await asyncio.sleep(seconds)
    figures = {
        "setup_ms": setup * 1e3,
        "memory_mb": _memory_mb() - memory,
        "block_ms": core.probe.longest_seconds * 1e3,
        "block_cpu_ms": core.probe.longest_cpu_seconds * 1e3,
    }
    await hass.config_entries.async_unload(entry.entry_id)
    await service.stop()
    return figures


async def _set_up(core: Core, entry: Any) -> None:
    await core.hass.config_entries.async_add(entry)
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"the entry was not set up: {entry.reason}")


def _options() -> dict[str, Any]:
    plants = {str(one): {"id": one, "since": dt_util.utcnow().isoformat()} for one in range(100)}
    return {"plants": plants, "offered": [*plants]}


def _memory_mb() -> float:
    """Return how much memory this process has in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * _PAGE / 1e6
