"""An inverter that wants the installer's log-in before it takes a write."""

from dataclasses import replace

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator.huawei import HuaweiFault
from simulator.huawei.profiles import Profile, hybrid

from .conftest import AddEntry, Plant, battery_w, writes

LOG_IN = {"username": "installer", "password": "secret"}


@pytest.fixture
def profile() -> Profile:
    """Return an inverter with a password."""
    plain = hybrid()
    return plain._replace(device=replace(plain.device, password="secret"))


async def _discharge(hass: HomeAssistant, plant: Plant, entry: MockConfigEntry) -> None:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"{plant.serial}_battery"), entry.entry_id
    )
    assert device is not None
    await plant.call(DOMAIN, "battery_discharge", device_id=device.id, power=800)


def _issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"permission_refused_{entry.entry_id}")


async def test_it_logs_in_only_to_write(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(options={"control": True}, **LOG_IN)
    private = 0x41
    assert all(request.function != private for request in plant.device.requests)
    await _discharge(hass, plant, entry)
    assert battery_w(plant) > 0
    # Refused once, then logged in, then all of it.
    assert writes(plant) == [47249, 47249, 47083, 47246, 47100]


async def test_without_a_log_in_a_repair_says_what_to_do(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(options={"control": True})
    with pytest.raises(HomeAssistantError) as refused:
        await _discharge(hass, plant, entry)
    assert refused.value.translation_key == "permission_refused"
    assert _issue(hass, entry) is not None
    assert battery_w(plant) < 0
    hass.config_entries.async_update_entry(entry, data={**entry.data, **LOG_IN})
    await _discharge(hass, plant, entry)
    assert _issue(hass, entry) is None


@pytest.mark.parametrize("fault", [None, HuaweiFault.PERMISSION_REFUSED])
async def test_a_log_in_that_no_longer_works_is_asked_again(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, fault: HuaweiFault | None
) -> None:
    if fault is not None:
        await plant.device.faults.set(fault, True)
    entry = await add_entry(options={"control": True}, **{**LOG_IN, "password": "old"})
    with pytest.raises(HomeAssistantError):
        await _discharge(hass, plant, entry)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert flow["step_id"] == "huawei_reauth"
    wrong = {**LOG_IN, "password": "wrong"}
    result = await plant.until_done(
        hass.async_create_task(hass.config_entries.flow.async_configure(flow["flow_id"], wrong))
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "invalid_auth"}
    await plant.device.faults.clear()
    result = await plant.until_done(
        hass.async_create_task(hass.config_entries.flow.async_configure(flow["flow_id"], LOG_IN))
    )
    assert result["reason"] == "reauth_successful"
    await plant.seconds(10)
    await _discharge(hass, plant, entry)
    assert battery_w(plant) > 0


async def test_an_inverter_that_proves_nothing_is_not_trusted(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else at its address takes any password, but does not know the right one."""
    welcome = bytes((0, 32)) + bytes(32)
    monkeypatch.setattr("simulator.huawei.session.Session._log_in", lambda *_: welcome)
    entry = await add_entry(options={"control": True}, **{**LOG_IN, "password": "old"})
    with pytest.raises(HomeAssistantError) as refused:
        await _discharge(hass, plant, entry)
    assert refused.value.translation_key == "permission_refused"
