"""Adding an Envoy in the UI, and every way in which it can go wrong."""

from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import (
    SOURCE_USER,
    SOURCE_ZEROCONF,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from simulator.envoy import EnvoyFault, profiles
from simulator.envoy.profiles import Profile

from .conftest import AddEntry, Plant

ACCOUNT = {"username": "owner@example.com", "password": "sunny-day"}


async def _open(hass: HomeAssistant) -> str:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    flow_id: str = result["flow_id"]
    result = await hass.config_entries.flow.async_configure(flow_id, {"next_step_id": "enphase"})
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "enphase"
    return flow_id


async def _submit(plant: Plant, flow_id: str, **data: object) -> ConfigFlowResult:
    configure = plant.hass.config_entries.flow.async_configure(flow_id, data)
    result: ConfigFlowResult = await plant.until_done(plant.hass.async_create_task(configure))
    await plant.seconds(1, step=0.5)
    return result


async def _created(plant: Plant, result: ConfigFlowResult) -> MockConfigEntry:
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    entry: MockConfigEntry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    await plant.hass.config_entries.async_unload(entry.entry_id)
    return entry


def _suggested(result: ConfigFlowResult) -> dict[str, Any]:
    schema = result["data_schema"]
    assert schema is not None
    return {str(key): (key.description or {}).get("suggested_value") for key in schema.schema}


async def test_with_an_account(hass: HomeAssistant, plant: Plant) -> None:
    result = await _submit(plant, await _open(hass), host=plant.host, **ACCOUNT)
    entry = await _created(plant, result)
    assert result["title"] == f"Envoy {plant.serial}"
    assert entry.unique_id == f"enphase_{plant.serial}"
    assert entry.data["type"] == "enphase"
    assert entry.data["host"] == plant.host
    assert entry.data["device_id"] == plant.serial
    assert entry.data["username"] == "owner@example.com"
    assert entry.data["token"].startswith("eyJ")
    assert len(entry.data["certificate"]) == 64
    assert list(plant.envoy.cloud.requests) == ["/login/login.json", "/tokens"]


async def test_with_a_token(hass: HomeAssistant, plant: Plant) -> None:
    token = plant.envoy.cloud.token()
    url = f"https://{plant.host}/home"
    result = await _submit(plant, await _open(hass), host=url, token=token)
    entry = await _created(plant, result)
    assert entry.data["token"] == token
    assert not plant.envoy.cloud.requests


@pytest.mark.parametrize("profile", [profiles.legacy()])
@pytest.mark.parametrize("user", [{}, {"username": "envoy"}])
async def test_old_firmware_needs_neither(
    hass: HomeAssistant, plant: Plant, profile: Profile, user: dict[str, str]
) -> None:
    entry = await _created(plant, await _submit(plant, await _open(hass), host=plant.host, **user))
    assert entry.data["certificate"] is None
    assert not plant.envoy.cloud.requests


@pytest.mark.parametrize("profile", [profiles.legacy()])
async def test_old_firmware_wants_the_right_password(
    hass: HomeAssistant, plant: Plant, profile: Profile
) -> None:
    flow_id = await _open(hass)
    result = await _submit(plant, flow_id, host=plant.host, username="envoy", password="wrong")
    assert result["errors"] == {"base": "invalid_auth"}
    await _created(plant, await _submit(plant, flow_id, host=plant.host))


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({}, {"base": "invalid_auth", "username": "credentials_missing"}),
        ({"username": "me"}, {"base": "invalid_auth", "username": "credentials_missing"}),
        ({"token": "opaque"}, {"base": "invalid_auth", "token": "token_refused"}),
        (
            {"username": "owner@example.com", "password": "wrong"},
            {"base": "invalid_auth", "password": "account_refused"},
        ),
        ({"host": "no such host"}, {"base": "cannot_connect", "host": "invalid_host"}),
        ({"host": "127.0.0.1:1", "token": "x"}, {"base": "cannot_connect"}),
    ],
)
async def test_what_is_wrong_in_the_form(
    hass: HomeAssistant, plant: Plant, given: dict[str, str], errors: dict[str, str]
) -> None:
    flow_id = await _open(hass)
    result = await _submit(plant, flow_id, **{"host": plant.host, **given})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    await _created(plant, await _submit(plant, flow_id, host=plant.host, **ACCOUNT))


