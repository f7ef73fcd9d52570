"""Prices that are not known, contracts that are not there, and tariffs that were wrong."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.statistics import Series, async_write_changes
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from tests.helpers import entity_id, number, state
from tests.ledger.tools import HOUR, local

from .money import (
    DYNAMIC,
    ONE_PRICE,
    SLOT,
    Begin,
    Meters,
    begin,
    meters,
    totals,
)

__all__ = ["begin", "meters"]


@pytest.mark.parametrize("nonsense", ["unavailable", "unknown", "nan", "cheap"])
async def test_a_price_that_is_not_known_is_no_cost(
    hass: HomeAssistant, meters: Meters, begin: Begin, nonsense: str
) -> None:
    start = local("2026-06-16 10:00")
    meters.price(nonsense)
    await begin(start, DYNAMIC)
    await meters.at(start + 3 * SLOT, Import=1, Export=1)
    await meters.settled(start + 3 * SLOT)
    for key in (
        "import_price",
        "export_price",
        "import_cost_total",
        "export_revenue_total",
        "cost_today",
        "saving_today",
    ):
        assert state(hass, f"house_home_{key}").state == "unknown", key
    # It comes, and what follows has a price; the day so far still is not known.
    meters.price(100)
    await meters.at(start + 6 * SLOT, Import=1)
    await meters.settled(start + 6 * SLOT)
    assert number(hass, "house_home_import_price") == pytest.approx(0.1961)
    assert state(hass, "house_home_cost_today").state == "unknown"


async def test_without_a_contract_there_is_no_money(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start = local("2026-06-16 10:00")
    entry = await begin(start)
    await meters.at(start + 3 * SLOT, Import=1)
    await meters.settled(start + 3 * SLOT)
    assert entity_id(hass, "house_home_cost_today") is None
    (hour,) = await totals(hass, entry, start, start + HOUR, "hour")
    assert (hour["cost"], hour["revenue"], hour["saving"]) == (None, None, None)
    await meters.at(start + 4 * SLOT, Import=0.5)
    assert number(hass, "house_home_quarter_power") == pytest.approx(2)
    assert number(hass, "house_home_month_peak") == pytest.approx(4)
    with pytest.raises(ServiceValidationError) as refused:
        await _recalculate(hass, entry, start, start + HOUR)
    assert refused.value.translation_key == "no_tariff"


async def test_the_energy_dashboard_gets_the_costs(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    assert await async_setup_component(hass, "energy", {})
    start = local("2026-06-16 10:00")
    entry = await begin(start)
    await meters.at(start + 3 * SLOT, Import=1, Export=1)
    await meters.settled(start + 3 * SLOT)
    told = await _configure(hass, entry)
    assert "stat_cost" not in told["added"][0]
    # A contract comes: that is offered again, and completes what is there.
    issue_id = f"energy_dashboard_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None
    contract = ConfigSubentry(
        data=MappingProxyType(ONE_PRICE), subentry_type="tariff", title="2026", unique_id=None
    )
    hass.config_entries.async_add_subentry(entry, contract)
    await hass.async_block_till_done()
    await meters.settled(start + 4 * SLOT)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    told = await _configure(hass, entry)
    assert told["added"] == []
    (grid,) = told["completed"]
    assert grid["stat_cost"] == "energy_hub:home_import_cost"
    assert grid["stat_compensation"] == "energy_hub:home_export_revenue"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_a_corrected_tariff_is_priced_again(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start = local("2026-05-31 22:00")
    entry = await begin(start, ONE_PRICE | {"import": {"kind": "flat", "price": 0.1}, "fees": {}})
    await meters.at(start + 2 * HOUR, Import=2, Solar=1)
    await meters.at(start + 6 * HOUR, Import=4)
    await meters.settled(start + 6 * HOUR)
    total = number(hass, "house_home_import_cost_total")
    assert total == pytest.approx(0.6)
    # What the ledger has forgotten comes from the statistics.
    long_ago = start - 30 * 24 * HOUR
    energy = {"import": 1.0, "export": 0.0, "house": 1.5}
    for key, kwh in energy.items():
        series = Series(f"home_{key}", key, "kWh", "energy")
        await async_write_changes(hass, series, {long_ago: kwh})
    ((subentry_id, subentry),) = (
        (one, found) for one, found in entry.subentries.items() if found.subentry_type == "tariff"
    )
    right = {**subentry.data, "import": {"kind": "flat", "price": 0.3}}
    hass.config_entries.async_update_subentry(entry, subentry, data=right)
    await hass.async_block_till_done()
    told = await _recalculate(hass, entry, long_ago, start + 6 * HOUR)
    months = {month["month"]: month for month in told}
    assert months["2026-05"]["before"]["import_cost"] == pytest.approx(0.2, abs=1e-5)
    assert months["2026-05"]["after"]["import_cost"] == pytest.approx(0.9, abs=1e-5)
    assert months["2026-05"]["after"]["saving"] == pytest.approx(1.5 * 0.3 - 0.3 + 0.3, abs=1e-5)
    assert months["2026-06"]["before"]["import_cost"] == pytest.approx(0.4, abs=1e-5)
    assert months["2026-06"]["after"]["import_cost"] == pytest.approx(1.2, abs=1e-5)
    assert months["2026-06"]["unpriced_hours"] == 0
    again = await _recalculate(hass, entry, long_ago, start + 6 * HOUR)
    assert [month["before"] for month in again] == [month["after"] for month in again]
    assert number(hass, "house_home_import_cost_total") == pytest.approx(total)
    assert subentry_id in entry.subentries


async def test_old_prices_come_from_the_statistics_of_their_entity(
    recorder_mock: Recorder, hass: HomeAssistant, meters: Meters, begin: Begin
) -> None:
    start = local("2026-06-16 10:00")
    meters.price(100)
    entry = await begin(start, DYNAMIC)
    long_ago = start - 30 * 24 * HOUR
    for key, kwh in {"import": 1.0, "export": 0.0, "house": 1.0}.items():
        series = Series(f"home_{key}", key, "kWh", "energy")
        await async_write_changes(hass, series, {long_ago: kwh, long_ago + HOUR: kwh})
    prices = StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name=None,
        source="recorder",
        statistic_id="sensor.spot",
        unit_class=None,
        unit_of_measurement="EUR/MWh",
    )
    rows = [StatisticData(start=long_ago, mean=50.0, min=50.0, max=50.0)]
    async_import_statistics(hass, prices, rows)
    await async_wait_recording_done(hass)
    (month,) = await _recalculate(hass, entry, long_ago, long_ago + 2 * HOUR)
    assert month["after"]["import_cost"] == pytest.approx((50 * 0.00105 + 0.08) * 1.06, abs=1e-5)
    assert month["unpriced_hours"] == 1


async def _configure(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    answer = await hass.services.async_call(
        DOMAIN,
        "configure_energy_dashboard",
        {"config_entry_id": entry.entry_id},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)


async def _recalculate(
    hass: HomeAssistant, entry: MockConfigEntry, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    answer = await hass.services.async_call(
        DOMAIN,
        "recalculate_costs",
        {
            "config_entry_id": entry.entry_id,
            "start": start.isoformat(),
            "end": end.isoformat(),
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    months: list[dict[str, Any]] = answer["months"]
    return months
