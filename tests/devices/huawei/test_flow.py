"""Adding and moving an inverter in the UI, and every way in which it can go wrong."""

import asyncio
from dataclasses import replace

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.devices.huawei import flow as huawei_flow
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from simulator.huawei import HuaweiFault, Stranger
from simulator.huawei.profiles import Profile, hybrid, pair

from .conftest import AddEntry, Plant


async def _open(hass: HomeAssistant) -> str:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    flow_id: str = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": "huawei"})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "huawei"
    return flow_id


async def _submit(
    hass: HomeAssistant, plant: Plant, flow_id: str, **data: object
) -> ConfigFlowResult:
    given = {"host": "127.0.0.1", "port": plant.port, "unit_id": 1} | data
    task = hass.async_create_task(hass.config_entries.flow.async_configure(flow_id, given))
    result: ConfigFlowResult = await plant.until_done(task)
    return result


async def _completes(hass: HomeAssistant, plant: Plant, flow_id: str) -> None:
    result = await _submit(hass, plant, flow_id)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_an_inverter(hass: HomeAssistant, plant: Plant) -> None:
    result = await _submit(hass, plant, await _open(hass), host=f"127.0.0.1:{plant.port}", port=9)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "SUN2000-8KTL-M1"
    assert result["data"] == {
        "type": "huawei",
        "host": "127.0.0.1",
        "port": plant.port,
        "unit_id": 1,
        "device_id": plant.serial,
    }
    assert result["result"].unique_id == f"huawei_{plant.serial}"
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_the_same_inverter_twice_over_one_connection(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    result = await _submit(hass, plant, await _open(hass))
    assert result["reason"] == "already_configured"
    assert entry.runtime_data.last_update_success
    await plant.device.wait_for_clients(1)


async def test_the_other_port_is_tried(
    hass: HomeAssistant, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = closed.sockets[0].getsockname()[1]
    closed.close()
    monkeypatch.setattr(huawei_flow, "_PORT", port)
    monkeypatch.setattr(huawei_flow, "_OTHER_PORT", plant.port)
    result = await _submit(hass, plant, await _open(hass), port=port)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["port"] == plant.port
    await hass.config_entries.async_unload(result["result"].entry_id)


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (HuaweiFault.REFUSE, {"base": "cannot_connect"}),
        (HuaweiFault.SENTINELS, {"base": "wrong_device", "host": "no_inverter"}),
        (HuaweiFault.UNIT_SILENT, {"base": "timeout", "unit_id": "unit_silent"}),
        (HuaweiFault.SLOT_STOLEN, {"base": "cannot_connect"}),
        (HuaweiFault.ILLEGAL_ID, {"base": "wrong_device", "host": "no_inverter"}),
        (HuaweiFault.ALL_ONES, {"base": "wrong_device", "host": "no_inverter"}),
    ],
)
async def test_what_cannot_be_added(
    hass: HomeAssistant, plant: Plant, fault: HuaweiFault, errors: dict[str, str]
) -> None:
    flow_id = await _open(hass)
    await plant.device.faults.set(fault, True)
    result = await _submit(hass, plant, flow_id)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    await plant.device.faults.set(fault, False)
    await _completes(hass, plant, flow_id)


async def test_a_wrong_unit(hass: HomeAssistant, plant: Plant) -> None:
    flow_id = await _open(hass)
    result = await _submit(hass, plant, flow_id, unit_id=7)
    assert result["errors"] == {"base": "timeout", "unit_id": "unit_silent"}
    await _completes(hass, plant, flow_id)


async def test_a_wrong_host(hass: HomeAssistant, plant: Plant) -> None:
    flow_id = await _open(hass)
    result = await _submit(hass, plant, flow_id, host="no such host")
    assert result["errors"] == {"base": "cannot_connect", "host": "invalid_host"}
    await _completes(hass, plant, flow_id)


class TestManager:
    """An energy manager answers on the same port."""

    @pytest.fixture
    def profile(self) -> Profile:
        house, device = hybrid()
        manager = replace(device.inverters[0], model="SmartHEMS")
        return Profile(house, replace(device, inverters=(manager,), stranger=Stranger.CLOSED))

    async def test_it_is_not_taken_for_an_inverter(self, hass: HomeAssistant, plant: Plant) -> None:
        result = await _submit(hass, plant, await _open(hass))
        assert result["errors"] == {"base": "wrong_device", "host": "energy_manager"}


async def test_an_inverter_that_moved(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(port=1)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    flow = await entry.start_reconfigure_flow(hass)
    result = await _submit(hass, plant, flow["flow_id"])
    assert result["reason"] == "reconfigure_successful"
    assert entry.data["port"] == plant.port
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)


async def test_another_inverter_at_the_address(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(device_id="HV0000000000")
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "wrong_device"
    flow = await entry.start_reconfigure_flow(hass)
    result = await _submit(hass, plant, flow["flow_id"])
    assert result["reason"] == "wrong_device"


async def test_options(hass: HomeAssistant, plant: Plant, add_entry: AddEntry) -> None:
    entry = await add_entry()
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["step_id"] == "huawei"
    result = await hass.config_entries.options.async_configure(result["flow_id"], {"interval": 30})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
    interval = entry.runtime_data.update_interval
    assert interval is not None
    assert interval.total_seconds() == 30


class TestPair:
    """Two inverters behind one dongle."""

    @pytest.fixture
    def profile(self) -> Profile:
        return pair()

    async def test_they_share_one_connection(
        self, hass: HomeAssistant, plant: Plant, add_entry: AddEntry
    ) -> None:
        first = await add_entry()
        second = await add_entry(unit_id=2, device_id="HV9900000002")
        await plant.seconds(30)
        assert first.runtime_data.last_update_success
        assert second.runtime_data.last_update_success
        await plant.device.wait_for_clients(1)
        await hass.config_entries.async_unload(first.entry_id)
        await plant.seconds(30)
        assert second.runtime_data.last_update_success
        await hass.config_entries.async_unload(second.entry_id)
        await plant.device.wait_for_clients(0)
