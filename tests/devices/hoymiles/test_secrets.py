"""Whatever happens, credentials are in nothing that somebody could read or publish."""

from collections.abc import Iterator
import json
import logging
from typing import Any
from urllib.parse import quote

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.diagnostics import async_get_config_entry_diagnostics
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator.hoymiles import CloudConfig, HoymilesFault, Password
from simulator.hoymiles.config import HOUSE as HOUSE_PLANT
from simulator.hoymiles.login import hashed

from .adding import open_form, submit
from .conftest import AddEntry, Site, cloud_config

PASSWORD, WRONG_PASSWORD = "correct horse / battery", "staple & wrong horse"
KEY, WRONG_KEY = "a2V5+bWFkZS/dXA=", "d3Jvbmc+a2V5/Zm9v="
BAD = (
    HoymilesFault.RESET,
    HoymilesFault.SERVER_ERROR,
    HoymilesFault.HTML,
    HoymilesFault.ERROR_BODY,
    HoymilesFault.TOO_MANY,
    HoymilesFault.TOKEN_EXPIRED,
    HoymilesFault.TRUNCATED,
)


@pytest.fixture
def config() -> CloudConfig:
    """Return a cloud whose credentials are found nowhere by chance."""
    return cloud_config(plants=(HOUSE_PLANT,), password=PASSWORD, api_key=KEY)


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture, add_entry: AddEntry) -> None:
    """Log as much as anybody can ask for; entries are unloaded at the end."""
    caplog.set_level(logging.DEBUG)


def secrets_of(site: Site) -> Iterator[str]:
    """Yield every form in which the credentials of a test go over the wire."""
    for password in (PASSWORD, WRONG_PASSWORD):
        yield password
        yield from (hashed(kind, password, b"") for kind in Password if kind is not Password.ARGON2)
    for key in (KEY, WRONG_KEY):
        yield from (key, quote(key), quote(key, safe=""))
    yield from site.cloud.logins._tokens


async def written(hass: HomeAssistant, caplog: pytest.LogCaptureFixture, said: Any) -> str:
    """Return all that was written somewhere: logs with their tracebacks, states, repairs, pages."""
    formatter = logging.Formatter("%(message)s")
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    # The storage of tests, which is none on a disk, says in the log what is in it.
    records = [one for one in records if not one.name.startswith("pytest_homeassistant")]
    parts = [formatter.format(one) for one in records]
    parts += [json.dumps(one.as_dict(), default=str) for one in hass.states.async_all()]
    parts += [str(one) for one in ir.async_get(hass).issues.values()]
    parts += [
        str(one.dict_repr)
        for one in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    ]
    parts.append(json.dumps(await async_get_config_entry_diagnostics(hass, entry), default=str))
    coordinator = getattr(entry, "runtime_data", None)
    parts += [repr(coordinator), repr(getattr(coordinator, "last_exception", None))]
    parts += [str(entry.reason), entry.title, str(entry.unique_id), str(said)]
    return "\n".join(parts)


@pytest.mark.parametrize(("kind", "field"), [("account", "password"), ("key", "api_key")])
async def test_credentials_are_in_nothing_that_is_written(
    hass: HomeAssistant,
    site: Site,
    caplog: pytest.LogCaptureFixture,
    expected_complaints: list[str],
    kind: str,
    field: str,
) -> None:
    expected_complaints += ["Authentication failed", "Unexpected error", "Error fetching"]
    wrong = {field: WRONG_PASSWORD if kind == "account" else WRONG_KEY}
    said: list[Any] = []
    flow_id = await open_form(hass, kind)
    refused = await submit(hass, site, flow_id, kind, **wrong)
    assert refused["errors"] == {"base": "invalid_auth"}
    for fault in BAD[:4]:
        await site.cloud.faults.set(fault, True)
        said.append((await submit(hass, site, flow_id, kind))["errors"])
        await site.cloud.faults.set(fault, False)
    # The cloud takes no more than a few log-ins a minute.
    await site.minutes(2, step_s=60)
    await submit(hass, site, flow_id, kind)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    await site.minutes(4, step_s=120)
    # An error that nobody thought of has a traceback, with all that it holds.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("custom_components.energy_hub.devices.hoymiles.client._date", None)
        await site.minutes(20, step_s=300)
    for fault in BAD:
        await site.cloud.faults.set(fault, True)
        await site.minutes(70 if fault is HoymilesFault.RESET else 10, step_s=600)
        await site.cloud.faults.set(fault, False)
        await site.minutes(4, step_s=120)
    await site.minutes(60, step_s=600)
    await site.cloud.faults.set(HoymilesFault.REFUSED, True)
    await site.minutes(30, step_s=300)
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    again = await hass.config_entries.flow.async_configure(flow["flow_id"], wrong)
    said += [refused["errors"], again["errors"], again["description_placeholders"]]
    assert again["errors"] == {"base": "invalid_auth"}
    text = await written(hass, caplog, said)
    assert "Authentication failed" in text
    assert len(text) > 10_000
    for secret in secrets_of(site):
        assert secret not in text
