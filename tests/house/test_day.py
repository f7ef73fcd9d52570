"""A day of a whole house: what is shown, written and told is what happened."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.statistics import async_read_means
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.world import Truth
from tests.helpers import number, state
from tests.ledger.tools import HOUR, QUARTER

from .money import totals
from .whole import METER, Whole, whole

__all__ = ["whole"]

MIDNIGHT = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PEAKS = "energy_hub:home_month_peak"
MINUTE = timedelta(minutes=1)
# An Envoy and a SUN2000 show hundredths; the readings of an edge are a few seconds apart.
DOUBT_KWH = 0.03
DOUBT_W = 3.0


@pytest.fixture
def begin() -> datetime:
    """Return a moment before a day on which the sun comes and goes."""
    return MIDNIGHT - timedelta(minutes=12)


def energies(truth: Truth) -> dict[str, float]:
    """Return the counters of the world by the names of `get_totals`."""
    batteries = truth.batteries.values()
    return {
        "solar": truth.solar_kwh,
        "import": truth.import_kwh,
        "export": truth.export_kwh,
        "house": truth.load_kwh,
        "battery_in": sum(one.charged_kwh for one in batteries),
        "battery_out": sum(one.discharged_kwh for one in batteries),
    }


async def settled(
    whole: Whole, house: MockConfigEntry, period: str, count: int
) -> list[dict[str, Any]]:
    """Return the rows of the day as soon as they are there and do not change any more."""
    while True:
        rows = await totals(whole.hass, house, MIDNIGHT, MIDNIGHT + DAY, period)
        if [row["settled"] for row in rows] == [True] * count:
            return rows
        await whole.tick(20)


async def test_a_day_is_told_as_it_happened(
    recorder_mock: Recorder, hass: HomeAssistant, whole: Whole
) -> None:
    for kind in whole.given:
        await whole.add(kind)
    house = await whole.add_house()
    known = 0
    while dt_util.utcnow() < MIDNIGHT + DAY:
        await whole.at_next(HOUR)
        await whole.tick(10)
        now = dt_util.utcnow()
        known += agree(hass, whole.world.truth(now), whole.world.truth(now - MINUTE))
    assert known >= 22
    await whole.at_next(QUARTER)
    await whole.tick(10)
    await whole.tick(10)
    assert_peaks(hass, whole.world.truth(dt_util.utcnow() - timedelta(seconds=10)))
    hours = await settled(whole, house, "hour", 24)
    truths = [energies(whole.world.truth(MIDNIGHT + n * HOUR)) for n in range(25)]
    for row, (before, after) in zip(hours, pairwise(truths), strict=True):
        for name, kwh in after.items():
            assert row[name] == pytest.approx(kwh - before[name], abs=DOUBT_KWH), name
            assert row[name] >= 0
    (day,) = await settled(whole, house, "day", 1)
    for name, kwh in truths[-1].items():
        assert day[name] == pytest.approx(kwh - truths[0][name], abs=DOUBT_KWH), name
    assert day["house"] == pytest.approx(truths[-1]["house"] - truths[0]["house"], rel=0.005)
    assert day["estimated_quarters"] == sum(row["estimated_quarters"] for row in hours)
    assert day["missing_quarters"] == 0
    assert day["direct_use"] == pytest.approx(day["solar"] - day["export"], abs=1e-5)
    await assert_months(hass)


def assert_peaks(hass: HomeAssistant, truth: Truth) -> None:
    """Check that quarter and month peak are what the meter says of them."""
    assert number(hass, "house_home_month_peak") == pytest.approx(
        truth.month_peak.power_w / 1000, abs=0.001
    )
    said = truth.quarter_w / 1000
    assert number(hass, "house_home_quarter_power") == pytest.approx(said, abs=0.001)
    rest = 1 - truth.time.timestamp() % 900 / 900
    projected = said + max(0, truth.grid_w) * rest / 1000
    assert number(hass, "house_home_quarter_projection") == pytest.approx(projected, abs=0.01)


async def assert_months(hass: HomeAssistant) -> None:
    """Check that what the meter remembers of its months is in the statistics of the house."""
    said = state(hass, f"{METER}_month_peak").attributes["history"]
    assert len(said) == 13
    now = dt_util.utcnow()
    rows = await async_read_means(hass, [PEAKS], now - 500 * DAY, now, "month")
    assert [round(mean[2]) for mean in rows[PEAKS].values()] == [
        *(round(1000 * month["peak_kw"]) for month in said),
        round(1000 * number(hass, "house_home_month_peak")),
    ]


def agree(hass: HomeAssistant, now: Truth, before: Truth) -> bool:
    """Check that the powers are those of the world; return whether the house is known.

    It may be that of a minute before: a Homevolt says what was. When that does not add up
    with what the others say, and an hour was leapt over, there is no house.
    """
    moved_w = 0.0
    for key in ("solar", "grid", "battery"):
        power_w = getattr(now, f"{key}_w")
        moved_w += abs(power_w - getattr(before, f"{key}_w"))
        shown = number(hass, f"house_home_{key}_power")
        assert shown == pytest.approx(power_w, abs=DOUBT_W), key
    if state(hass, "house_home_data_quality").state == "missing":
        assert state(hass, "house_home_house_power").state == "unknown"
        return False
    house_w = number(hass, "house_home_house_power")
    assert house_w == pytest.approx(now.load_w, abs=DOUBT_W + moved_w)
    return True
