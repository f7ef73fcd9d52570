"""Telling a house what its energy costs, step by step."""

from collections.abc import Mapping
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import SOURCE_USER, SubentryFlowContext
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .conftest import AddHouse

FLAT = {"name": "2026", "import": "flat", "export": "unpaid"}
NO_FEES = {"day": 0, "month": 0, "year": 0, "capacity": False}
DAY = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "07:00:00", "to": "22:00:00"}

type Result = Mapping[str, Any]


async def _begin(hass: HomeAssistant, entry: MockConfigEntry) -> Result:
    context: SubentryFlowContext = {"source": SOURCE_USER}
    flows = hass.config_entries.subentries
    return await flows.async_init((entry.entry_id, "tariff"), context=context)


async def _steps(hass: HomeAssistant, result: Result, *inputs: dict[str, Any]) -> Result:
    for one in inputs:
        assert result["type"] is FlowResultType.FORM
        flows = hass.config_entries.subentries
        result = await flows.async_configure(result["flow_id"], one)
    await hass.async_block_till_done()
    return result


def _suggested(result: Result) -> dict[str, Any]:
    return {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
        if key.description
    }


async def test_one_price(hass: HomeAssistant, add_house: AddHouse) -> None:
    entry = await add_house()
    result = await _begin(hass, entry)
    result = await _steps(hass, result, FLAT, {"price": 0.31}, NO_FEES)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.title == "2026"
    assert subentry.data == {
        "since": None,
        "import": {"kind": "flat", "price": 0.31},
        "export": {"kind": "flat", "price": 0.0},
        "fees": {"day": 0, "month": 0, "year": 0},
        "capacity": None,
    }


CONTRACTS: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    (
        {"import": "day_night", "export": "flat"},
        [{"day": 0.32, "night": 0.26, **DAY}, {"price": 0.04}],
    ),
    (
        {"import": "series", "export": "day_night"},
        [
            {"source": "sensor.spot", "factor": 0.00105, "surcharge": 0.08, "tax_percent": 6},
            {"day": 0.05, "night": 0.03, **DAY, "days": ["sat", "sun"]},
        ],
    ),
    (
        {"import": "flat", "export": "series"},
        [
            {"price": 0.3},
            {"source": "sensor.spot", "factor": 1, "surcharge": -0.01, "tax_percent": 0},
        ],
    ),
]
FEES = {"day": 0.1, "month": 4.5, "year": -20, "capacity": True}
CAPACITY = {"rate": 53.39, "floor_kw": 2.5, "floor_of": "mean", "max_per_kwh": 0.34}


@pytest.mark.parametrize(("kinds", "prices"), CONTRACTS)
async def test_every_kind_is_asked_for_and_shown_again(
    hass: HomeAssistant,
    add_house: AddHouse,
    kinds: dict[str, Any],
    prices: list[dict[str, Any]],
) -> None:
    entry = await add_house()
    begin = {"name": "Dear", "since": "2026-06-01 00:00:00", **kinds}
    answers = [begin, *prices, FEES, CAPACITY]
    await _steps(hass, await _begin(hass, entry), *answers)
    ((subentry_id, subentry),) = entry.subentries.items()
    before = dict(subentry.data)
    assert before["since"] == "2026-05-31T22:00:00+00:00"
    assert before["capacity"] == CAPACITY
    result: Result = await entry.start_subentry_reconfigure_flow(hass, subentry_id)
    flows = hass.config_entries.subentries
    for _ in answers:
        shown = _suggested(result)
        fields = [str(key) for key in result["data_schema"].schema]
        again = {key: value for key, value in shown.items() if key in fields}
        result = await flows.async_configure(result["flow_id"], again)
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert dict(entry.subentries[subentry_id].data) == before
    assert entry.subentries[subentry_id].title == "Dear"


async def test_a_new_price_is_a_tariff_of_its_own(hass: HomeAssistant, add_house: AddHouse) -> None:
    entry = await add_house()
    await _steps(hass, await _begin(hass, entry), FLAT, {"price": 0.31}, NO_FEES)
    result = await _steps(hass, await _begin(hass, entry), FLAT)
    assert result["errors"] == {"since": "same_moment"}
    later = {**FLAT, "since": "2026-07-01 00:05:00"}
    result = await _steps(hass, result, later)
    assert result["errors"] == {"since": "not_a_quarter"}
    later["since"] = "2026-07-01 00:00:00"
    await _steps(hass, result, later, {"price": 0.35}, NO_FEES)
    assert len(entry.subentries) == 2
    first, _ = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, first)
    result = await _steps(hass, result, FLAT, {"price": 0.3}, NO_FEES)
    assert result["reason"] == "reconfigure_successful"


async def test_what_cannot_be_is_said_at_its_field(
    hass: HomeAssistant, add_house: AddHouse
) -> None:
    entry = await add_house()
    begin = {**FLAT, "import": "day_night"}
    result = await _steps(hass, await _begin(hass, entry), begin)
    assert result["step_id"] == "import_day_night"
    prices = {"day": 0.32, "night": 0.26, **DAY}
    result = await _steps(hass, result, {**prices, "days": []})
    assert result["errors"] == {"days": "missing"}
    result = await _steps(hass, result, {**prices, "from": "07:10:00"})
    assert result["errors"] == {"from": "not_a_quarter"}
    result = await _steps(hass, result, prices, {**NO_FEES, "year": 1e15})
    assert result["errors"] == {"year": "out_of_range"}
    result = await _steps(hass, result, FEES, {**CAPACITY, "rate": -1})
    assert result["errors"] == {"rate": "out_of_range"}
    result = await _steps(hass, result, CAPACITY)
    assert result["type"] is FlowResultType.CREATE_ENTRY
