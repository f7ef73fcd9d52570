"""A house whose past is imported, and what really happened in it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.house.imports import HouseImports
from custom_components.energy_hub.statistics import async_read_changes, async_read_means
from homeassistant.core import HomeAssistant

from .forecasting import PLANE, SOLAR, Build, Under, coordinator

HOUR = timedelta(hours=1)
FIRST = datetime(2026, 5, 31, 22, tzinfo=UTC)
"""The first of June in Brussels."""
COLUMNS = ("solar", "export", "forecast", "irradiance", "temperature")

type Row = Mapping[str, float]
type Ask = Callable[..., Awaitable[dict[str, Any]]]


def truth(under: Under, hours: int) -> dict[datetime, Row]:
    """Return what happened in the hours from the first on."""
    rows: dict[datetime, Row] = {}
    for number in range(hours):
        at = FIRST + number * HOUR
        seen = [under.weather.sky(at.timestamp() + n) for n in range(0, 3600, 300)]
        after = under.weather.sky(at.timestamp() + 3600)
        kwh = round(under.truth_wh(at, at + HOUR) / 1000, 4)
        rows[at] = {
            "solar": kwh,
            "export": round(0.4 * kwh, 4),
            "forecast": round(0.9 * kwh + 0.01, 4),
            "irradiance": round(sum(one.irradiance.level for one in seen) / 12, 1),
            "temperature": round((seen[0].temperature_c + after.temperature_c) / 2, 2),
        }
    return rows


def made_up(hours: int) -> dict[datetime, Row]:
    """Return values that no other hour has."""
    return {
        FIRST + n * HOUR: {name: round(place + 0.001 * n, 3) for place, name in enumerate(COLUMNS)}
        for n in range(hours)
    }


def as_csv(rows: Mapping[datetime, Row], columns: tuple[str, ...] = COLUMNS) -> str:
    """Return rows as a file."""
    lines = [",".join(("start", *columns))]
    for at, row in rows.items():
        lines.append(",".join((at.isoformat(), *(str(row[name]) for name in columns))))
    return "\n".join(lines) + "\n"


async def stands(hass: HomeAssistant, hours: int) -> dict[str, dict[datetime, float]]:
    """Return every row of the five series around the span."""
    start, end = FIRST - 48 * HOUR, FIRST + (hours + 1000) * HOUR
    counters = [f"{DOMAIN}:home_{key}" for key in ("solar", "export", "forecast")]
    means = [f"{DOMAIN}:home_{key}" for key in ("irradiance", "temperature")]
    changed = await async_read_changes(hass, counters, start, end, "hour")
    seen = await async_read_means(hass, means, start, end, "hour")
    rows = {name: {at: one[0] for at, one in hours_of.items()} for name, hours_of in seen.items()}
    return {
        name.removeprefix(f"{DOMAIN}:home_"): {at: round(one, 6) for at, one in found.items()}
        for name, found in {**changed, **rows}.items()
    }


def columns_of(rows: Mapping[datetime, Row]) -> dict[str, dict[datetime, float]]:
    """Return rows by their column."""
    return {name: {at: row[name] for at, row in rows.items()} for name in COLUMNS}


def imports(entry: MockConfigEntry) -> HouseImports:
    """Return the imports of a house."""
    return coordinator(entry).imports


@pytest.fixture
async def past(hass: HomeAssistant, under: Under, build: Build, tmp_path: Path) -> MockConfigEntry:
    """Return a house in September, with a configuration folder of its own."""
    hass.config.config_dir = str(tmp_path)
    under.freezer.move_to(datetime(2026, 9, 20, 12, tzinfo=UTC))
    return await build(PLANE, sources=(SOLAR,), weather={"service": False, "url": under.url})


@pytest.fixture
def ask(hass: HomeAssistant, past: MockConfigEntry) -> Ask:
    """Return a function that calls an action of the house."""

    async def call(action: str, **data: Any) -> dict[str, Any]:
        answer = await hass.services.async_call(
            DOMAIN,
            action,
            {"config_entry_id": past.entry_id, **data},
            blocking=True,
            return_response=True,
        )
        assert answer is not None
        return dict(answer)

    return call
