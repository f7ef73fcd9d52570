"""The action that tells what a house did, from long-term statistics alone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.statistics import HOUR, Series, async_write_changes
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .conftest import GRID, AddHouse, Pass, Sensors

# The day before the change of 25 October, in Brussels.
BEGIN = datetime(2026, 10, 23, 22, tzinfo=UTC)


async def _ask(hass: HomeAssistant, entry: MockConfigEntry, **data: object) -> list[dict[str, Any]]:
    answer = await hass.services.async_call(
        DOMAIN,
        "get_totals",
        {"config_entry_id": entry.entry_id, **data},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


async def test_days_of_24_and_25_hours(
    recorder_mock: Recorder, hass: HomeAssistant, add_house: AddHouse
) -> None:
    entry = await add_house(GRID)
    for key, kwh in {"solar": 2.0, "import": 0.5, "export": 1.5, "house": 1.0}.items():
        series = Series(f"home_{key}", key, "kWh", "energy")
        await async_write_changes(hass, series, {BEGIN + n * HOUR: kwh for n in range(49)})
    rows = await _ask(
        hass, entry, start="2026-10-24 00:00:00", end="2026-10-26 00:00:00", period="day"
    )
    assert [row["start"] for row in rows] == [
        "2026-10-24T00:00:00+02:00",
        "2026-10-25T00:00:00+02:00",
    ]
    assert [row["solar"] for row in rows] == [48, 50]
    assert [row["direct_use"] for row in rows] == [12, 12.5]
    assert [row["self_consumption"] for row in rows] == [25, 25]
    assert [row["self_sufficiency"] for row in rows] == [50, 50]
    assert rows[0]["battery_in"] is None
    (month,) = await _ask(
        hass, entry, start="2026-10-01 00:00:00", end="2026-11-01 00:00:00", period="month"
    )
    assert month["import"] == 24.5


async def test_the_ledger_writes_what_the_action_reads(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    add_house: AddHouse,
    sensors: Sensors,
    passes: Pass,
) -> None:
    sensors(meter_power=1000, meter_import=100, meter_export=50)
    entry = await add_house(GRID)
    for step in range(1, 15):
        await passes(300)
        sensors(meter_power=1000 + step, meter_import=100 + step / 12)
    await passes(320)
    rows = await _ask(hass, entry, start="2026-06-17 00:00:00", period="hour")
    assert rows[0]["import"] == pytest.approx(1, abs=0.05)
    assert rows[0]["house"] == pytest.approx(1, abs=0.05)
    assert rows[0]["settled"] is True
    assert rows[-1]["settled"] is False


async def test_what_cannot_be_asked(
    recorder_mock: Recorder, hass: HomeAssistant, add_house: AddHouse
) -> None:
    entry = await add_house(GRID)
    with pytest.raises(ServiceValidationError) as refused:
        await _ask(
            hass, entry, start="2026-10-24 00:00:00", end="2026-10-24 00:00:00", period="day"
        )
    assert refused.value.translation_key == "end_before_start"