@pytest.mark.parametrize(
    ("fault", "paths", "errors"),
    [
        (EnvoyFault.REFUSE, (), {"base": "cannot_connect"}),
        (EnvoyFault.UNAUTHORIZED, (), {"base": "invalid_auth"}),
        (EnvoyFault.BUSY, (), {"base": "timeout"}),
        (EnvoyFault.BUSY, ("/auth/check_jwt",), {"base": "timeout"}),
        (EnvoyFault.MISSING, ("/info",), {"base": "wrong_device", "host": "no_envoy"}),
        (EnvoyFault.NOT_JSON, ("/info",), {"base": "wrong_device", "host": "no_envoy"}),
        (EnvoyFault.DROP, (), {"base": "cannot_connect"}),
        (EnvoyFault.DROP, ("/auth/check_jwt",), {"base": "cannot_connect"}),
        (EnvoyFault.CLOUD_BUSY, (), {"base": "timeout", "username": "cloud_away"}),
        (EnvoyFault.CLOUD_DOWN, (), {"base": "cannot_connect", "username": "cloud_away"}),
        (EnvoyFault.CLOUD_REFUSES, (), {"base": "invalid_auth", "password": "account_refused"}),
        (EnvoyFault.CLOUD_MFA, (), {"base": "invalid_auth", "password": "second_factor"}),
    ],
)
async def test_what_cannot_be_added(
    hass: HomeAssistant,
    plant: Plant,
    fault: EnvoyFault,
    paths: tuple[str, ...],
    errors: dict[str, str],
) -> None:
    flow_id = await _open(hass)
    plant.envoy.paths[fault] = paths
    await plant.envoy.faults.set(fault, True)
    result = await _submit(plant, flow_id, host=plant.host, **ACCOUNT)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    await plant.envoy.faults.set(fault, False)
    await _created(plant, await _submit(plant, flow_id, host=plant.host, **ACCOUNT))


async def test_a_slow_gateway_is_waited_for(hass: HomeAssistant, plant: Plant) -> None:
    flow_id = await _open(hass)
    plant.envoy.paths[EnvoyFault.SLOW] = ("/info", "/auth/check_jwt")
    await plant.envoy.faults.set(EnvoyFault.SLOW, True)
    await _created(plant, await _submit(plant, flow_id, host=plant.host, **ACCOUNT))


async def test_an_account_that_owns_another_gateway(
    hass: HomeAssistant, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow_id = await _open(hass)
    with monkeypatch.context() as patched:
        patched.setattr(plant.envoy.cloud, "_serial", "999000000009")
        result = await _submit(plant, flow_id, host=plant.host, **ACCOUNT)
    assert result["errors"] == {"base": "invalid_auth", "username": "account_foreign"}
    await _created(plant, await _submit(plant, flow_id, host=plant.host, **ACCOUNT))


async def test_new_firmware_on_plain_http_only(hass: HomeAssistant, plant: Plant) -> None:
    flow_id = await _open(hass)
    tls, plant.envoy._server.tls = plant.envoy._server.tls, None
    await plant.envoy._server.restart()
    result = await _submit(plant, flow_id, host=plant.host, **ACCOUNT)
    assert result["errors"] == {"base": "cannot_connect"}
    await plant.envoy._server.restart(tls)
    await _created(plant, await _submit(plant, flow_id, host=plant.host, **ACCOUNT))


async def test_the_same_gateway_twice(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    result = await _submit(plant, await _open(hass), host=plant.host, **ACCOUNT)
    assert result["reason"] == "already_configured"
    assert entry.runtime_data.last_update_success


async def test_a_gateway_that_moved(hass: HomeAssistant, plant: Plant, add_entry: AddEntry) -> None:
    entry = await add_entry(host="127.0.0.1:1")
    assert entry.state is ConfigEntryState.SETUP_RETRY
    token = entry.data["token"]
    flow = await entry.start_reconfigure_flow(hass)
    assert _suggested(flow) == {
        "host": "127.0.0.1:1",
        "username": None,
        "password": None,
        "token": None,
    }
    result = await _submit(plant, flow["flow_id"], host=plant.host)
    assert result["reason"] == "reconfigure_successful"
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
    assert (entry.data["host"], entry.data["token"]) == (plant.host, token)


async def test_another_gateway_at_the_address(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(device_id="999000000009")
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "wrong_device"
    flow = await entry.start_reconfigure_flow(hass)
    result = await _submit(plant, flow["flow_id"], host=plant.host)
    assert result["reason"] == "wrong_device"


@pytest.mark.parametrize("what", [ACCOUNT, {"token": ""}])
async def test_credentials_again(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, what: dict[str, str]
) -> None:
    old = entry.data["token"]
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, True)
    plant.freezer.tick(timedelta(seconds=1))
    flow = await entry.start_reauth_flow(hass)
    assert flow["step_id"] == "enphase_reauth"
    assert _suggested(flow) == {"username": None, "password": None, "token": None}
    given = {**what, "token": plant.envoy.cloud.token()} if "token" in what else what
    result = await _submit(plant, flow["flow_id"], **given)
    assert result["reason"] == "reauth_successful"
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
    assert entry.data["token"] not in {"", old}
    assert entry.data["host"] == plant.host


async def test_credentials_again_that_are_no_better(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, True)
    flow = await entry.start_reauth_flow(hass)
    result = await _submit(plant, flow["flow_id"])
    assert result["errors"] == {"base": "invalid_auth", "token": "token_refused"}
    result = await _submit(plant, flow["flow_id"], username="owner@example.com", password="no")
    assert result["errors"] == {"base": "invalid_auth", "password": "account_refused"}
    plant.freezer.tick(timedelta(seconds=1))
    result = await _submit(plant, flow["flow_id"], **ACCOUNT)
    assert result["reason"] == "reauth_successful"


def _announced(plant: Plant, address: str = "127.0.0.1", **other: str) -> ZeroconfServiceInfo:
    return ZeroconfServiceInfo(
        ip_address=ip_address(address),
        ip_addresses=[ip_address(address)],
        port=443,
        hostname="envoy.local.",
        type="_enphase-envoy._tcp.local.",
        name="envoy._enphase-envoy._tcp.local.",
        properties={"serialnum": plant.serial, "protovers": "8.3.5286", **other},
    )


async def _discover(plant: Plant, info: ZeroconfServiceInfo) -> ConfigFlowResult:
    return await plant.hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_ZEROCONF}, data=info
    )


