"""What one entry remembers of its counters."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.counters import Counters, async_forget_counters
from homeassistant.core import HomeAssistant
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
