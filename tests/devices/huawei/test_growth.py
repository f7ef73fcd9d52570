"""A meter or a battery that is wired to a running inverter."""

from datetime import timedelta

import pytest

from custom_components.energy_hub.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from simulator.huawei import HuaweiFault
from simulator.huawei.profiles import Profile, single_phase
from tests.helpers import number

from .conftest import AddEntry, Plant

HOUR = timedelta(hours=1)
STORAGE_TYPE = 47000


@pytest.mark.parametrize(
    ("hidden", "part"), [(HuaweiFault.ILLEGAL_MTR, "meter"), (HuaweiFault.ILLEGAL_DET, "battery")]
)
async def test_what_comes_later_is_found(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, hidden: HuaweiFault, part: str
) -> None:
    await plant.device.faults.set(hidden, True)
    entry = await add_entry()

    def page() -> dr.DeviceEntry | None:
        identifier = (DOMAIN, f"{plant.serial}_{part}")
        return dr.async_get(hass).async_get_device_by_identifier(identifier, entry.entry_id)

    assert page() is None
    await plant.device.faults.set(hidden, False)
    await plant.seconds(60)
    assert page() is None
    plant.freezer.tick(HOUR)
    await plant.until(lambda: page() is not None)
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("profile", [single_phase()])
async def test_a_look_that_fails_waits_for_the_next_hour(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    await add_entry()
    await plant.seconds(20)
    # The four blocks of the poll are answered, the question for a battery is not.
    plant.device.every[HuaweiFault.RESET_MID_REPLY] = 5
    await plant.device.faults.set(HuaweiFault.RESET_MID_REPLY, True)
    plant.device.requests.clear()
    plant.freezer.tick(HOUR)
    await plant.seconds(60)
    asked = [one.address for one in plant.device.requests]
    assert asked.index(STORAGE_TYPE) == 4
    assert asked.count(STORAGE_TYPE) == 1
    assert number(hass, f"{plant.serial}_ac_power") > 0
