"""The certificate of a gateway is trusted because it stays the same."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_hub.const import DOMAIN
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from simulator.envoy import EnvoyFault, profiles
from simulator.envoy.profiles import Profile
from tests.helpers import state

from .conftest import AddEntry, Plant

type Confirm = Callable[[str], Awaitable[dict[str, Any]]]


@pytest.fixture
async def confirm(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Confirm:
    """Return a function that confirms a repair in the UI; it returns the form's texts."""
    assert await async_setup_component(hass, REPAIRS, {})

    async def fix(issue_id: str) -> dict[str, Any]:
        client = await hass_client()
        answer = await client.post(
            "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
        )
        form = await answer.json()
        await client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={})
        found: dict[str, Any] = form["description_placeholders"]
        return found

    return fix


def _issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"certificate_changed_{entry.entry_id}")


async def test_it_is_remembered_at_first_use(plant: Plant, entry: MockConfigEntry) -> None:
    assert len(entry.data["certificate"]) == 64
    assert entry.runtime_data.diagnostics()["replies"]["/info"]["status"] == 200


async def test_another_one_is_a_repair_and_gets_nothing(
    hass: HomeAssistant,
    plant: Plant,
    confirm: Confirm,
    entry: MockConfigEntry,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("another certificate")
    trusted = entry.data["certificate"]
    await plant.envoy.faults.set(EnvoyFault.CERTIFICATE, True)
    plant.envoy.requests.clear()
    await plant.seconds(120)
    assert plant.paths == []
    assert state(hass, f"{plant.serial}_grid_power").state == STATE_UNAVAILABLE
    issue = _issue(hass, entry)
    assert issue is not None
    assert issue.data is not None
    texts = await confirm(issue.issue_id)
    assert texts["name"] == "Envoy"
    assert texts["fingerprint"].replace(":", "") == issue.data["certificate"]
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.data["certificate"] == issue.data["certificate"] != trusted
    assert state(hass, f"{plant.serial}_grid_power").state != STATE_UNAVAILABLE
    assert _issue(hass, entry) is None


async def test_the_known_one_takes_the_question_back(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("another certificate")
    await plant.envoy.faults.set(EnvoyFault.CERTIFICATE, True)
    await plant.seconds(65)
    assert _issue(hass, entry) is not None
    await plant.envoy.faults.set(EnvoyFault.CERTIFICATE, False)
    await plant.seconds(65)
    assert _issue(hass, entry) is None
    assert state(hass, f"{plant.serial}_grid_power").state != STATE_UNAVAILABLE


async def test_another_one_at_a_start_is_a_repair_too(
    hass: HomeAssistant, plant: Plant, confirm: Confirm, entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    await plant.envoy.faults.set(EnvoyFault.CERTIFICATE, True)
    plant.envoy.requests.clear()
    task = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await plant.until_done(task)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "certificate_changed"
    assert plant.paths == []
    issue = _issue(hass, entry)
    assert issue is not None
    await confirm(issue.issue_id)
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)


async def test_a_gateway_that_goes_back_to_plain_http_is_not_believed(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Could not connect")
    plant.envoy._server.tls = None
    plant.envoy.firmware = "R5.0.49"
    await plant.envoy._server.restart()
    plant.envoy.requests.clear()
    await plant.seconds(65)
    assert set(plant.paths) <= {"/info"}
    assert state(hass, f"{plant.serial}_grid_power").state == STATE_UNAVAILABLE


@pytest.mark.parametrize("profile", [profiles.legacy()])
async def test_old_firmware_has_none(plant: Plant, add_entry: AddEntry, profile: Profile) -> None:
    entry = await add_entry()
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["certificate"] is None
