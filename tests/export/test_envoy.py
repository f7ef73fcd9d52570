"""A simulated Envoy's inverters, which it forgets, arrive by way of the recorder."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.export.plants import async_offers, async_owner
from homeassistant.components.recorder.db_schema import StatisticsShortTerm
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance

from ..devices.enphase.conftest import START, Plant, add_entry, entry, plant, profile, start

__all__ = ["add_entry", "entry", "plant", "profile", "start"]


@pytest.mark.usefixtures("recorder_mock")
async def test_the_inverters_of_an_envoy_are_found_and_remembered(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    (offer,) = async_offers(hass).values()
    assert offer.source == plant.serial
    owner = async_owner(hass, plant.serial)
    assert owner is not None
    inverters = {*entry.runtime_data.data.inverters}
    assert len(inverters) > 5
    serial = min(inverters)
    entity = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, f"{serial}_power")
    get_instance(hass).async_import_statistics(
        {
            "mean_type": StatisticMeanType.ARITHMETIC,
            "has_sum": False,
            "name": None,
            "source": "recorder",
            "statistic_id": str(entity),
            "unit_class": "power",
            "unit_of_measurement": "W",
        },
        [{"start": START.replace(minute=0), "mean": 212.5}],
        StatisticsShortTerm,
    )
    await get_instance(hass).async_block_till_done()
    history = await owner.async_history(plant.serial)
    assert history is not None
    assert history.samples.keys() == inverters
    assert [one.power_w for one in history.samples[serial]] == [212.5]
