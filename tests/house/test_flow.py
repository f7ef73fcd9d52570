"""Adding a house in the UI: what it proposes, what can be changed, what can be added."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.house.offers import Offer, proposed
from custom_components.energy_hub.reading import Flow, Reading
from custom_components.energy_hub.site import async_get_site
from homeassistant.config_entries import SOURCE_USER, SubentryFlowContext
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType

from .conftest import GRID, AddHouse


def _reading(source: str, flow: Flow) -> Reading:
    at = datetime(2026, 6, 17, 10, tzinfo=UTC)
    return Reading(source=source, flow=flow, at=at, valid_for=timedelta(minutes=1), power_w=1.0)


@pytest.fixture
def devices(hass: HomeAssistant) -> None:
    """Let a P1 meter, an inverter with a meter and a battery, and a cloud be there."""
    offered = {
        "fluvius": ("P1 meter", [("1SAG1", Flow.GRID)]),
        "huawei": (
            "Inverter",
            [("HV1", Flow.SOLAR), ("HV1_meter", Flow.GRID), ("HV1_battery", Flow.BATTERY)],
        ),
        "homevolt": ("Homevolt", [("ecu", Flow.BATTERY), ("clamp", Flow.SOLAR), ("ct", Flow.GRID)]),
        "hoymiles": ("Cloud", [("plant1", Flow.SOLAR), ("plant2", Flow.SOLAR)]),
    }
    for kind, (title, flows) in offered.items():
        entry = MockConfigEntry(domain=DOMAIN, title=title, data={"type": kind})
        entry.add_to_hass(hass)
        source = SimpleNamespace(
            readings=[_reading(*flow) for flow in flows],
            async_add_listener=callback(lambda _: lambda: None),
        )
        async_get_site(hass).register(entry.entry_id, source)


def test_a_clamp_stands_for_an_inverter_that_nobody_reads() -> None:
    clamp = Offer("clamp", Flow.SOLAR, "Homevolt", 3)
    assert proposed([clamp], Flow.SOLAR) == ["solar/clamp"]
    assert proposed([Offer("HV1", Flow.SOLAR, "Inverter", 1), clamp], Flow.SOLAR) == ["solar/HV1"]


async def _named(hass: HomeAssistant, name: str) -> dict[str, object]:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    await hass.config_entries.flow.async_configure(result["flow_id"], {"next_step_id": "house"})
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {"name": name})
    return dict(result)


@pytest.mark.usefixtures("devices")
async def test_a_house_proposes_each_flow_once(hass: HomeAssistant) -> None:
    result = await _named(hass, "Our home")
    assert result["step_id"] == "house_sources"
    schema = result["data_schema"].schema
    assert {str(key): key.default() for key in schema} == {
        "grid": ["grid/1SAG1"],
        "solar": ["solar/HV1", "solar/plant1", "solar/plant2"],
        "battery": ["battery/HV1_battery", "battery/ecu"],
    }
    # The clamp of the battery sees what the inverters say; it can be chosen all the same.
    labels = {
        option["value"]: option["label"]
        for selector in schema.values()
        for option in selector.config["options"]
    }
    assert labels["grid/HV1_meter"] == "Inverter"
    assert labels["solar/clamp"] == "Homevolt"
    assert labels["solar/plant2"] == "Cloud: plant2"
    chosen = {"grid": ["grid/HV1_meter"], "solar": [], "battery": []}
    created = await hass.config_entries.flow.async_configure(result["flow_id"], chosen)
    assert created["type"] is FlowResultType.CREATE_ENTRY
    assert created["title"] == "Our home"
    assert created["result"].unique_id == "house_our_home"
    assert dict(created["result"].options) == chosen
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(created["result"].entry_id)


@pytest.mark.usefixtures("devices")
async def test_a_name_can_be_wrong_and_only_once(hass: HomeAssistant) -> None:
    result = await _named(hass, "  ")
    assert result["errors"] == {"name": "no_name"}
    MockConfigEntry(domain=DOMAIN, data={"type": "house"}, unique_id="house_home").add_to_hass(hass)
    again = await hass.config_entries.flow.async_configure(result["flow_id"], {"name": "Home"})
    assert again["reason"] == "already_configured"


@pytest.mark.usefixtures("devices")
@pytest.mark.parametrize("way", ["options", "reconfigure"])
async def test_the_sources_can_be_changed(
    hass: HomeAssistant, add_house: AddHouse, way: str
) -> None:
    entry = await add_house(GRID, grid=["grid/gone"])
    if way == "options":
        flows = hass.config_entries.options
        result = await flows.async_init(entry.entry_id)
    else:
        flows = hass.config_entries.flow
        result = await entry.start_reconfigure_flow(hass)
    schema = result["data_schema"].schema
    grid = next(selector for key, selector in schema.items() if str(key) == "grid")
    # What is not there now stays where it is.
    assert [option["value"] for option in grid.config["options"]] == [
        "grid/1SAG1",
        "grid/HV1_meter",
        "grid/ct",
        "grid/gone",
    ]
    chosen = {"grid": ["grid/1SAG1"], "solar": [], "battery": []}
    await flows.async_configure(result["flow_id"], chosen)
    await hass.async_block_till_done()
    assert dict(entry.options) == chosen


async def test_sensors_are_added_and_changed(hass: HomeAssistant, add_house: AddHouse) -> None:
    entry = await add_house()
    flows = hass.config_entries.subentries
    context: SubentryFlowContext = {"source": SOURCE_USER}
    result = await flows.async_init((entry.entry_id, "sensors"), context=context)
    nothing = {"name": "Meter", "flow": "grid", "inverted": False}
    result = await flows.async_configure(result["flow_id"], nothing)
    assert result["errors"] == {"base": "no_sensor"}
    result = await flows.async_configure(
        result["flow_id"], {**nothing, "power": "sensor.meter_power"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    ((subentry_id, subentry),) = entry.subentries.items()
    assert subentry.title == "Meter"
    assert entry.runtime_data.diagnostics()["sources"][0]["flow"] == "grid"
    result = await entry.start_subentry_reconfigure_flow(hass, subentry_id)
    result = await flows.async_configure(result["flow_id"], nothing)
    assert result["errors"] == {"base": "no_sensor"}
    result = await flows.async_configure(
        result["flow_id"], {**nothing, "name": "Other", "to_house": "sensor.meter_import"}
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.subentries[subentry_id].title == "Other"
