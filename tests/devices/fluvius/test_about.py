"""Diagnostics and system health."""

import json

from pytest_homeassistant_custom_component.common import get_system_health_info
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_hub import async_remove_config_entry_device
from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from simulator.p1 import P1Fault

from .conftest import AddEntry, Line


async def test_diagnostics_show_the_telegram_without_who_lives_there(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, hass_client: ClientSessionGenerator
) -> None:
    entry = await add_entry()
    shown = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json.dumps(shown)
    for secret in (line.serial, line.serial.encode().hex(), "7FLO9900000002", "900000001"):
        assert secret.lower() not in text.lower()
    device = shown["device"]
    assert shown["answers"] is True
    assert any(row.startswith("1-0:1.8.1(") for row in device["telegram"])
    assert "0-0:96.1.1(**REDACTED**)" in device["telegram"]
    assert device["line"]["good"] >= 1
    assert device["counters"]


async def test_system_health_counts_what_answers(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    assert await async_setup_component(hass, "system_health", {})
    await add_entry()
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    assert info == {"loaded": 1, "answering": 1, "types": "fluvius (1)"}


async def test_diagnostics_of_a_meter_that_is_away(
    hass: HomeAssistant, line: Line, add_entry: AddEntry, hass_client: ClientSessionGenerator
) -> None:
    await line.meter.faults.set(P1Fault.REFUSE, True)
    entry = await add_entry()
    shown = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert shown["error"] == "cannot_connect"
    assert line.serial not in json.dumps(shown)


async def test_a_page_of_a_meter_that_is_away_stays(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    page = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)[0]
    await hass.config_entries.async_unload(entry.entry_id)
    assert not await async_remove_config_entry_device(hass, entry, page)
