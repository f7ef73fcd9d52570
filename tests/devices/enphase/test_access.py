"""Tokens: renewed in time, survived when they end, doubted only when it is sure."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.devices.enphase.token import life_of
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator.envoy import EnvoyFault, profiles
from simulator.envoy.profiles import Profile
from simulator.envoy.token import INSTALLER, issue
from tests.helpers import number, state

from .conftest import START, AddEntry, Plant

ACCOUNT = {"username": "owner@example.com", "password": "sunny-day"}


def _reauths(hass: HomeAssistant) -> list[str]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [one["flow_id"] for one in flows if one["context"]["source"] == SOURCE_REAUTH]


def _token(plant: Plant, **ago: float) -> str:
    """Return an owner's token that was issued some time ago; it lasts a year."""
    return issue(plant.envoy.cloud._secret, plant.serial, START - timedelta(**ago))


def _works(hass: HomeAssistant, plant: Plant) -> bool:
    return state(hass, f"{plant.serial}_grid_power").state != STATE_UNAVAILABLE


def _issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"token_ends_{entry.entry_id}")


async def test_a_token_that_ends_in_operation_is_replaced_by_the_account(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(**ACCOUNT)
    old = entry.data["token"]
    plant.freezer.tick(timedelta(seconds=1))
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, True)
    await plant.seconds(70)
    assert _works(hass, plant)
    assert entry.data["token"] != old
    assert list(plant.envoy.cloud.requests) == ["/login/login.json", "/tokens"]
    assert not _reauths(hass)


async def test_a_token_is_renewed_a_month_before_it_ends(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(token=_token(plant, days=334, hours=22), **ACCOUNT)
    await plant.seconds(3700, step=100)
    assert not plant.envoy.cloud.requests
    await plant.seconds(3700, step=100)
    assert list(plant.envoy.cloud.requests) == ["/login/login.json", "/tokens"]
    life = life_of(entry.data["token"])
    assert life is not None
    assert life.ends - dt_util.utcnow() > timedelta(days=364)
    assert _issue(hass, entry) is None
    await plant.seconds(3700, step=100)
    assert len(plant.envoy.cloud.requests) == 2


async def test_an_installers_token_is_renewed_within_its_hours(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    plant.envoy.cloud.lasts = INSTALLER
    await add_entry(**ACCOUNT)
    for _ in range(14):
        await plant.seconds(3600, step=1200)
        assert _works(hass, plant)
    assert len(plant.envoy.cloud.requests) == 2


@pytest.mark.parametrize("fault", [EnvoyFault.CLOUD_BUSY, EnvoyFault.CLOUD_DOWN])
async def test_a_cloud_that_is_away_costs_nothing_while_the_token_is_good(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, fault: EnvoyFault
) -> None:
    await plant.envoy.faults.set(fault, True)
    entry = await add_entry(token=_token(plant, days=340), **ACCOUNT)
    await plant.seconds(3700, step=100)
    assert _works(hass, plant)
    assert len(plant.envoy.cloud.requests) <= 2
    assert not _reauths(hass)
    assert _issue(hass, entry) is None
    await plant.envoy.faults.set(fault, False)
    await plant.seconds(3700, step=100)
    assert plant.envoy.cloud.requests[-1] == "/tokens"
    assert _works(hass, plant)


async def test_a_cloud_that_comes_back_ends_an_outage(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Error fetching Envoy data")
    await add_entry(**ACCOUNT)
    await plant.envoy.faults.set(EnvoyFault.CLOUD_DOWN, True)
    plant.freezer.tick(timedelta(seconds=1))
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, True)
    await plant.seconds(600, step=20)
    assert not _works(hass, plant)
    assert not _reauths(hass)
    await plant.envoy.faults.set(EnvoyFault.CLOUD_DOWN, False)
    await plant.seconds(130)
    assert _works(hass, plant)


async def test_an_account_that_is_refused_is_asked_for_after_a_while(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("The credentials were not accepted")
    entry = await add_entry(**ACCOUNT)
    await plant.envoy.faults.set(EnvoyFault.CLOUD_REFUSES, True)
    plant.freezer.tick(timedelta(seconds=1))
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, True)
    await plant.seconds(200, step=20)
    assert not _reauths(hass)
    await plant.seconds(400, step=20)
    assert len(_reauths(hass)) == 1
    # Nobody is asked the same again and again.
    assert len(plant.envoy.cloud.requests) == 1
    assert entry.state is ConfigEntryState.LOADED


async def test_a_fresh_token_that_is_refused_is_the_gateways_fault(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("a token that was just issued")
    await add_entry(**ACCOUNT)
    await plant.envoy.faults.set(EnvoyFault.UNAUTHORIZED, True)
    await plant.seconds(1200, step=30)
    assert not _works(hass, plant)
    assert not _reauths(hass)
    assert len(plant.envoy.cloud.requests) == 2
    await plant.envoy.faults.set(EnvoyFault.UNAUTHORIZED, False)
    await plant.seconds(65)
    assert _works(hass, plant)


async def test_a_token_by_hand_that_is_refused_is_asked_for_after_a_while(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("The credentials were not accepted")
    plant.freezer.tick(timedelta(seconds=1))
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, True)
    await plant.seconds(240, step=20)
    assert not _works(hass, plant)
    assert not _reauths(hass)
    await plant.seconds(150, step=15)
    assert len(_reauths(hass)) == 1
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, False)
    await plant.seconds(65)
    assert _works(hass, plant)
    assert not _reauths(hass)


async def test_a_start_with_a_refused_token_is_tried_again_and_asks(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, True)
    entry = await add_entry()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "invalid_auth"
    assert not _reauths(hass)
    await plant.until(lambda: bool(_reauths(hass)), most_s=1200, step=10)
    await plant.envoy.faults.set(EnvoyFault.TOKEN_EXPIRED, False)
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED, most_s=1200, step=10)
    assert not _reauths(hass)


async def test_an_entry_without_a_token_gets_one(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(token="", **ACCOUNT)
    assert entry.state is ConfigEntryState.LOADED
    assert life_of(entry.data["token"]) is not None


async def test_an_opaque_token_is_as_good_as_the_gateway_says(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plant.envoy._access, "opens", lambda *_: True)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "token": "opaque"})
    task = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await plant.until_done(task)
    await plant.seconds(65)
    assert _works(hass, plant)
    assert _issue(hass, entry) is None


