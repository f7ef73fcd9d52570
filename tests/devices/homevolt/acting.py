"""Commanding a Homevolt through Home Assistant's actions, and what the world makes of it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from simulator.homevolt import HomevoltFault
from tests.helpers import until

from .conftest import ECU, AddEntry, Plant

type Act = Callable[..., Awaitable[dict[str, Any]]]

# Beside these nothing is ever sent to the console.
VERBS = ("sched_set", "sched_add")


def lines(plant: Plant) -> list[str]:
    """Return the lines that were sent to the console, in order."""
    found = [one.form["cmd"] for one in plant.device.requests if one.path == "/console.json"]
    assert all(one.split()[0] in VERBS for one in found)
    return found


def posts(plant: Plant) -> list[tuple[str, dict[str, str]]]:
    """Return everything that was sent to change something, in order."""
    return [(one.path, dict(one.form)) for one in plant.device.requests if one.method == "POST"]


def watts(plant: Plant) -> int:
    """Return what the world's batteries of the cluster give, in W."""
    batteries = plant.truth.batteries
    return sum(one.power_w for name, one in batteries.items() if name.startswith("homevolt"))


@pytest.fixture
async def entry(add_entry: AddEntry) -> MockConfigEntry:
    """Return the entry of a battery that may be controlled."""
    return await add_entry(options={"control": True})


@pytest.fixture
def act(hass: HomeAssistant, plant: Plant, entry: MockConfigEntry) -> Act:
    """Return a function that calls an action for the battery and returns its answer."""
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, ECU), entry.entry_id)
    assert device is not None

    async def call(action: str, **data: object) -> dict[str, Any]:
        task = hass.async_create_task(
            hass.services.async_call(
                DOMAIN,
                action,
                {"device_id": device.id, **data},
                blocking=True,
                return_response=True,
            )
        )
        response = await plant.until_done(task)
        assert list(response) == [device.id]
        told: dict[str, Any] = response[device.id]
        return told

    return call


@pytest.fixture
async def proven(plant: Plant, act: Act) -> Act:
    """Return the same for a battery whose modes are known already, with local mode on."""
    await act("battery_set_parameter", key="settings_local", value=True)
    await act("battery_idle")
    await act("battery_release")
    await plant.seconds(12)
    plant.device.requests.clear()
    return act


async def set_entity(
    hass: HomeAssistant, plant: Plant, domain: str, action: str, entity: str, **data: object
) -> None:
    """Call an entity's own action."""
    await plant.until_done(
        hass.async_create_task(
            hass.services.async_call(domain, action, {"entity_id": entity, **data}, blocking=True)
        )
    )


async def fault(plant: Plant, one: HomevoltFault, path: str, times: int | None = None) -> None:
    """Let a fault of the wire strike one path."""
    plant.device.only, plant.device.left = frozenset({path}), times
    await plant.device.faults.set(one, True)


async def break_off(plant: Plant, count: int) -> None:
    """Let every line be lost that is sent to the console after so many more."""
    wanted = len(lines(plant)) + count
    await until(lambda: len(lines(plant)) == wanted)
    await fault(plant, HomevoltFault.REQUEST_LOST, "/console.json")
