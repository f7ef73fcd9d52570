"""The forms: the log-in is tried, options end with a preview, and nothing is sent before."""

import asyncio
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.energy_hub.config_flow import StepsOptionsFlow
from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.enrg import EnrgFault
from tests.helpers import state

from .home import BARN, ROOF, START, Home, home

__all__ = ["home"]

type Result = dict[str, Any]


async def begin(hass: HomeAssistant) -> str:
    """Open the form of a new destination."""
    result: Result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    flow: str = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow, {"next_step_id": "enrg"})
    assert result["step_id"] == "enrg"
    schema = result["data_schema"].schema
    assert {str(key): key.default() for key in schema if str(key) == "url"} == {
        "url": "https://telemetry.erco.energy"
    }
    return flow


async def fill(hass: HomeAssistant, flow: str, **data: Any) -> Result:
    """Fill the form in."""
    return await hass.config_entries.flow.async_configure(flow, data)


async def test_the_log_in_is_tried_before_the_entry_is_there(
    hass: HomeAssistant, home: Home
) -> None:
    flow = await begin(hass)
    result = await fill(hass, flow, url=f" {home.url}/ ", credential="wrong")
    assert result["errors"] == {"base": "invalid_auth"}
    result = await fill(hass, flow, url=f" {home.url}/ ", credential=f" {home.credential} ")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.unique_id == f"enrg_{entry.data['device_id']}"
    assert entry.data["url"] == home.url
    assert entry.data["credential"] == home.credential
    assert home.credential not in entry.unique_id
    home.entries.append(entry)
    await home.passes(3600, step=600)
    assert state(hass, f"{entry.data['device_id']}_delivery").state == "not_set_up"
    assert "enrg_not_set_up" in home.issues()
    assert not home.service.values_calls


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (EnrgFault.REFUSE, {"base": "cannot_connect", "url": "platform_unreachable"}),
        (EnrgFault.UNAVAILABLE, {"base": "cannot_connect", "url": "platform_unreachable"}),
        (EnrgFault.CREDENTIAL_REFUSED, {"base": "invalid_auth"}),
        (EnrgFault.TOKEN_EMPTY, {"base": "no_enrg", "url": "no_enrg"}),
        (EnrgFault.HTML, {"base": "no_enrg", "url": "no_enrg"}),
    ],
)
async def test_what_is_wrong_is_said_and_can_be_put_right(
    hass: HomeAssistant, home: Home, fault: EnrgFault, errors: dict[str, str]
) -> None:
    flow = await begin(hass)
    await home.service.faults.set(fault, True)
    result = await fill(hass, flow, url=home.url, credential=home.credential)
    assert result["errors"] == errors
    await home.service.faults.clear()
    result = await fill(hass, flow, url=home.url, credential=home.credential)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    home.entries.append(result["result"])


async def test_a_silent_platform_is_given_up(hass: HomeAssistant, home: Home) -> None:
    flow = await begin(hass)
    await home.service.faults.set(EnrgFault.SILENT, True)
    filling = asyncio.create_task(fill(hass, flow, url=home.url, credential=home.credential))
    await home.service.wait_for_calls(1)
    home.freezer.tick(31)
    async_fire_time_changed(hass, dt_util.utcnow())
    assert (await filling)["errors"] == {"base": "timeout", "url": "platform_silent"}


@pytest.mark.parametrize(
    "url",
    ["http://telemetry.example.org", "ftp://127.0.0.1", "https://", "https://a b", "https://[1"],
)
async def test_a_credential_goes_to_no_address_that_others_can_listen_to(
    hass: HomeAssistant, home: Home, url: str
) -> None:
    flow = await begin(hass)
    result = await fill(hass, flow, url=url, credential=home.credential)
    assert result["errors"] == {"base": "cannot_connect", "url": "invalid_url"}
    assert not home.service.calls


async def test_the_same_destination_twice_is_refused(hass: HomeAssistant, home: Home) -> None:
    await home.add()
    flow = await begin(hass)
    result = await fill(hass, flow, url=f"{home.url}/", credential=home.credential)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_reauth_and_reconfigure_keep_the_entry(
    hass: HomeAssistant, home: Home, expected_complaints: list[str]
) -> None:
    entry = await home.deliver()
    id_ = entry.unique_id
    result: Result = dict(await entry.start_reauth_flow(hass))
    assert result["step_id"] == "enrg_reauth"
    result = await fill(hass, result["flow_id"], credential="wrong")
    assert result["errors"] == {"base": "invalid_auth"}
    result = await fill(hass, result["flow_id"], credential=home.credential)
    assert result["reason"] == "reauth_successful"
    await home.settle()
    result = dict(await entry.start_reconfigure_flow(hass))
    assert result["step_id"] == "enrg_reconfigure"
    suggested = {str(key): key.description for key in result["data_schema"].schema}
    assert suggested["url"] == {"suggested_value": home.url}
    assert not suggested["credential"]
    result = await fill(hass, result["flow_id"], url=f"{home.url}/sub")
    assert result["errors"] == {"base": "no_enrg", "url": "no_enrg"}
    result = await fill(hass, result["flow_id"], url=home.url)
    assert result["reason"] == "reconfigure_successful"
    await home.settle()
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.unique_id, entry.data["credential"]) == (id_, home.credential)


