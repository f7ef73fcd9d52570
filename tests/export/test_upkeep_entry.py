"""An entry's queue, repairs and diagnostics: what goes wrong here, and what stays behind."""

from datetime import timedelta
import json
from pathlib import Path
import sqlite3
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.diagnostics import async_get_config_entry_diagnostics
from custom_components.energy_hub.export.memo import put
from custom_components.energy_hub.export.store import Store
from custom_components.energy_hub.export.upkeep import DROPPED
from custom_components.energy_hub.repairs import async_create_fix_flow
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator.enrg import EnrgFault
from tests.helpers import number, state

from .home import BARN, ROOF, START, Home, home

__all__ = ["home"]

HOUR = timedelta(hours=1)


def files(hass: HomeAssistant, entry: MockConfigEntry) -> list[Path]:
    """Return what is stored of an entry."""
    folder = Path(hass.config.path(".storage"))
    return sorted(folder.glob(f"energy_hub.{entry.entry_id}.*"))


async def test_removal_leaves_nothing(hass: HomeAssistant, home: Home) -> None:
    entry = await home.deliver()
    await home.drain(5)
    assert files(hass, entry)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert files(hass, entry) == []
    assert home.issues() == {}
    home.entries.clear()


async def test_a_queue_that_cannot_be_opened_is_tried_again(
    hass: HomeAssistant, home: Home
) -> None:
    entry = await home.deliver()
    with patch("sqlite3.connect", side_effect=sqlite3.OperationalError("full")):
        await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "queue_unreadable"


async def test_a_broken_queue_is_put_aside_and_told(hass: HomeAssistant, home: Home) -> None:
    entry = await home.deliver()
    await hass.config_entries.async_unload(entry.entry_id)
    (path,) = (one for one in files(hass, entry) if one.name.endswith(".db"))
    path.write_bytes(b"no database" * 1000)
    await hass.config_entries.async_setup(entry.entry_id)
    await home.settle()
    assert "enrg_queue_lost" in home.issues()
    await home.drain(5)
    assert len(home.dates()) == 2


async def test_a_disk_that_fails_is_told_and_waited_for(
    hass: HomeAssistant, home: Home, expected_complaints: list[str]
) -> None:
    expected_complaints.append("The queue of a destination cannot be used")
    await home.deliver()
    with patch.object(Store, "do", side_effect=sqlite3.OperationalError("disk I/O error")):
        await home.passes(180, step=60)
        with pytest.raises(HomeAssistantError, match="queue"):
            await home.action("enrg_retry_refused")
        with pytest.raises(HomeAssistantError, match="queue"):
            await home.action("enrg_purge", states=["waiting"])
        with pytest.raises(HomeAssistantError, match="queue"):
            await home.action("enrg_export", start="2026-06-17 06:00:00")
        assert state(hass, "enrg0_delivery").state == "disk"
        assert state(hass, "enrg0_delivery_problem", "binary_sensor").state == "on"
    await home.passes(120, step=20)
    assert state(hass, "enrg0_delivery").state == "delivering"
    assert len(home.dates()) == 2


async def test_what_is_not_chosen_any_more_is_not_sent(hass: HomeAssistant, home: Home) -> None:
    await home.service.faults.set(EnrgFault.REFUSE, True)
    entry = await home.deliver()
    await home.passes(60)
    assert number(hass, "enrg0_queue_length") == 2
    hass.config_entries.async_update_entry(
        entry, options={"plants": {str(BARN): {"id": BARN, "since": START.isoformat()}}}
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await home.settle()
    assert number(hass, "enrg0_queue_length") == 0


async def test_diagnostics_tell_neither_secrets_nor_numbers(
    hass: HomeAssistant, home: Home
) -> None:
    await home.service.faults.set(EnrgFault.PARTIAL, True)
    home.roof.grow(ROOF, START, "116099000101", "B2")
    entry = await home.deliver(left_out=["116099000999"], device_types=["116099000101: 1, 2"])
    await home.passes(3600, step=20)
    token = home.service.tokens.given
    told = json.dumps(await async_get_config_entry_diagnostics(hass, entry), default=str)
    assert "device is not registered" in told
    for secret in (home.credential, *token, "116099000101", "116099000999", str(ROOF), "enrg0"):
        assert secret not in told


@pytest.mark.parametrize("kind", ["enrg_dropped", "enrg_refused"])
async def test_what_a_repair_does(hass: HomeAssistant, home: Home, kind: str) -> None:
    await home.service.faults.set(EnrgFault.PARTIAL, True)
    home.service.strike(["B2"])
    entry = await home.deliver()
    await home.passes(3600, step=20)
    await home.service.faults.clear()
    outbox = entry.runtime_data._outbox
    await hass.async_add_executor_job(lambda: outbox._store.do(put, DROPPED, 3))
    await home.passes(60)
    assert home.issues()["enrg_dropped"]["count"] == "3"
    for one in (kind, kind):
        data: dict[str, str | int | float | None] = {"entry_id": entry.entry_id, "kind": one}
        flow = await async_create_fix_flow(hass, one, data)
        flow.hass, flow.data, flow.issue_id = hass, data, f"{one}_{entry.entry_id}"
        await flow.async_step_confirm({})
        await home.drain(10)
        assert (kind in home.issues()) is False
        await hass.config_entries.async_unload(entry.entry_id)


async def test_plants_that_come_and_go_are_told(hass: HomeAssistant, home: Home) -> None:
    await home.deliver()
    home.roof.grow(BARN, START)
    await home.passes(60)
    assert home.issues()["enrg_plant_new"]["plants"] == "Plant 702 (3187702)"
    del home.roof.plants[str(ROOF)]
    await home.passes(1800, step=600)
    assert "enrg_plant_away" not in home.issues()
    await home.passes(7200, step=600)
    assert home.issues()["enrg_plant_away"]["plants"] == str(ROOF)
    home.roof.grow(ROOF, START)
    await home.passes(60)
    assert "enrg_plant_away" not in home.issues()


async def test_every_repair_has_its_texts(hass: HomeAssistant, home: Home) -> None:
    path = Path("custom_components/energy_hub/translations/en.json")
    texts = json.loads(await hass.async_add_executor_job(path.read_text))["issues"]
    source = Path("custom_components/energy_hub/export/issues.py")
    code = await hass.async_add_executor_job(source.read_text)
    kinds = {one for one in texts if one.startswith("enrg_")}
    assert len(kinds) == 9
    assert all(kind.removesuffix("_null") in code for kind in kinds)


async def test_actions_name_plants_by_their_numbers(hass: HomeAssistant, home: Home) -> None:
    await home.deliver()
    with pytest.raises(ServiceValidationError, match="99"):
        await home.action("enrg_preview", plants=[99])
    with pytest.raises(ServiceValidationError, match="end"):
        await home.action("enrg_export", start="2026-06-17 06:00", end="2026-06-17 05:00")
    other = MockConfigEntry(domain="energy_hub", title="Meter", data={"type": "fluvius"})
    other.add_to_hass(hass)
    other.mock_state(hass, ConfigEntryState.LOADED)
    other.runtime_data = None
    with pytest.raises(ServiceValidationError, match="Meter does not deliver"):
        await hass.services.async_call(
            "energy_hub",
            "enrg_preview",
            {"config_entry_id": other.entry_id},
            blocking=True,
            return_response=True,
        )
