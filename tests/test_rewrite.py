"""The past of a series, rewritten in one transaction on a real recorder."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.energy_hub.rewrite import (
    Rewrite,
    RewriteError,
    async_hours_there,
    async_rewrite,
    hours_between,
)
from custom_components.energy_hub.statistics import (
    HOUR,
    Series,
    async_read_changes,
    async_read_means,
    async_write_changes,
)
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant

from .test_statistics import counted, recorder_db_url, server

__all__ = ["counted", "recorder_db_url", "server"]

SOLAR = Series("home_solar", "Home solar", "kWh", "energy")
AIR = Series("home_temperature", "Home temperature", "°C", "temperature", counts=False)
START = datetime(2026, 3, 28, 20, tzinfo=UTC)
SPAN = hours_between(START, START + 72 * HOUR)

type Step = tuple[str, dict[int, int]]
"""Who writes, and the Wh by the place of an hour."""


async def _changes(hass: HomeAssistant, series: Series = SOLAR) -> dict[datetime, float]:
    found = await async_read_changes(hass, [series.id], SPAN[0], SPAN[-1] + HOUR, "hour")
    return {at: round(change, 6) for at, change in found.get(series.id, {}).items()}


async def test_a_gap_is_filled_without_a_seam(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    live = dict.fromkeys(SPAN[10:20] + SPAN[30:40], 1.0)
    await async_write_changes(hass, SOLAR, live)
    old = dict.fromkeys(SPAN[:10], 0.5)
    gap = dict.fromkeys(SPAN[20:30], 0.25)
    await async_rewrite(hass, [Rewrite(SOLAR, changes=gap), Rewrite(SOLAR, changes=old)])
    assert await _changes(hass) == old | live | gap
    # The same again changes nothing, and what the ledger writes goes on from there.
    await async_rewrite(hass, [Rewrite(SOLAR, changes=gap)])
    await async_write_changes(hass, SOLAR, {SPAN[40]: 2.0})
    assert await _changes(hass) == old | live | gap | {SPAN[40]: 2.0}
    there = await async_hours_there(hass, [SOLAR, AIR], SPAN[5], SPAN[15])
    assert there == {SOLAR: set(SPAN[5:15]), AIR: set()}
    gone = dict.fromkeys([*old, *gap])
    await async_rewrite(hass, [Rewrite(SOLAR, changes=gone)])
    assert await _changes(hass) == live | {SPAN[40]: 2.0}


async def test_means_come_and_go(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    means = {at: (20.0 + n, 19.0, 25.0 + n) for n, at in enumerate(SPAN[:5])}
    await async_rewrite(hass, [Rewrite(AIR, means=means)])
    await async_rewrite(hass, [Rewrite(AIR, means={SPAN[2]: (1.0, 0.0, 2.0), SPAN[3]: None})])
    found = await async_read_means(hass, [AIR.id], SPAN[0], SPAN[9], "hour")
    assert found[AIR.id] == {
        **{at: mean for at, mean in means.items() if at != SPAN[3]},
        SPAN[2]: (1.0, 0.0, 2.0),
    }
    await async_rewrite(hass, [Rewrite(AIR, means={SPAN[9]: None}), Rewrite(SOLAR)])
    assert await _changes(hass) == {}


PLACES = st.integers(0, len(SPAN) - 1)
HOURS = st.dictionaries(PLACES, st.integers(0, 3000), min_size=1, max_size=20)
STEPS = st.lists(st.tuples(st.sampled_from(["ledger", "import", "undo"]), HOURS), max_size=8)


@settings(
    max_examples=8,
    deadline=None,
    # Each example has a series of its own, so that they may share a recorder.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
async def test_any_order_of_rewrites_leaves_what_was_wanted(
    recorder_mock: Recorder, hass: HomeAssistant, counted: count[int], steps: list[Step]
) -> None:
    """No hour is doubled or below zero at any seam, whoever wrote beside it."""
    series = replace(SOLAR, key=f"home_solar_{next(counted)}")
    wanted: dict[datetime, float] = {}
    for who, hours in steps:
        new = {SPAN[place]: wh / 1000 for place, wh in hours.items()}
        if who == "ledger":
            await async_write_changes(hass, series, new)
        else:
            rows = dict.fromkeys(new) if who == "undo" else {**new}
            await async_rewrite(hass, [Rewrite(series, changes=rows)])
        wanted = {at: one for at, one in wanted.items() if at not in new}
        wanted |= {} if who == "undo" else new
        found = await _changes(hass, series)
        assert list(found) == sorted(wanted)
        assert found == pytest.approx(wanted, abs=1e-6)
        assert all(change >= 0 for change in found.values())


async def test_what_fails_leaves_everything_as_it_was(
    recorder_mock: Recorder, hass: HomeAssistant
) -> None:
    before = dict.fromkeys(SPAN[:4], 1.0)
    await async_write_changes(hass, SOLAR, before)
    await async_write_changes(hass, SOLAR, before)
    good = Rewrite(SOLAR, changes={SPAN[2]: 5.0})
    bad = Rewrite(SOLAR, changes={SPAN[6]: "much"})  # type: ignore[dict-item]
    with pytest.raises(RewriteError):
        await async_rewrite(hass, [good, bad])
    assert await _changes(hass) == before
