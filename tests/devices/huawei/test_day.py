"""A day with clouds: what the hourly statistics say of it, and what really happened."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
import logging
from typing import Any, NamedTuple

import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from simulator.world import Truth
from tests.helpers import entity_id

from .conftest import AddEntry, Plant

MIDNIGHT = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURS = [MIDNIGHT + hour * HOUR for hour in range(24)]
END = MIDNIGHT + 24 * HOUR
PERIODS = [MIDNIGHT + timedelta(minutes=minutes) for minutes in range(0, 24 * 60, 5)]
INTERVAL_S = 300
# A register shows hundredths: the value before and the value now are both rounded.
RESOLUTION_KWH = 0.01 + 1e-6


class Counter(NamedTuple):
    """Where its block begins, and what it counts in the world."""

    block: int
    kwh: Callable[[Truth], float]


COUNTERS: Mapping[str, Counter] = {
    "energy_total": Counter(32064, lambda truth: truth.inverters["huawei"].energy_kwh),
    "pv_energy_total": Counter(32064, lambda truth: truth.arrays["huawei"].energy_kwh),
    "meter_import_total": Counter(37100, lambda truth: truth.import_kwh),
    "meter_export_total": Counter(37100, lambda truth: truth.export_kwh),
    "battery_charged_total": Counter(37758, lambda truth: truth.batteries["luna"].charged_kwh),
    "battery_discharged_total": Counter(
        37758, lambda truth: truth.batteries["luna"].discharged_kwh
    ),
}


class Poll(NamedTuple):
    """When each block was asked, and when its states were written."""

    asked: Mapping[int, datetime]
    written: datetime


@pytest.fixture
def begin() -> datetime:
    """Return the beginning of a day on which the sun comes and goes."""
    return MIDNIGHT


async def pass_day(plant: Plant, coordinator: Any) -> list[Poll]:
    """Let the day pass; return its polls."""
    polls: list[Poll] = []

    def note() -> None:
        asked = {one.address: one.time for one in plant.device.requests}
        polls.append(Poll(asked, dt_util.utcnow()))

    note()
    stop = coordinator.async_add_listener(note)
    while polls[-1].written < END:
        before = len(polls)
        await plant.tick(INTERVAL_S)
        while len(polls) == before:
            await plant.tick(1)
    stop()
    return polls[:-1]


async def hourly(hass: HomeAssistant, plant: Plant) -> dict[str, list[float]]:
    """Return how much each counter rose in each hour, as the recorder's statistics say."""
    await async_wait_recording_done(hass)
    for period in PERIODS:
        do_adhoc_statistics(hass, start=period)
    await async_wait_recording_done(hass)
    names = {entity_id(hass, f"{plant.serial}_{key}") or "": key for key in COUNTERS}
    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period, hass, MIDNIGHT, END, {*names}, "hour", None, {"change"}
    )
    return {
        key: [row["change"] or 0 for row in rows[name] if row["start"] < END.timestamp()]
        for name, key in names.items()
    }


@pytest.mark.usefixtures("recorder_mock")
async def test_every_hour_says_what_happened(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)  # of thousands of polls
    entry = await add_entry({"interval": INTERVAL_S})
    polls = await pass_day(plant, entry.runtime_data)
    changes = await hourly(hass, plant)
    last = [[poll for poll in polls if poll.written < hour + HOUR][-1] for hour in HOURS]
    for key, counter in COUNTERS.items():
        seen = [
            counter.kwh(plant.house.truth(poll.asked[counter.block])) for poll in (polls[0], *last)
        ]
        truly = [after - before for before, after in pairwise(seen)]
        assert changes[key] == pytest.approx(truly, abs=RESOLUTION_KWH)
        assert min(changes[key]) >= 0
        assert sum(changes[key]) == pytest.approx(seen[-1] - seen[0], abs=RESOLUTION_KWH)
        # It was a day on which every counter had something to count.
        assert sum(changes[key]) > 1
