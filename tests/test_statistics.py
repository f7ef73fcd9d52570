"""External series on a real recorder: idempotent, correctable, right on DST days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from pytest_socket import enable_socket

from custom_components.energy_hub.periods import Long, Period
from custom_components.energy_hub.statistics import (
    HOUR,
    Series,
    async_clear,
    async_read_changes,
    async_read_means,
    async_write_changes,
    async_write_means,
)
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.core import HomeAssistant

from .databases import SERVERS, new_database

SOLAR = Series("home_solar", "Home solar", "kWh", "energy")
HEAT = Series("home_temperature", "Home temperature", "°C", "temperature", counts=False)
START = datetime(2026, 10, 24, 20, tzinfo=UTC)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", *SERVERS])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run each of the databases that Home Assistant can use; the tests run on all of them."""
    if request.param == "sqlite":
        yield "sqlite://"
        return
    enable_socket()
    with SERVERS[request.param]() as url:
        yield url


@pytest.fixture
def recorder_db_url(
    server: str, socket_enabled: None, hass_fixture_setup: list[bool], counted: count[int]
) -> str:
    """Return an empty database for the recorder."""
    if server == "sqlite://":
        return server
    return new_database(server, f"test_{next(counted)}")


@pytest.fixture(scope="module")
def counted() -> count[int]:
    """Return numbers for the names of databases."""
    return count()


def hours(*changes: float, start: datetime = START) -> dict[datetime, float]:
    return {start + place * HOUR: change for place, change in enumerate(changes)}


async def changes(hass: HomeAssistant, days: int = 3) -> list[float]:
    """Return every hour that stands there."""
    end = START + timedelta(days=days)
    found = await async_read_changes(hass, [SOLAR.id], START - timedelta(days=days), end, "hour")
    return [round(value, 6) for value in found.get(SOLAR.id, {}).values()]


async def sums(recorder: Recorder) -> list[float]:
    rows = await recorder.async_add_executor_job(
        statistics_during_period,
        recorder.hass,
        START - timedelta(days=9),
        None,
        {SOLAR.id},
        "hour",
        None,
        {"sum"},
    )
    return [round(row["sum"], 6) for row in rows[SOLAR.id]]


