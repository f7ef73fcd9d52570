"""History by the hour into long-term statistics: our action, and Home Assistant's bare call."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from homeassistant.components.recorder.models import StatisticData, StatisticMeanType
from homeassistant.components.recorder.statistics import async_add_external_statistics
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from ..case import Side
from ..core import Core, run
from ..entry import new_entry

BEGIN: Final = datetime(2014, 1, 1, tzinfo=UTC)
COLUMNS: Final = ("solar", "export", "import", "irradiance", "temperature")
HOURS_A_YEAR: Final = 8766
FILE: Final = "history.csv"
_HOUR: Final = timedelta(hours=1)
_HOURS_A_MONTH: Final = 720
_TICK_S: Final = 0.01
_MEASURES: Final = COLUMNS[3:]


def importing(*, side: str, years: float) -> dict[str, float]:
    """Return how fast so many years come in, and what the event loop feels of it."""
    return run(partial(async_importing, Side(side), round(years * HOURS_A_YEAR)))


async def async_importing(side: Side, hours: int, core: Core) -> dict[str, float]:
    """Return the figures of a running Home Assistant."""
    hass = core.hass
    lags: list[float] = []
    if side is Side.OURS:
        await hass.async_add_executor_job(write_file, Path(hass.config.config_dir), hours)
        entry = await async_house(hass)
    ticker = asyncio.create_task(_tick(lags))
    core.probe.reset()
    began = perf_counter()
    rows = await (_ours(hass, entry) if side is Side.OURS else _peer(hass, hours))
    seconds = perf_counter() - began
    figures = {
        "rows_per_s": rows / seconds,
        "lag_ms": sum(lags) / len(lags) * 1e3,
        "block_ms": core.probe.longest_seconds * 1e3,
        "block_cpu_ms": core.probe.longest_cpu_seconds * 1e3,
    }
    ticker.cancel()
    with suppress(asyncio.CancelledError):
        await ticker
    return figures


def values(hour: int) -> tuple[float, ...]:
    """Return the columns of an hour."""
    solar = max(0.0, 3 - abs(hour % 24 - 12) / 2)
    level = round(250 * solar, 1)
    return round(solar, 3), round(0.4 * solar, 3), 0.25, level, 10.5 + hour % 24 / 8


def write_file(folder: Path, hours: int) -> None:
    """Write a file of so many hours into the configuration."""
    lines = [",".join(("start", *COLUMNS))]
    for hour in range(hours):
        cells = (str(value) for value in values(hour))
        lines.append(",".join(((BEGIN + hour * _HOUR).isoformat(), *cells)))
    (folder / FILE).write_text("\n".join(lines), encoding="utf-8")


async def async_house(hass: HomeAssistant) -> Any:
    """Return a house that is set up, of this run or of an earlier one."""
    options: dict[str, Any] = {"grid": [], "solar": [], "battery": []}
    data = {"type": "house", "device_id": "home"}
    entry: Any = next(iter(hass.config_entries.async_entries("energy_hub")), None)
    if entry is None:
        entry = new_entry("energy_hub", "house_home", data, options)
        await hass.config_entries.async_add(entry)
    elif entry.state is ConfigEntryState.NOT_LOADED:
        await hass.config_entries.async_setup(entry.entry_id)
    if entry.state is not ConfigEntryState.LOADED:
        raise RuntimeError(f"the house was not set up: {entry.reason}")
    return entry


async def async_import(hass: HomeAssistant, entry: Any) -> dict[str, Any]:
    """Begin the import of the file; return what the action answers."""
    answer = await hass.services.async_call(
        "energy_hub",
        "import_history",
        {"config_entry_id": entry.entry_id, "source": "csv", "file": FILE},
        blocking=True,
        return_response=True,
    )
    return dict(answer or {})


async def _ours(hass: HomeAssistant, entry: Any) -> int:
    await async_import(hass, entry)
    # The action does not wait for the end of a long import.
    (import_id, task) = next(iter(entry.runtime_data.imports.running.items()))
    await task
    rows: int = entry.runtime_data.imports.rows(import_id)
    return rows


async def _peer(hass: HomeAssistant, hours: int) -> int:
    sums = [0.0] * len(COLUMNS)
    for first in range(0, hours, _HOURS_A_MONTH):
        month = range(first, min(hours, first + _HOURS_A_MONTH))
        for place, name in enumerate(COLUMNS):
            rows = _rows(place, name, month, sums)
            async_add_external_statistics(hass, _metadata(name), rows)
            done: asyncio.Future[None] = hass.loop.create_future()
            get_instance(hass).queue_task(SynchronizeTask(done))
            await done
    return hours * len(COLUMNS)


def _rows(place: int, name: str, hours: Sequence[int], sums: list[float]) -> list[StatisticData]:
    found = []
    for hour in hours:
        value = values(hour)[place]
        start = BEGIN + hour * _HOUR
        if name in _MEASURES:
            found.append(StatisticData(start=start, mean=value, min=value, max=value))
        else:
            sums[place] += value
            found.append(StatisticData(start=start, state=sums[place], sum=sums[place]))
    return found


def _metadata(name: str) -> Any:
    measure = name in _MEASURES
    return {
        "mean_type": StatisticMeanType.ARITHMETIC if measure else StatisticMeanType.NONE,
        "has_sum": not measure,
        "name": name,
        "source": "bench",
        "statistic_id": f"bench:{name}",
        "unit_class": None if measure else "energy",
        "unit_of_measurement": None if measure else "kWh",
    }


async def _tick(lags: list[float]) -> None:
    """Note by how much each turn comes late."""
    while True:
        began = perf_counter()
        await asyncio.sleep(_TICK_S)
        lags.append(max(0.0, perf_counter() - began - _TICK_S))
