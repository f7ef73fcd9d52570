"""Gaps of a counter: filled from what a device remembers, or left as gaps, never made up."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.errors import NoAnswerError
from custom_components.energy_hub.house.coordinator import HouseCoordinator
from custom_components.energy_hub.house.forecast import solar_hours
from custom_components.energy_hub.ledger.source import Grade, Total
from custom_components.energy_hub.reading import Flow, History, Reading, Shown
from custom_components.energy_hub.site import async_get_site
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.devices.hoymiles.conftest import (
    HOUSE,
    NOON,
    AddEntry as AddPlants,
    Site as Cloud,
    add_entry as add_plants,
    begin,
    config,
    quiet,
    site,
    start,
)

__all__ = ["add_plants", "begin", "config", "quiet", "site", "start"]

HOUR = timedelta(hours=1)
TEN = datetime(2026, 6, 17, 10, tzinfo=UTC)


async def _house(hass: HomeAssistant, source: str) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data={"type": "house", "device_id": "home"},
        options={"grid": [], "solar": [f"solar/{source}"], "battery": []},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


def _coordinator(entry: MockConfigEntry) -> HouseCoordinator:
    found = entry.runtime_data
    assert isinstance(found, HouseCoordinator)
    return found


def _hours(entry: MockConfigEntry) -> dict[datetime, float]:
    """Return the Wh of the hours that the ledger wholly knows."""
    house = _coordinator(entry)
    house._energy.totals(dt_util.utcnow())
    return solar_hours(house._energy.rows())


@pytest.mark.usefixtures("quiet")
async def test_three_hours_of_stopped_home_assistant_come_from_the_cloud(
    hass: HomeAssistant, site: Cloud, add_plants: AddPlants
) -> None:
    plants = await add_plants()
    await site.minutes(3)
    house = await _house(hass, str(HOUSE))
    await site.minutes(8)
    for entry in (house, plants):
        assert await hass.config_entries.async_unload(entry.entry_id)
    await site.move_to(NOON + 3 * HOUR)
    for entry in (house, plants):
        assert await hass.config_entries.async_setup(entry.entry_id)
    await site.minutes(12)
    hours = _hours(house)
    truth = {
        at: 1000 * (_kwh(site, at + HOUR) - _kwh(site, at)) for at in (TEN + HOUR, TEN + 2 * HOUR)
    }
    for at, wh in truth.items():
        assert hours[at] == pytest.approx(wh, rel=0.02)
    # They differ, so nothing was spread.
    first, last = truth.values()
    assert abs(first - last) > 0.06 * first
    (gap,) = _coordinator(house)._healer.diagnostics()
    assert gap["readings"] > 10
    assert _coordinator(house).diagnostics()["gaps"] == [gap]


def _kwh(site: Cloud, at: datetime) -> float:
    return site.house.truth(at).arrays["hoymiles"].energy_kwh


class Inverter:
    """A source whose counter, and whose memory, say what a test wants."""

    def __init__(self, memory: Mapping[str, str]) -> None:
        self.histories = memory
        self.readings: list[Reading] = []
        self.past: History | Exception | None = None
        self.asked: list[str] = []
        self.held_back = False
        self.roofs = ()
        self.tell: Callable[[], None] = lambda: None

    def show(self, kwh: float) -> None:
        self.readings = [reading(dt_util.utcnow(), kwh)]
        self.tell()

    def shown(self, _reading: Reading) -> Shown:
        return Shown()

    async def async_history(self, source: str) -> History | None:
        self.asked.append("memory")
        await asyncio.sleep(0)
        return self._told()

    async def async_past(self, source: str, start: datetime, end: datetime) -> History | None:
        self.asked.append("maker")
        return self._told()

    def _told(self) -> History | None:
        if isinstance(self.past, Exception):
            raise self.past
        return self.past

    def async_add_listener(self, update: Callable[[], None]) -> Any:
        self.tell = update
        return lambda: None


def reading(at: datetime, kwh: float | None) -> Reading:
    """Return what the counter of the inverter showed."""
    return Reading(
        source="roof", flow=Flow.SOLAR, at=at, valid_for=HOUR, power_w=None, to_house_kwh=kwh
    )


def history(*told: tuple[int, float | None]) -> History:
    """Return a memory of counters, by the minutes since ten."""
    return History(
        source="roof",
        zone=UTC,
        readings=[reading(TEN + timedelta(minutes=at), kwh) for at, kwh in told],
    )


def _there(hass: HomeAssistant, inverter: Inverter) -> None:
    """Let an entry offer the inverter."""
    entry = MockConfigEntry(domain=DOMAIN, title="Roof", data={"type": "other"})
    entry.add_to_hass(hass)
    async_get_site(hass).register(entry.entry_id, inverter)


async def _gap(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, inverter: Inverter, gap: timedelta
) -> MockConfigEntry:
    """Let a counter of 100 kWh be silent until it shows 104 kWh."""
    freezer.move_to(TEN)
    _there(hass, inverter)
    entry = await _house(hass, "roof")
    inverter.show(100.0)
    freezer.move_to(TEN + gap)
    inverter.show(104.0)
    await _looks(hass)
    return entry


async def _looks(hass: HomeAssistant, count: int = 10) -> None:
    """Let the memory be looked at so often."""
    for _ in range(count):
        await hass.async_block_till_done(wait_background_tasks=True)
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=121))
    await hass.async_block_till_done(wait_background_tasks=True)


def _in_order(hours: Mapping[datetime, float], count: int = 4) -> list[float]:
    return [round(hours[TEN + n * HOUR]) for n in range(count)]


async def test_a_gap_is_filled_between_its_counters(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    inverter = Inverter({"roof": "Roof"})
    # What lies outside the gap or its counters, or says nothing, is left out.
    inverter.past = history(
        (-5, 99.0),
        (30, 50.0),
        (60, 103.0),
        (70, None),
        (90, 102.0),
        (150, 110.0),
        (180, 103.5),
        (210, 103.75),
    )
    entry = await _gap(hass, freezer, inverter, 4 * HOUR)
    assert _in_order(_hours(entry)) == [3000, 250, 250, 500]
    (gap,) = _coordinator(entry)._healer.diagnostics()
    assert gap["readings"] == 3
    assert inverter.asked == ["memory"]
    inverter.show(104.1)
    assert inverter.asked == ["memory"]


@pytest.mark.parametrize("past", [None, NoAnswerError(), history()])
async def test_what_nobody_remembers_stays_a_gap_with_its_energy(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, past: History | Exception | None
) -> None:
    inverter = Inverter({"roof": "Roof"})
    inverter.past = past
    entry = await _gap(hass, freezer, inverter, 4 * HOUR)
    await _stays_a_gap(entry)


async def test_a_device_without_a_memory_leaves_a_gap(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    inverter = Inverter({})
    entry = await _gap(hass, freezer, inverter, 4 * HOUR)
    await _stays_a_gap(entry)
    assert inverter.asked == []


async def _stays_a_gap(entry: MockConfigEntry) -> None:
    assert _in_order(_hours(entry)) == [1000, 1000, 1000, 1000]
    rows = _coordinator(entry)._energy.rows()
    assert {row.sums[Total.SOLAR].grade for row in rows[1:-1]} == {Grade.ESTIMATED}
    (gap,) = _coordinator(entry)._healer.diagnostics()
    assert gap == {"flow": Flow.SOLAR, "start": TEN, "end": TEN + 4 * HOUR, "readings": 0}


async def test_a_gap_of_days_is_asked_of_the_maker(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    inverter = Inverter({"roof": "Roof"})
    inverter.past = history((60, 103.0))
    entry = await _gap(hass, freezer, inverter, 60 * HOUR)
    assert inverter.asked == ["maker"]
    assert round(_hours(entry)[TEN]) == 3000


async def test_what_comes_while_the_memory_is_read_waits(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    inverter = Inverter({"roof": "Roof"})
    inverter.past = history((60, 103.0), (90, 103.25))
    freezer.move_to(TEN)
    _there(hass, inverter)
    entry = await _house(hass, "roof")
    inverter.show(100.0)
    freezer.move_to(TEN + 2 * HOUR)
    inverter.show(103.5)
    freezer.move_to(TEN + 3 * HOUR)
    inverter.show(104.0)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert inverter.asked == ["memory"]
    assert _in_order(_hours(entry), 3) == [3000, 500, 500]


async def test_a_memory_that_lags_behind_is_waited_for(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    inverter = Inverter({"roof": "Roof"})
    inverter.past = history((-5, 99.9), (0, 100.0))
    freezer.move_to(TEN)
    _there(hass, inverter)
    entry = await _house(hass, "roof")
    inverter.show(100.0)
    freezer.move_to(TEN + 2 * HOUR)
    inverter.show(104.0)
    await _looks(hass, 3)
    assert _coordinator(entry)._healer.diagnostics() == []
    inverter.past = history((-5, 99.9), (0, 100.0), (60, 103.0), (110, 103.8))
    await _looks(hass, 2)
    assert _in_order(_hours(entry), 2) == [3000, 1000]
    (gap,) = _coordinator(entry)._healer.diagnostics()
    assert gap["readings"] == 2
