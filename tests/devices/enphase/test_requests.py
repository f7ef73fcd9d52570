"""What is asked of a gateway, counted on the wire."""

from collections import Counter

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator.envoy import profiles
from simulator.envoy.profiles import Profile
from tests.helpers import number

from .conftest import READINGS, AddEntry, Plant

REPORT = "/production.json?details=1"
DETAILS = "/ivp/pdm/device_data"
SUMMARY, LISTED = "/api/v1/production", "/api/v1/production/inverters"
POWER, STATE, INVENTORY = (f"/ivp/ensemble/{name}" for name in ("power", "secctrl", "inventory"))


@pytest.mark.parametrize(
    ("profile", "live", "slow"),
    [
        (profiles.three_phase(), {READINGS: 20}, {REPORT: 2, DETAILS: 2}),
        (profiles.single_phase(), {READINGS: 20}, {REPORT: 2, DETAILS: 2}),
        (
            profiles.battery(),
            {READINGS: 20, POWER: 10, STATE: 10},
            {REPORT: 2, DETAILS: 2, INVENTORY: 2},
        ),
        (profiles.standard(), {SUMMARY: 10}, {LISTED: 2}),
        (profiles.broken_standard(), {REPORT: 10}, {DETAILS: 2}),
    ],
)
async def test_ten_minutes(
    plant: Plant,
    entry: MockConfigEntry,
    profile: Profile,
    live: dict[str, int],
    slow: dict[str, int],
) -> None:
    plant.envoy.requests.clear()
    await plant.seconds(600, step=30)
    assert Counter(plant.paths) == live | slow
    assert plant.envoy.crowd == 1


async def test_an_hour(plant: Plant, add_entry: AddEntry) -> None:
    await add_entry(options={"interval": 100})
    plant.envoy.requests.clear()
    await plant.seconds(3700, step=100)
    assert Counter(plant.paths) == {
        READINGS: 37,
        REPORT: 12,
        DETAILS: 12,
        "/info": 1,
        "/ivp/meters": 1,
    }


async def test_requests_of_a_start(plant: Plant, entry: MockConfigEntry) -> None:
    assert plant.paths == [
        "/info",
        "/auth/check_jwt",
        "/ivp/meters",
        REPORT,
        DETAILS,
        INVENTORY,
        READINGS,
    ]
    # One to see the certificate, one for everything else.
    assert plant.envoy.connections == 2


async def test_one_connection_is_kept(plant: Plant, entry: MockConfigEntry) -> None:
    before = plant.envoy.connections
    await plant.seconds(300, step=30)
    assert plant.envoy.connections == before


async def test_the_interval_is_the_users(plant: Plant, add_entry: AddEntry) -> None:
    await add_entry(options={"interval": 10})
    plant.envoy.requests.clear()
    await plant.seconds(120, step=10)
    assert Counter(plant.paths)[READINGS] == 12


@pytest.mark.parametrize("profile", [profiles.standard()])
async def test_what_does_not_change_faster_is_not_asked_faster(
    plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    await add_entry(options={"interval": 10})
    plant.envoy.requests.clear()
    await plant.seconds(120, step=10)
    assert Counter(plant.paths) == {SUMMARY: 2}


async def test_a_quick_pass_shows_the_same_moment(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    plant.envoy.requests.clear()
    await plant.until(lambda: bool(plant.envoy.requests))
    await hass.async_block_till_done()
    assert plant.paths == [READINGS]
    truth = plant.house.truth(plant.envoy.requests[0].time)
    serial = plant.serial
    assert number(hass, f"{serial}_production_power") == truth.solar_w
    assert number(hass, f"{serial}_grid_power") == truth.grid_w
    assert number(hass, f"{serial}_consumption_power") == truth.load_w
