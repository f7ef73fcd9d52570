"""The house in the Energy dashboard: merged, never doubled, undone."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.house.dashboard import Record, merge, unmerge
from homeassistant.components.energy.data import async_get_manager
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from tests.helpers import entity_id

from .conftest import GRID, SOLAR, AddHouse, Pass, Sensors

OTHERS = {
    "type": "gas",
    "stat_energy_from": "sensor.gas",
    "stat_cost": None,
    "entity_energy_price": None,
    "number_energy_price": None,
}


async def _configure(
    hass: HomeAssistant, entry: MockConfigEntry, *, undo: bool = False
) -> dict[str, Any]:
    answer = await hass.services.async_call(
        DOMAIN,
        "configure_energy_dashboard",
        {"config_entry_id": entry.entry_id, "undo": undo},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)


async def _sources(hass: HomeAssistant) -> list[dict[str, Any]]:
    manager = await async_get_manager(hass)
    return [dict(one) for one in manager.data["energy_sources"]] if manager.data else []


@pytest.fixture
async def entry(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    add_house: AddHouse,
    sensors: Sensors,
    passes: Pass,
) -> MockConfigEntry:
    """Return a house whose statistics were written once."""
    assert await async_setup_component(hass, "energy", {})
    sensors(meter_power=-1200, meter_import=100, meter_export=50)
    sensors(fronius_power=2.0, fronius_day=4.0)
    house = await add_house(GRID, SOLAR)
    for step in range(1, 4):
        await passes(300)
        sensors(meter_power=step, meter_import=100 + step, meter_export=50 + step)
        sensors(fronius_day=4 + step)
    await passes(400)
    return house


async def test_added_once_and_undone(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    manager = await async_get_manager(hass)
    own = {"type": "solar", "stat_energy_from": "sensor.fronius_day"}
    await manager.async_update({"energy_sources": [OTHERS, own]})
    told = await _configure(hass, entry)
    assert [item["type"] for item in told["added"]] == ["grid", "solar"]
    assert told["replaced"] == [own]
    assert told["left"] == [OTHERS]
    grid, solar = (await _sources(hass))[1:]
    assert grid["stat_energy_from"] == "energy_hub:home_import"
    assert grid["stat_energy_to"] == "energy_hub:home_export"
    assert grid["stat_rate"] == entity_id(hass, "house_home_grid_power")
    assert solar["stat_rate"] == "sensor.fronius_power"
    assert solar["name"] == "Solar"
    again = await _configure(hass, entry)
    assert (again["added"], again["replaced"]) == ([], [])
    assert len(await _sources(hass)) == 3
    assert await hass.config_entries.async_reload(entry.entry_id)
    await _configure(hass, entry, undo=True)
    assert await _sources(hass) == [OTHERS, own]


async def test_it_is_offered_once_as_a_repair(
    hass: HomeAssistant, entry: MockConfigEntry, passes: Pass, hass_client: ClientSessionGenerator
) -> None:
    issue_id = f"energy_dashboard_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    begun = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    flow = await begun.json()
    assert flow["description_placeholders"] == {"name": "Home"}
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    assert [one["type"] for one in await _sources(hass)] == ["grid", "solar"]
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None
    await passes(600)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


def test_what_others_do_in_between_stays() -> None:
    mine = {"type": "solar", "stat_energy_from": "energy_hub:home_solar_1"}
    theirs = {"type": "solar", "stat_energy_from": "sensor.roof"}
    merged = merge([theirs], [mine], {"sensor.roof"}, Record())
    assert merged.sources == [mine]
    later = {"type": "water", "stat_energy_from": "sensor.water"}
    renamed = {**mine, "name": "Roof"}
    assert unmerge([renamed, later], merged.record) == [later, theirs]
    # Somebody put it back by hand already.
    assert unmerge([theirs], merged.record) == [theirs]
    assert unmerge([later], Record()) == [later]


COSTS = {
    "stat_cost": "energy_hub:home_import_cost",
    "stat_compensation": "energy_hub:home_export_revenue",
}
GRID_ITEM = {"type": "grid", "stat_energy_from": "energy_hub:home_import", "stat_cost": None}


def test_an_item_of_ours_gets_the_costs_that_it_lacks() -> None:
    first = merge([], [GRID_ITEM], set(), Record())
    priced = merge(first.sources, [GRID_ITEM | COSTS], set(), first.record)
    assert priced.completed == [GRID_ITEM | COSTS]
    assert (priced.added, priced.replaced, priced.left) == ([], [], [])
    again = merge(priced.sources, [GRID_ITEM | COSTS], set(), priced.record)
    assert again.sources == priced.sources
    assert again.completed == []
    assert unmerge(again.sources, again.record) == []


def test_an_item_made_by_hand_of_our_series_comes_back_as_it_was() -> None:
    done = merge([GRID_ITEM], [GRID_ITEM | COSTS], set(), Record())
    assert done.sources == [GRID_ITEM | COSTS]
    assert unmerge(done.sources, done.record) == [GRID_ITEM]
    own = GRID_ITEM | COSTS | {"stat_cost": "sensor.bill"}
    assert merge([own], [GRID_ITEM | COSTS], set(), Record()).sources == [own]
