"""What one entry remembers of its counters."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.counter import Habits
from custom_components.energy_hub.counters import Counters, async_forget_counters
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from tests.helpers import later

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    entry = MockConfigEntry(domain=DOMAIN, title="A meter", data={"type": "fluvius"})
    entry.add_to_hass(hass)
    return entry


def _update(counters: Counters, raw: float, at: datetime) -> float | None:
    return counters.update("m1/import", raw, at=at, seen=at, max_per_hour=100, step=0.001)


async def test_counters_are_saved_now_and_then_while_they_count(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    freezer.move_to(NOON)
    counters = Counters(hass, entry)
    await counters.async_load()
    key = f"{DOMAIN}.{entry.entry_id}.counters"
    at = NOON
    for second in range(0, 400, 10):
        at = NOON + timedelta(seconds=second)
        _update(counters, 10 + second / 1000, at)
        await later(hass, freezer, 10)
    assert hass_storage[key]["data"]["m1/import"]["value"] >= 10.25

    again = Counters(hass, entry)
    await again.async_load()
    assert _update(again, 3.0, at) == pytest.approx(10.3, abs=0.1)
    assert again.held == {"m1/import": 3.0}
    await async_forget_counters(hass, entry)
    assert key not in hass_storage


async def test_diagnostics_name_no_serial(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    counters = Counters(hass, entry)
    await counters.async_load()
    _update(counters, 10, NOON)
    _update(counters, 9, NOON)
    assert counters.diagnostics() == {"0_import": {"value": 10, "held": 9}}
    await entry._async_process_on_unload(hass)


async def test_days_are_remembered_with_their_counter(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    counters, now = Counters(hass, entry), NOON.replace(hour=0)
    await counters.async_load()
    for hours, value in ((-1, 10.0), (1, 12.0)):
        at = now + timedelta(hours=hours)
        _update(counters, value, at)
        counters.days("m1/import", value, at)
    await entry._async_process_on_unload(hass)

    again = Counters(hass, entry)
    await again.async_load()
    later_on = now + timedelta(hours=2)
    assert _update(again, 12.5, later_on) == 12.5
    assert again.days("m1/import", 12.5, later_on).today(later_on) == 1.5
    await entry._async_process_on_unload(hass)


async def test_what_settles_by_itself_is_reported_late_and_corrections_are_told(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    counters, issues = Counters(hass, entry), ir.async_get(hass)
    await counters.async_load()
    habits = Habits(settle=timedelta(minutes=10))
    for minute in range(25):
        at = NOON + timedelta(minutes=minute)
        for name, raw in (("reset", 5 if minute else 10), ("zero", 0 if minute else 10)):
            counters.update(name, raw, at=at, seen=at, max_per_hour=100, step=0.001, habits=habits)
        counters.report(at)
        assert bool(issues.issues) == (minute >= 21)
    assert counters.diagnostics() == {
        "0_reset": {"value": 10, "held": None, "offset": 5, "corrections": 1},
        "1_zero": {"value": 10, "held": 0},
    }
    await entry._async_process_on_unload(hass)