async def test_a_token_by_hand_is_not_asked_for_before(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry(token=_token(plant, days=334, hours=23))
    await plant.seconds(35)
    assert _issue(hass, entry) is None
    await plant.seconds(3700, step=100)
    assert _issue(hass, entry) is not None


async def test_a_token_by_hand_is_asked_for_a_month_before_it_ends(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    assert await async_setup_component(hass, REPAIRS, {})
    entry = await add_entry(token=_token(plant, days=335))
    await plant.seconds(35)
    asked = _issue(hass, entry)
    assert asked is not None
    assert asked.translation_placeholders == {"name": "Envoy", "date": "2026-07-17"}
    assert _works(hass, plant)
    assert not _reauths(hass)

    client = await hass_client()
    answer = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": asked.issue_id}
    )
    flow = await answer.json()
    await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    await hass.async_block_till_done()
    (reauth,) = _reauths(hass)
    # The token still works; that does not take the question back.
    await plant.seconds(65)
    assert _reauths(hass) == [reauth]
    configure = hass.config_entries.flow.async_configure(
        reauth, {"token": plant.envoy.cloud.token()}
    )
    result = await plant.until_done(hass.async_create_task(configure))
    assert result["reason"] == "reauth_successful"
    await plant.until(lambda: entry.state is ConfigEntryState.LOADED)
    await plant.seconds(65)
    assert _issue(hass, entry) is None


@pytest.mark.parametrize("profile", [profiles.legacy()])
async def test_a_digest_that_is_refused(
    hass: HomeAssistant,
    plant: Plant,
    entry: MockConfigEntry,
    profile: Profile,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("The credentials were not accepted")
    await plant.envoy.faults.set(EnvoyFault.UNAUTHORIZED, True)
    await plant.seconds(480, step=20)
    assert len(_reauths(hass)) == 1
    await plant.envoy.faults.set(EnvoyFault.UNAUTHORIZED, False)
    await plant.seconds(125)
    assert number(hass, f"{plant.serial}_production_power") > 0
    assert not _reauths(hass)


class TestLife:
    """What a token says of itself."""

    AT = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def test_an_owners_token_is_late_in_its_last_month(self) -> None:
        life = life_of(issue(b"secret", "999", self.AT))
        assert life is not None
        assert life.ends == self.AT + timedelta(days=365)
        assert not life.is_late(self.AT + timedelta(days=334))
        assert life.is_late(self.AT + timedelta(days=335))
        assert not life.is_over(self.AT + timedelta(days=364))
        assert life.is_over(self.AT + timedelta(days=365))

    def test_an_installers_token_is_late_in_its_last_quarter(self) -> None:
        life = life_of(issue(b"secret", "999", self.AT, INSTALLER))
        assert life is not None
        assert not life.is_late(self.AT + timedelta(hours=8))
        assert life.is_late(self.AT + timedelta(hours=9))

    @pytest.mark.parametrize(
        "token", ["", "opaque", "a.b.c", "..", "a.e30.c", "a.W10.c", "a.eyJleHAiOiAieCJ9.c"]
    )
    def test_what_says_nothing_is_no_fault(self, token: str) -> None:
        assert life_of(token) is None

    @given(st.text())
    def test_any_text(self, token: str) -> None:
        assert life_of(token) is None or "." in token