async def step(hass: HomeAssistant, result: Result, **data: Any) -> Result:
    """Fill in a step of the options."""
    return dict(await hass.config_entries.options.async_configure(result["flow_id"], data))


async def messages(hass: HomeAssistant, result: Result, **data: Any) -> Result:
    """Take over what the step about messages suggests, but for this."""
    schema = result["data_schema"].schema
    said = {str(key): key.description["suggested_value"] for key in schema}
    return await step(hass, result, **{**said, **data})


async def open_options(hass: HomeAssistant, entry: MockConfigEntry) -> Result:
    """Open the options of an entry."""
    return dict(await hass.config_entries.options.async_init(entry.entry_id))


async def test_options_end_with_a_preview_and_only_then_something_is_sent(
    hass: HomeAssistant, home: Home
) -> None:
    home.roof.grow(BARN, START)
    entry = await home.add()
    result = await open_options(hass, entry)
    assert result["step_id"] == "enrg"
    result = await step(hass, result, plants=[str(ROOF)], interval="30", dry_run=False)
    assert result["step_id"] == "enrg_plants"
    (field,) = result["data_schema"].schema
    assert (str(field), field.default()) == ("Plant 654 (3187654)", ROOF)
    result = await step(hass, result, **{str(field): 77})
    assert result["step_id"] == "enrg_messages"
    result = await messages(hass, result, device_types=["A1: 3"])
    assert result["errors"] == {"device_types": "enrg_device_types"}
    result = await messages(hass, result, device_types=["A1: 3, 1"], left_out=["B2"])
    assert result["step_id"] == "enrg_preview"
    told = result["description_placeholders"]
    assert told["plants"] == "- Plant 654 (3187654): 77"
    assert told["url"] == home.url
    assert '"ID_PLANT": 77' in told["preview"]
    assert '"ID_DEVICE": "A1"' in told["preview"]
    assert '"TYPE_INVERTER": 3' in told["preview"]
    assert not home.service.calls
    assert not hasattr(StepsOptionsFlow(), "async_step_enrg_preview")
    result = await step(hass, result)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await home.settle()
    assert entry.options["plants"] == {str(ROOF): {"id": 77, "since": START.isoformat()}}
    assert entry.options["offered"] == [str(ROOF), str(BARN)]
    home.freezer.tick(3600)
    home.roof.grow(ROOF, START.replace(hour=11))
    await home.drain(5)
    assert {(call.plant, call.devices) for call in home.service.values_calls} == {(77, ("A1",))}
    assert sorted(home.dates()) == ["2026-06-17 12:30:00"]


async def test_two_plants_need_two_numbers(hass: HomeAssistant, home: Home) -> None:
    home.roof.grow(BARN, START)
    page = dr.async_get(hass).async_get_or_create
    owner = MockConfigEntry(domain=DOMAIN)
    owner.add_to_hass(hass)
    page(config_entry_id=owner.entry_id, identifiers={(DOMAIN, str(BARN))}, name="Barn")
    entry = await home.add()
    result = await open_options(hass, entry)
    both = [str(ROOF), str(BARN)]
    result = await step(hass, result, plants=both, interval="60", dry_run=False)
    names = [str(key) for key in result["data_schema"].schema]
    result = await step(hass, result, **dict.fromkeys(names, 9))
    assert result["errors"] == {"base": "enrg_same_id"}
    result = await step(hass, result, **{names[0]: 8, names[1]: 9})
    assert result["step_id"] == "enrg_messages"


async def test_no_plant_can_be_chosen_any_more(hass: HomeAssistant, home: Home) -> None:
    entry = await home.deliver()
    home.roof.plants.clear()
    result = await open_options(hass, entry)
    result = await step(hass, result, plants=[], interval="60", dry_run=False)
    result = await messages(hass, result)
    assert result["description_placeholders"]["plants"] == "-"
    assert result["description_placeholders"]["preview"] == "```json\n-\n```"
    await step(hass, result)
    await home.settle()
    assert entry.options["plants"] == {}
    assert state(hass, "enrg0_delivery").state == "not_set_up"


async def test_without_plants_there_is_nothing_to_choose(hass: HomeAssistant, home: Home) -> None:
    entry = await home.add()
    home.roof.plants.clear()
    result = await open_options(hass, entry)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "enrg_no_plants")


async def test_after_a_dry_run_delivery_begins_now(hass: HomeAssistant, home: Home) -> None:
    home.roof.plants["Envoy"] = {}
    since = "2026-06-16T00:00:00+00:00"
    plants = {str(ROOF): {"id": ROOF, "since": since}}
    entry = await home.add(plants=plants, dry_run=True)
    result = await open_options(hass, entry)
    result = await step(hass, result, plants=[str(ROOF), "Envoy"], interval="60", dry_run=True)
    result = await step(hass, result, **{"Plant 654 (3187654)": ROOF, "Plant voy (Envoy)": 5})
    result = await step(hass, await messages(hass, result))
    await home.settle()
    assert entry.options["plants"][str(ROOF)]["since"] == since
    result = await open_options(hass, entry)
    result = await step(hass, result, plants=[str(ROOF)], interval="60", dry_run=False)
    result = await step(hass, result, **{"Plant 654 (3187654)": ROOF})
    await step(hass, await messages(hass, result))
    await home.settle()
    assert entry.options["plants"][str(ROOF)]["since"] == START.isoformat()
