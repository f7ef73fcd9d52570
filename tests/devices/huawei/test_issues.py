"""What is wrong with an inverter that its owner can put right."""

import pytest

from custom_components.energy_hub.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from simulator.huawei import HuaweiFault

from .conftest import AddEntry, Plant


def _issues(hass: HomeAssistant) -> set[str]:
    return {
        issue.translation_key or ""
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    }


async def test_a_meter_that_stays_offline(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    await plant.device.faults.set(HuaweiFault.METER_OFFLINE, True)
    await plant.seconds(120, step=2)
    assert _issues(hass) == set()
    await plant.seconds(720, step=2)
    assert _issues(hass) == {"meter_offline"}
    await plant.device.faults.set(HuaweiFault.METER_OFFLINE, False)
    await plant.seconds(30)
    assert _issues(hass) == set()


async def test_another_client_takes_the_connection_again_and_again(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Error fetching Inverter data")
    await add_entry()
    await plant.device.faults.set(HuaweiFault.SLOT_STOLEN, True)
    await plant.seconds(200)
    assert _issues(hass) == {"link_contested"}
    await plant.device.faults.set(HuaweiFault.SLOT_STOLEN, False)
    await plant.seconds(240)
    assert _issues(hass) == set()


@pytest.mark.parametrize("fault", [HuaweiFault.REFUSE, HuaweiFault.UNIT_SILENT])
async def test_an_inverter_that_is_away_is_not_contested(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    fault: HuaweiFault,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Error fetching Inverter data")
    await add_entry()
    await plant.device.faults.set(fault, True)
    await plant.seconds(200)
    assert _issues(hass) == set()