async def test_hours_add_up(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    await async_write_changes(hass, SOLAR, hours(1, 2, 3))
    assert await changes(hass) == [1, 2, 3]
    await async_write_changes(hass, SOLAR, hours(4, start=START + 3 * HOUR))
    assert await sums(recorder_mock) == [1, 3, 6, 10]


async def test_the_same_again_changes_nothing(
    recorder_mock: Recorder, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    await async_write_changes(hass, SOLAR, hours(1, 2, 3))
    written: list[object] = []
    monkeypatch.setattr(
        "custom_components.energy_hub.statistics.async_add_external_statistics",
        lambda *args: written.append(args),
    )
    await async_write_changes(hass, SOLAR, hours(1, 2, 3))
    await async_write_changes(hass, SOLAR, {})
    await async_write_means(hass, HEAT, {})
    assert written == []
    assert await sums(recorder_mock) == [1, 3, 6]


async def test_a_corrected_hour_shifts_all_later_sums(
    recorder_mock: Recorder, hass: HomeAssistant
) -> None:
    await async_write_changes(hass, SOLAR, hours(1, 2, 3, 4))
    await async_write_changes(hass, SOLAR, hours(2.5, start=START + HOUR))
    assert await changes(hass) == [1, 2.5, 3, 4]
    assert await sums(recorder_mock) == [1, 3.5, 6.5, 10.5]


async def test_a_hole_is_filled_later(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    await async_write_changes(hass, SOLAR, hours(1))
    await async_write_changes(hass, SOLAR, hours(4, 5, start=START + 3 * HOUR))
    await async_write_changes(hass, SOLAR, hours(2, 3, start=START + HOUR))
    assert await changes(hass) == [1, 2, 3, 4, 5]
    assert await sums(recorder_mock) == [1, 3, 6, 10, 15]


async def test_history_comes_before_what_is_there(
    recorder_mock: Recorder, hass: HomeAssistant
) -> None:
    await async_write_changes(hass, SOLAR, hours(5, 6))
    await async_write_changes(hass, SOLAR, hours(1, 2, start=START - 2 * HOUR))
    assert await changes(hass) == [1, 2, 5, 6]


async def test_a_day_with_25_hours(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    await hass.config.async_set_time_zone("Europe/Brussels")
    # Midnight in Brussels is 22:00 UTC before and 23:00 after the change of 25 October.
    await async_write_changes(hass, SOLAR, hours(*[1.0] * 30))
    found = await async_read_changes(hass, [SOLAR.id], START, START + timedelta(days=2), "day")
    assert list(found[SOLAR.id].values()) == [2, 25, 3]


async def test_means(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    await async_write_means(hass, HEAT, {START: (10, 8, 12), START + HOUR: (14, 12, 16)})
    end = START + timedelta(days=1)
    found = await async_read_means(hass, [HEAT.id], START, end, "hour")
    assert list(found[HEAT.id].values()) == [(10, 8, 12), (14, 12, 16)]


@pytest.mark.parametrize("period", ["week", "month", "year"])
async def test_long_periods_are_those_of_home_assistant(
    recorder_mock: Recorder, hass: HomeAssistant, period: Long
) -> None:
    await hass.config.async_set_time_zone("Europe/Brussels")
    await async_write_changes(hass, SOLAR, {START - timedelta(days=90): 7.0})
    # Months without a row, both changes of the clock, and the end of a year.
    days = [START + timedelta(days=9 * n) for n in range(60) if n not in range(9, 20)]
    seen = {at: float(n) for n, at in enumerate([*days, *(day + HOUR for day in days)])}
    await async_write_changes(hass, SOLAR, seen)
    means = {at: (10 + value, 9 - value, 30 + value / 2) for at, value in seen.items()}
    await async_write_means(hass, HEAT, means)
    start, end = days[0] + timedelta(days=1), days[-1] - timedelta(days=1)
    ids = {SOLAR.id, HEAT.id}
    theirs = await recorder_mock.async_add_executor_job(
        statistics_during_period,
        hass,
        start,
        end,
        ids,
        period,
        None,
        {"change", "mean", "min", "max"},
    )
    ours = await async_read_changes(hass, [*ids, "energy_hub:nothing"], start, end, period)
    assert {at.timestamp(): change for at, change in ours[SOLAR.id].items()} == pytest.approx(
        {row["start"]: row["change"] for row in theirs[SOLAR.id]}
    )
    assert ours.keys() == {SOLAR.id}
    everything = await async_read_changes(hass, ids, FIRST, LAST, period)
    assert sum(everything[SOLAR.id].values()) == pytest.approx(7 + sum(seen.values()))
    assert await async_read_changes(hass, ids, LAST - HOUR, LAST, period) == {}
    ours_too = await async_read_means(hass, ids, start, end, period)
    assert list(ours_too) == [HEAT.id]
    for row, (at, told) in zip(theirs[HEAT.id], ours_too[HEAT.id].items(), strict=True):
        assert row["start"] == at.timestamp()
        assert told == pytest.approx((row["mean"], row["min"], row["max"]))


@pytest.mark.parametrize("period", ["hour", "month"])
async def test_power_is_told_in_watts(
    recorder_mock: Recorder, hass: HomeAssistant, period: Period
) -> None:
    power = Series("home_power", "Home power", "kW", "power", counts=False)
    await async_write_means(hass, power, {START: (1.5, 0.5, 2.0)})
    found = await async_read_means(hass, [power.id], START, START + HOUR, period)
    assert list(found[power.id].values()) == [(1500, 500, 2000)]


async def test_a_series_can_go(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    await async_write_changes(hass, SOLAR, hours(1))
    await async_clear(hass, [SOLAR.id])
    assert await changes(hass) == []
