"""A thousand inverters: what is shown of them, and that there is an end to it."""

from datetime import UTC, datetime

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.coordinator import Part
from custom_components.energy_hub.devices.hoymiles.info import cloud_info
from custom_components.energy_hub.devices.hoymiles.model import Inverter, Plant
from custom_components.energy_hub.devices.hoymiles.pages import Pages
from custom_components.energy_hub.devices.hoymiles.plant import PlantState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from simulator.hoymiles import CloudConfig, Password, fleet
from tests.helpers import entity_id, number

from .conftest import AddEntry, Site

pytestmark = pytest.mark.usefixtures("quiet")
PLANTS, INVERTERS = 50, 20
FIRST, SERIAL = 4_000_000, "116099000000"


def states() -> list[PlantState]:
    """Return fifty plants of twenty inverters with four ports each."""
    found = []
    for number_ in range(PLANTS):
        state = PlantState(Plant(number_, f"Plant {number_}"))
        state.learn_inverters(
            [Inverter(f"{number_}-{one}", ports=(1, 2, 3, 4)) for one in range(INVERTERS)]
        )
        found.append(state)
    return found


def shown(pages: Pages) -> tuple[int, int, int]:
    """Return how many entities can be there, how many of them are on, and the pages of ports."""
    metrics = [metric for part in pages.parts for metric in part.metrics if metric.always]
    return len(metrics), sum(one.enabled for one in metrics), sum(one.piece for one in pages.parts)


def grown(*, detail: bool) -> Pages:
    """Return the pages of a fleet, all of it in detail or nothing."""
    pages = Pages(Part("cloud", cloud_info("cloud"), ()))
    for _ in range(2):
        for state in states():
            pages.grow(state, detail=detail)
    return pages


def test_a_fleet_shows_little_of_each_inverter() -> None:
    pages = grown(detail=False)
    assert len(pages.parts) == 1 + PLANTS + PLANTS * INVERTERS
    assert shown(pages) == (PLANTS * 9 + 5_000, PLANTS * 9 + 1_000, 0)
    assert not pages.full


def test_ports_end_before_home_assistant_does() -> None:
    pages = grown(detail=True)
    entities, _, ports = shown(pages)
    assert entities == PLANTS * 9 + 5_000 + 3_000 < 9_000
    assert ports == 750
    assert pages.full
    # Every inverter has its page all the same.
    assert sum(one.via is not None and not one.piece for one in pages.parts) == 1_000


def test_inverters_end_too() -> None:
    pages, state = grown(detail=False), PlantState(Plant(99, "Desert"))
    state.learn_inverters([Inverter(f"99-{one}") for one in range(2_000)])
    pages.grow(state, detail=False)
    assert 8_990 < shown(pages)[0] <= 9_000
    assert pages.full


def test_ports_are_looked_at_only_in_detail() -> None:
    (state, *_) = states()
    now = datetime(2026, 6, 17, 10, tzinfo=UTC)
    found = [len(dict(state.views(now, detail=detail))) for detail in (False, True)]
    assert found == [1 + INVERTERS, 1 + INVERTERS * 5]


class TestSome:
    """Seven plants are more than a home has."""

    @pytest.fixture
    def config(self) -> CloudConfig:
        seven = fleet(7, 1)
        return CloudConfig(plants=seven.plants, hash=Password.DOTTED)

    async def test_ports_are_shown_of_plants_that_are_chosen(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        entry = await add_entry()
        registry = er.async_get(hass)
        assert number(hass, f"{SERIAL}_power") > 0
        assert entity_id(hass, f"{SERIAL}_1_power") is None
        for key in ("temperature", "energy_today"):
            hidden = registry.async_get(entity_id(hass, f"{SERIAL}_{key}") or "")
            assert hidden is not None
            assert hidden.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        result = await hass.config_entries.options.async_init(entry.entry_id)
        plants = [str(FIRST + one) for one in range(7)]
        choice = {"plants": plants, "detail": plants[:1]}
        await hass.config_entries.options.async_configure(result["flow_id"], choice)
        await hass.async_block_till_done(wait_background_tasks=True)
        await site.minutes(2)
        assert number(hass, f"{SERIAL}_temperature") > 0
        assert number(hass, f"{SERIAL}_energy_today") > 0
        assert number(hass, f"{SERIAL}_1_power") > 0
        for other in range(1, 7):
            assert entity_id(hass, f"11609900000{other}_1_power") is None
        assert not ir.async_get(hass).issues.get((DOMAIN, f"too_many_ports_{entry.entry_id}"))
