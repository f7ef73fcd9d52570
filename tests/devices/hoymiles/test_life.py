"""Entries come, go, come back and share plants, and leave nothing behind."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.site import async_get_site
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from simulator.hoymiles import CloudConfig, HoymilesFault
from tests.helpers import entity_id, number, state

from .conftest import BARN, BARN_FIRST, FIRST, HOUSE, AddEntry, Site

pytestmark = pytest.mark.usefixtures("quiet")
LISTS = ("station/select_by_page", "device_of_tree")


def pages(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the identifiers of the device pages of an entry."""
    found = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {identifier for one in found for _, identifier in one.identifiers}


def issues(hass: HomeAssistant) -> dict[str, Any]:
    """Return what our repairs say, by their kind."""
    registry = ir.async_get(hass)
    return {
        one.translation_key or "": one.translation_placeholders
        for one in registry.issues.values()
        if one.domain == DOMAIN and one.active
    }


async def test_a_plant_belongs_to_the_entry_that_came_first(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    first = await add_entry("account", {"plants": [str(HOUSE)]})
    assert not issues(hass)
    second = await add_entry("key")
    await site.minutes(3)
    assert {str(HOUSE), FIRST} <= pages(hass, first)
    assert pages(hass, second).isdisjoint({str(HOUSE), FIRST, f"{FIRST}_1"})
    assert str(BARN) in pages(hass, second)
    assert issues(hass)["plant_twice"] == {"plant": "Rooftop", "entry": "Hoymiles account"}
    sources = async_get_site(hass).sources
    read = [{one.source for one in sources[e.entry_id].readings} for e in (first, second)]
    assert read[0] == {str(HOUSE)}
    assert str(HOUSE) not in read[1]
    assert second.runtime_data.histories.keys().isdisjoint(first.runtime_data.histories)
    assert not site.calls("mi_data_day") or all(
        one.plant != HOUSE for one in site.calls("mi_data_day")
    )
    # A restart in the other order changes nothing.
    for entry in (first, second):
        await hass.config_entries.async_unload(entry.entry_id)
    assert not issues(hass)
    for entry in (second, first):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert FIRST in pages(hass, first)
    assert "plant_twice" in issues(hass)
    # When the first one goes, the second one takes it over with its next list.
    await hass.config_entries.async_remove(first.entry_id)
    await hass.async_block_till_done()
    await site.minutes(25 * 60, step_s=1800)
    assert {str(HOUSE), FIRST} <= pages(hass, second)
    assert not issues(hass)


async def test_the_options_choose_plants_and_their_ports(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    assert entity_id(hass, f"{FIRST}_1_power") is not None
    result = await hass.config_entries.options.async_init(entry.entry_id)
    choice = {"plants": [str(BARN)], "detail": [], "time_zone": "Europe/Amsterdam"}
    await hass.config_entries.options.async_configure(result["flow_id"], choice)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert pages(hass, entry) == {"account0123456789", str(BARN), BARN_FIRST, "161099000202"}
    assert entity_id(hass, f"{FIRST}_1_power") is None
    assert entity_id(hass, f"{BARN_FIRST}_3_power") is None
    assert number(hass, f"{BARN_FIRST}_power") > 0
    assert set(entry.runtime_data.histories) == {str(BARN)}


async def test_a_restart_loop_does_not_ask_for_lists_again(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await site.minutes(1)
    energy = number(hass, f"{HOUSE}_energy_total")
    site.cloud.calls.clear()
    for _ in range(3):
        # The cloud gives figures no more often than every twenty seconds.
        site.freezer.tick(timedelta(seconds=30))
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert number(hass, f"{HOUSE}_power") > 0
        assert number(hass, f"{HOUSE}_energy_total") >= energy
    assert not [one for part in LISTS for one in site.calls(part)]
    assert site.cloud.logins.count == 1
    # After an hour it is not a loop any more.
    await site.minutes(70, step_s=600)
    assert len([one for part in LISTS for one in site.calls(part)]) == 4


async def test_nothing_is_left_of_an_entry(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, hass_storage: dict[str, Any]
) -> None:
    await site.cloud.faults.set(HoymilesFault.WRONG_ZONE, True)
    await hass.config.async_update(time_zone="America/Bogota")
    entry = await add_entry()
    assert "zone_doubtful" in issues(hass)
    await site.minutes(2)
    listeners = dict(hass.bus.async_listeners())
    await hass.config_entries.async_reload(entry.entry_id)
    await site.minutes(2)
    assert dict(hass.bus.async_listeners()) == listeners
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert not async_get_site(hass).sources
    assert state(hass, f"{HOUSE}_power").state == STATE_UNAVAILABLE
    assert not issues(hass)
    site.cloud.calls.clear()
    await site.minutes(30, step_s=300)
    assert not site.cloud.calls
    assert [one for one in hass_storage if entry.entry_id in one]
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not [one for one in hass_storage if entry.entry_id in one]
    assert not pages(hass, entry)
    assert not er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert not hass.states.async_all("sensor")


class TestSlow:
    """What is asked while the entry goes is given up."""

    @pytest.fixture
    def config(self) -> CloudConfig:
        return CloudConfig()

    async def test_unloading_does_not_wait_for_the_cloud(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        entry = await add_entry()
        await site.cloud.faults.set(HoymilesFault.SILENT, True)
        site.cloud.calls.clear()
        site.freezer.tick(timedelta(minutes=10))
        task = hass.async_create_background_task(entry.runtime_data.async_refresh(), "refresh")
        await site.cloud.wait_for_calls(1)
        assert await hass.config_entries.async_unload(entry.entry_id)
        task.cancel()
        assert entry.state is ConfigEntryState.NOT_LOADED
