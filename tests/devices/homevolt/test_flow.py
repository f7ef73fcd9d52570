"""Adding, finding and moving a Homevolt in the UI, and every way in which it can go wrong."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.devices.homevolt import flow as homevolt_flow
from homeassistant.config_entries import (
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from simulator.homevolt import HomevoltFault
from simulator.homevolt.profiles import Profile, old, pair, single

from .conftest import ECU, AddEntry, Plant, with_password

LOCKED = with_password(single())


async def _open(hass: HomeAssistant) -> str:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    flow_id: str = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": "homevolt"})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "homevolt")
    return flow_id


async def _submit(
    hass: HomeAssistant, plant: Plant, flow_id: str, data: Mapping[str, Any]
) -> ConfigFlowResult:
    task = hass.async_create_task(hass.config_entries.flow.async_configure(flow_id, dict(data)))
    result: ConfigFlowResult = await plant.until_done(task)
    return result


async def _completes(
    hass: HomeAssistant, plant: Plant, flow_id: str, **data: object
) -> ConfigFlowResult:
    result = await _submit(hass, plant, flow_id, {"host": plant.host, **data})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(result["result"].entry_id)
    return result


@pytest.mark.parametrize("profile", [single(), old(), pair()], ids=["single", "old", "pair"])
async def test_a_battery(hass: HomeAssistant, plant: Plant, profile: Profile) -> None:
    result = await _completes(hass, plant, await _open(hass))
    assert result["title"] == "Homevolt"
    assert result["data"] == {"type": "homevolt", "host": plant.host, "device_id": ECU}
    assert result["result"].unique_id == f"homevolt_{ECU}"


@pytest.mark.parametrize("host", ["http://{}", "http://{}/", " {} ", "http://admin:x@{}/ems.json"])
async def test_ways_to_write_the_host(hass: HomeAssistant, plant: Plant, host: str) -> None:
    result = await _submit(hass, plant, await _open(hass), {"host": host.format(plant.host)})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["host"] == plant.host
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(result["result"].entry_id)


@pytest.mark.parametrize("profile", [LOCKED])
async def test_a_password(hass: HomeAssistant, plant: Plant, profile: Profile) -> None:
    flow_id = await _open(hass)
    for password in ({}, {"password": "wrong"}):
        result = await _submit(hass, plant, flow_id, {"host": plant.host, **password})
        assert result["errors"] == {"base": "invalid_auth"}
    result = await _completes(hass, plant, flow_id, password="right")
    assert result["data"]["password"] == "right"


async def test_the_same_battery_twice(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    result = await _submit(hass, plant, await _open(hass), {"host": plant.host})
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (HomevoltFault.REFUSE, {"base": "cannot_connect"}),
        (HomevoltFault.HANG, {"base": "timeout"}),
        (HomevoltFault.HALF, {"base": "timeout"}),
        (HomevoltFault.UNAUTHORIZED, {"base": "invalid_auth"}),
        (HomevoltFault.STARTING, {"base": "http_status"}),
        (HomevoltFault.HTML, {"base": "wrong_device", "host": "no_homevolt"}),
        (HomevoltFault.NOT_FOUND, {"base": "wrong_device", "host": "no_homevolt"}),
    ],
)
async def test_what_cannot_be_added(
    hass: HomeAssistant, plant: Plant, fault: HomevoltFault, errors: dict[str, str]
) -> None:
    flow_id = await _open(hass)
    await plant.device.faults.set(fault, True)
    result = await _submit(hass, plant, flow_id, {"host": plant.host})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    if fault is HomevoltFault.STARTING:
        assert result["description_placeholders"] == {"status": "503"}
    await plant.device.faults.set(fault, False)
    await _completes(hass, plant, flow_id)


async def test_a_wrong_host(hass: HomeAssistant, plant: Plant) -> None:
    flow_id = await _open(hass)
    result = await _submit(hass, plant, flow_id, {"host": "no such host"})
    assert result["errors"] == {"base": "cannot_connect", "host": "invalid_host"}
    await _completes(hass, plant, flow_id)


async def test_https_is_tried_where_nothing_is_said(
    hass: HomeAssistant, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    connect = homevolt_flow.async_ecu

    def noted(hass: HomeAssistant, address: Any, password: str | None) -> Any:
        asked.append(address.url)
        return connect(hass, address, password)

    monkeypatch.setattr(homevolt_flow, "async_ecu", noted)
    flow_id = await _open(hass)
    result = await _submit(hass, plant, flow_id, {"host": "127.0.0.1"})
    assert result["errors"] == {"base": "cannot_connect"}
    assert asked == ["http://127.0.0.1", "https://127.0.0.1"]
    await _completes(hass, plant, flow_id)


async def test_a_battery_that_moved(hass: HomeAssistant, plant: Plant, add_entry: AddEntry) -> None:
    entry = await add_entry(host="127.0.0.1:1")
    assert entry.state is ConfigEntryState.SETUP_RETRY
    flow = await entry.start_reconfigure_flow(hass)
    result = await _submit(hass, plant, flow["flow_id"], {"host": plant.host})
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["host"] == plant.host
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)


async def test_another_battery_at_the_address(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(device_id="99aabbccdd77")
    flow = await entry.start_reconfigure_flow(hass)
    result = await _submit(hass, plant, flow["flow_id"], {"host": plant.host})
    assert result["reason"] == "wrong_device"


@pytest.mark.parametrize("profile", [LOCKED])
async def test_a_new_password(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    entry = await add_entry(password="old")
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "homevolt_reauth"
    result = await _submit(hass, plant, flow["flow_id"], {"password": "wrong"})
    assert result["errors"] == {"base": "invalid_auth"}
    result = await _submit(hass, plant, flow["flow_id"], {"password": "right"})
    assert result["reason"] == "reauth_successful"
    assert entry.data["password"] == "right"
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)


async def test_options(hass: HomeAssistant, plant: Plant, add_entry: AddEntry) -> None:
    entry = await add_entry()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["step_id"] == "homevolt"
    task = hass.async_create_task(
        hass.config_entries.options.async_configure(result["flow_id"], {"interval": 30})
    )
    result = await plant.until_done(task)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
    interval = entry.runtime_data.update_interval
    assert interval is not None
    assert interval.total_seconds() == 30


def _announcement(plant: Plant, port: int | None = None) -> ZeroconfServiceInfo:
    return ZeroconfServiceInfo(
        ip_address=ip_address("127.0.0.1"),
        ip_addresses=[ip_address("127.0.0.1")],
        port=plant.port if port is None else port,
        hostname="homevolt-abc123.local.",
        type="_http._tcp.local.",
        name="homevolt-abc123._http._tcp.local.",
        properties={},
    )


async def _announce(hass: HomeAssistant, plant: Plant, port: int | None = None) -> ConfigFlowResult:
    task = hass.async_create_task(
        hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_ZEROCONF}, data=_announcement(plant, port)
        )
    )
    result: ConfigFlowResult = await plant.until_done(task)
    return result


async def test_one_that_announces_itself(hass: HomeAssistant, plant: Plant) -> None:
    result = await _announce(hass, plant)
    assert result["step_id"] == "homevolt_found"
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["unique_id"] == f"homevolt_{ECU}"
    assert flow["context"]["title_placeholders"] == {"name": "Homevolt (127.0.0.1)"}
    result = await _submit(hass, plant, result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"type": "homevolt", "host": plant.host, "device_id": ECU}
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(result["result"].entry_id)


@pytest.mark.parametrize("profile", [LOCKED])
async def test_one_that_announces_itself_and_wants_a_password(
    hass: HomeAssistant, plant: Plant, profile: Profile
) -> None:
    result = await _announce(hass, plant)
    assert result["step_id"] == "homevolt_found"
    flow_id = result["flow_id"]
    result = await _submit(hass, plant, flow_id, {"password": "wrong"})
    assert result["errors"] == {"base": "invalid_auth"}
    result = await _submit(hass, plant, flow_id, {"password": "right"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["password"] == "right"
    assert result["result"].unique_id == f"homevolt_{ECU}"
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_one_that_moved_announces_itself(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(host="127.0.0.1:1")
    result = await _announce(hass, plant)
    assert result["reason"] == "already_configured"
    assert entry.data["host"] == plant.host
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)


@pytest.mark.parametrize("profile", [LOCKED])
async def test_one_that_moved_and_wants_a_password(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    entry = await add_entry(host="127.0.0.1:1", password="right")
    result = await _announce(hass, plant)
    result = await _submit(hass, plant, result["flow_id"], {"password": "right"})
    assert result["reason"] == "already_configured"
    assert entry.data["host"] == plant.host


@pytest.mark.parametrize("host", [None, "homevolt-abc123.local"])
async def test_one_that_is_there_already(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, host: str | None
) -> None:
    if host is None:
        await add_entry()
    else:
        entry = await add_entry()
        hass.config_entries.async_update_entry(entry, data={**entry.data, "host": host})
    plant.device.requests.clear()
    result = await _announce(hass, plant)
    assert result["reason"] == "already_configured"
    assert len(plant.device.requests) == 0


async def test_something_else_that_announces_itself(hass: HomeAssistant, plant: Plant) -> None:
    await plant.device.faults.set(HomevoltFault.HTML, True)
    result = await _announce(hass, plant)
    assert result["reason"] == "wrong_device"
    result = await _announce(hass, plant, port=1)
    assert result["reason"] == "cannot_connect"