@pytest.fixture
def _at_its_port(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a gateway without a port in its address be the simulated one."""
    module = "custom_components.energy_hub.devices.enphase.flow."
    port = int(plant.host.rpartition(":")[2])
    monkeypatch.setattr(module + "split_host", lambda host: (host, port))
    monkeypatch.setattr(module + "authority", lambda host: f"{host}:{port}")


@pytest.mark.usefixtures("_at_its_port")
async def test_one_that_announced_itself(hass: HomeAssistant, plant: Plant) -> None:
    result = await _discover(plant, _announced(plant))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "enphase_found")
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["title_placeholders"] == {"name": f"Envoy {plant.serial}"}
    result = await _submit(plant, result["flow_id"], **ACCOUNT)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["host"] == "127.0.0.1"
    await hass.config_entries.async_remove(result["result"].entry_id)


@pytest.mark.usefixtures("_at_its_port")
async def test_one_that_home_assistant_reads_already(hass: HomeAssistant, plant: Plant) -> None:
    MockConfigEntry(domain="enphase_envoy", unique_id=plant.serial).add_to_hass(hass)
    result = await _discover(plant, _announced(plant))
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "enphase_beside")
    result = await _submit(plant, result["flow_id"], token=plant.envoy.cloud.token())
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.config_entries.async_remove(result["result"].entry_id)


@pytest.mark.usefixtures("_at_its_port")
async def test_one_that_says_it_is_another(hass: HomeAssistant, plant: Plant) -> None:
    result = await _discover(plant, _announced(plant, serialnum="999000000009"))
    result = await _submit(plant, result["flow_id"], **ACCOUNT)
    assert result["errors"] == {"base": "wrong_device"}


async def test_a_known_one_stays_where_it_answers(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    result = await _discover(plant, _announced(plant, "192.0.2.77"))
    assert result["reason"] == "already_configured"
    assert entry.data["host"] == plant.host


async def test_a_known_one_that_does_not_answer_has_moved(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await add_entry(host="127.0.0.1:1")
    # Nobody answers at the new address of this test.
    monkeypatch.setattr(hass.config_entries, "async_schedule_reload", lambda _: None)
    result = await _discover(plant, _announced(plant, "192.0.2.77"))
    assert result["reason"] == "already_configured"
    assert entry.data["host"] == "192.0.2.77"


async def test_another_one_is_no_known_one(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    result = await _discover(plant, _announced(plant, serialnum="999000000009"))
    assert result["type"] is FlowResultType.FORM


async def test_only_ipv4_is_followed(hass: HomeAssistant, plant: Plant) -> None:
    result = await _discover(plant, _announced(plant, "2001:db8::7"))
    assert result["reason"] == "not_ipv4_address"


async def test_options(hass: HomeAssistant, plant: Plant, entry: MockConfigEntry) -> None:
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["step_id"] == "enphase"
    result = await hass.config_entries.options.async_configure(result["flow_id"], {"interval": 15})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await plant.until(
        lambda: entry.state is ConfigEntryState.LOADED and bool(entry.runtime_data.data)
    )
    assert entry.runtime_data.update_interval == timedelta(seconds=15)
