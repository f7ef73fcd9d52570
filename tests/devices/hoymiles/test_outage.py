"""The whole cloud is away, wants to be left alone, or does not take the credentials any more."""

import logging

import pytest

from custom_components.energy_hub.const import DOMAIN, LOGGER
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from simulator.hoymiles import CloudConfig, HoymilesFault
from simulator.hoymiles.config import HOUSE as HOUSE_PLANT
from tests.helpers import number, state

from .conftest import FIRST, HOUSE, AddEntry, Site, cloud_config

pytestmark = pytest.mark.usefixtures("quiet")
KINDS = ["account", "key"]
AWAY = [
    HoymilesFault.RESET,
    HoymilesFault.SERVER_ERROR,
    HoymilesFault.HTML,
    HoymilesFault.ERROR_BODY,
]


@pytest.fixture
def config() -> CloudConfig:
    """Return the plant of the house alone."""
    return cloud_config(plants=(HOUSE_PLANT,))


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what we complained about."""
    return [
        one.getMessage()
        for one in caplog.get_records("call")
        if one.name == LOGGER.name and one.levelno >= logging.WARNING
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", AWAY)
async def test_an_outage_is_logged_once_and_ends_by_itself(
    hass: HomeAssistant,
    site: Site,
    add_entry: AddEntry,
    kind: str,
    fault: HoymilesFault,
    expected_complaints: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_complaints.append(f"Error fetching Hoymiles {kind} data")
    await add_entry(kind)
    await site.minutes(3)
    await site.cloud.faults.set(fault, True)
    # What is known outlives a short outage.
    await site.minutes(8)
    assert number(hass, f"{HOUSE}_power") > 0
    await site.minutes(120, step_s=300)
    assert state(hass, f"{HOUSE}_power").state == STATE_UNAVAILABLE
    asked = len(site.cloud.calls)
    await site.minutes(60, step_s=300)
    assert len(site.cloud.calls) - asked < 15
    await site.cloud.faults.set(fault, False)
    await site.minutes(65, step_s=300)
    assert number(hass, f"{HOUSE}_power") > 0
    assert number(hass, f"{FIRST}_1_power") > 0
    assert len(complaints(caplog)) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", [HoymilesFault.TOO_MANY, HoymilesFault.RATE_BODY])
async def test_a_cloud_that_is_asked_too_often_is_asked_less_often(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str, fault: HoymilesFault
) -> None:
    await add_entry(kind)
    await site.minutes(10)
    energy = number(hass, f"{HOUSE}_energy_today")
    await site.cloud.faults.set(fault, True)
    await site.minutes(5)
    asked = len(site.cloud.calls)
    await site.minutes(60, step_s=60)
    assert len(site.cloud.calls) - asked < 30
    # Nothing failed: what is known stays, what grew old is unknown.
    assert number(hass, f"{HOUSE}_energy_today") >= energy
    assert state(hass, f"{FIRST}_1_power").state == STATE_UNKNOWN
    await site.cloud.faults.set(fault, False)
    await site.minutes(130, step_s=300)
    assert number(hass, f"{HOUSE}_power") > 0
    assert number(hass, f"{HOUSE}_energy_today") > energy


@pytest.mark.parametrize("kind", KINDS)
async def test_credentials_that_end_are_asked_for_once(
    hass: HomeAssistant,
    site: Site,
    add_entry: AddEntry,
    kind: str,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append(f"Authentication failed while fetching Hoymiles {kind} data")
    entry = await add_entry(kind)
    await site.minutes(10)
    await site.cloud.faults.set(HoymilesFault.REFUSED, True)
    await site.minutes(60, step_s=60)
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [one["context"]["source"] for one in flows] == [SOURCE_REAUTH]
    assert state(hass, f"{HOUSE}_power").state == STATE_UNAVAILABLE
    asked = len(site.cloud.calls)
    await site.minutes(60, step_s=300)
    assert len(site.cloud.calls) == asked
    await site.cloud.faults.set(HoymilesFault.REFUSED, False)
    secret = "password" if kind == "account" else "api_key"
    await hass.config_entries.flow.async_configure(
        flows[0]["flow_id"], {secret: getattr(site, kind)[secret]}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await site.minutes(5)
    assert entry.state is ConfigEntryState.LOADED
    assert number(hass, f"{HOUSE}_power") > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_credentials_that_are_wrong_at_the_start(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
) -> None:
    await site.cloud.faults.set(HoymilesFault.REFUSED, True)
    entry = await add_entry(kind)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH


async def test_a_log_in_that_ends_is_renewed_silently(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry()
    assert site.cloud.logins.count == 1
    await site.minutes(5)
    await site.cloud.faults.set(HoymilesFault.TOKEN_EXPIRED, True)
    await site.minutes(10)
    assert site.cloud.logins.count == 2
    assert number(hass, f"{FIRST}_1_power") > 0
    await site.minutes(300, step_s=600)
    # Every two hours by itself.
    assert site.cloud.logins.count == 4
    assert number(hass, f"{FIRST}_1_power") > 0


async def test_a_log_in_that_never_helps_is_not_repeated(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, expected_complaints: list[str]
) -> None:
    expected_complaints.append("status 100")
    await add_entry()
    await site.cloud.faults.set(HoymilesFault.TOKEN_REFUSED, True)
    await site.minutes(180, step_s=60)
    assert site.cloud.logins.count <= 1 + 3 * 6
    assert state(hass, f"{HOUSE}_power").state == STATE_UNAVAILABLE
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    await site.cloud.faults.set(HoymilesFault.TOKEN_REFUSED, False)
    await site.minutes(130, step_s=300)
    assert number(hass, f"{HOUSE}_power") > 0


@pytest.mark.parametrize("fault", [HoymilesFault.LOCKED, HoymilesFault.LOGIN_LIMIT])
async def test_a_locked_account_is_left_alone(
    hass: HomeAssistant,
    site: Site,
    add_entry: AddEntry,
    fault: HoymilesFault,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Error fetching Hoymiles account data")
    entry = await add_entry()
    issue = f"account_locked_{entry.entry_id}"
    await site.cloud.faults.set(fault, True)
    await site.cloud.faults.set(HoymilesFault.TOKEN_EXPIRED, True)
    await site.minutes(55, step_s=60)
    assert site.cloud.logins.count == 2
    found = ir.async_get(hass).async_get_issue(DOMAIN, issue)
    assert (found is not None) == (fault is HoymilesFault.LOCKED)
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    await site.cloud.faults.set(fault, False)
    await site.minutes(70, step_s=300)
    assert number(hass, f"{HOUSE}_power") > 0
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None


@pytest.mark.parametrize("kind", KINDS)
async def test_a_cloud_that_is_away_at_the_start(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
) -> None:
    await site.cloud.faults.set(HoymilesFault.SERVER_ERROR, True)
    entry = await add_entry(kind)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "cannot_connect"
    await site.cloud.faults.set(HoymilesFault.SERVER_ERROR, False)
    await site.minutes(3)
    assert number(hass, f"{HOUSE}_power") > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_a_cloud_that_is_busy_at_the_start(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
) -> None:
    await site.cloud.faults.set(HoymilesFault.TOO_MANY, True)
    entry = await add_entry(kind)
    assert entry.state is ConfigEntryState.LOADED
    await site.minutes(1)
    assert len(site.cloud.calls) <= 3
    await site.cloud.faults.set(HoymilesFault.TOO_MANY, False)
    await site.minutes(6)
    assert number(hass, f"{HOUSE}_power") > 0


async def test_something_unexpected_costs_one_plant_its_turn(
    hass: HomeAssistant,
    site: Site,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
    expected_complaints: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_complaints.append("Unexpected error while reading")
    await add_entry()
    with monkeypatch.context() as patch:
        patch.setattr("custom_components.energy_hub.devices.hoymiles.account.read_live", None)
        await site.minutes(30)
    assert number(hass, f"{FIRST}_power") > 0
    assert sum("Unexpected" in one for one in complaints(caplog)) == 1
    await site.minutes(65, step_s=300)
    assert number(hass, f"{HOUSE}_power") > 0
