"""What the entities of an inverter show, against what really happened."""

from datetime import timedelta

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.reading import Flow
from custom_components.energy_hub.site import async_get_site
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.huawei.profiles import Profile, hybrid, metered, single_phase, twin
from simulator.world import InverterLimits
from tests.helpers import entity_id, number, state

from .conftest import AddEntry, Plant


@pytest.mark.usefixtures("everything_enabled")
async def test_an_inverter_with_meter_and_battery(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    await plant.seconds(20)
    truth = plant.house.truth(dt_util.utcnow() - timedelta(seconds=2))
    sun, luna = truth.arrays["huawei"], truth.batteries["luna"]
    assert number(hass, f"{plant.serial}_pv_power") == pytest.approx(sun.power_w, rel=0.02, abs=30)
    assert number(hass, f"{plant.serial}_ac_power") == pytest.approx(
        sun.power_w + luna.power_w, rel=0.02, abs=60
    )
    assert number(hass, f"{plant.serial}_battery_soc") == pytest.approx(luna.soc_percent, abs=0.2)
    assert number(hass, f"{plant.serial}_battery_power") == pytest.approx(luna.power_w, abs=60)
    assert number(hass, f"{plant.serial}_battery_charged_total") == pytest.approx(
        luna.charged_kwh, abs=0.02
    )
    assert number(hass, f"{plant.serial}_meter_power") == pytest.approx(truth.grid_w, abs=120)
    assert number(hass, f"{plant.serial}_meter_import_total") == pytest.approx(
        truth.import_kwh, abs=0.02
    )
    assert number(hass, f"{plant.serial}_meter_export_total") == pytest.approx(
        truth.export_kwh, abs=0.05
    )
    assert state(hass, f"{plant.serial}_status").state == "on_grid"
    assert state(hass, f"{plant.serial}_alarm").state == "none"
    assert state(hass, f"{plant.serial}_battery_status").state == "running"
    assert number(hass, f"{plant.serial}_pv1_voltage") > 100
    assert number(hass, f"{plant.serial}_voltage_l3") == pytest.approx(235, abs=15)
    assert number(hass, f"{plant.serial}_battery_capacity") == pytest.approx(5)
    assert 0 < number(hass, f"{plant.serial}_battery_temperature") < 60


@pytest.mark.parametrize(
    ("profile", "expected"), [(single_phase(), 1), (metered(), 2), (hybrid(), 3), (twin(), 3)]
)
async def test_requests_of_a_poll(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile, expected: int
) -> None:
    await add_entry()
    # The slow blocks are asked once after the start, then each minute.
    await plant.seconds(20)
    start = len(plant.device.requests)

    def polls() -> list[int]:
        addresses = [request.address for request in list(plant.device.requests)[start:]]
        return [place for place, address in enumerate(addresses) if address == 32064]

    await plant.until(lambda: len(polls()) == 2)
    first, second = polls()
    assert second - first == expected


async def test_four_requests_before_the_first_values(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    addresses = [request.address for request in plant.device.requests]
    assert addresses[:5] == [30000, 37100, 47000, 47075, 32064]


async def test_pages(hass: HomeAssistant, plant: Plant, add_entry: AddEntry) -> None:
    entry = await add_entry()
    devices = dr.async_get(hass)
    main = devices.async_get_device_by_identifier((DOMAIN, plant.serial), entry.entry_id)
    assert main is not None
    assert (main.manufacturer, main.model) == ("Huawei", "SUN2000-8KTL-M1")
    for part in ("meter", "battery"):
        page = devices.async_get_device_by_identifier(
            (DOMAIN, f"{plant.serial}_{part}"), entry.entry_id
        )
        assert page is not None
        assert page.via_device_id == main.id


@pytest.mark.parametrize("profile", [single_phase()])
async def test_what_is_not_there_has_no_entities(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    await add_entry()
    assert entity_id(hass, f"{plant.serial}_ac_power")
    assert entity_id(hass, f"{plant.serial}_meter_power") is None
    assert entity_id(hass, f"{plant.serial}_battery_soc") is None


async def test_the_house_can_read_solar_grid_and_battery(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    readings = {r.flow: r for r in async_get_site(hass).sources[entry.entry_id].readings}
    truth = plant.house.truth(dt_util.utcnow() - timedelta(seconds=1))
    assert set(readings) == {Flow.SOLAR, Flow.GRID, Flow.BATTERY}
    solar, grid = readings[Flow.SOLAR], readings[Flow.GRID]
    assert solar.power_w == pytest.approx(truth.arrays["huawei"].power_w, rel=0.02, abs=60)
    assert solar.to_house_kwh is not None
    assert grid.to_house_kwh == pytest.approx(truth.import_kwh, abs=0.02)
    assert readings[Flow.BATTERY].from_house_kwh == pytest.approx(
        truth.batteries["luna"].charged_kwh, abs=0.02
    )


@pytest.mark.parametrize("profile", [twin()])
async def test_two_battery_units_have_a_page_each(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    entry = await add_entry()
    truth = plant.house.truth(dt_util.utcnow() - timedelta(seconds=1))
    units = (truth.batteries["luna"], truth.batteries["luna2"])
    for place, unit in enumerate(units, start=1):
        page = dr.async_get(hass).async_get_device_by_identifier(
            (DOMAIN, f"{plant.serial}_battery_unit{place}"), entry.entry_id
        )
        assert page is not None
        key = f"{plant.serial}_unit{place}"
        assert number(hass, f"{key}_soc") == pytest.approx(unit.soc_percent, abs=0.2)
        assert number(hass, f"{key}_power") == pytest.approx(unit.power_w, abs=60)
        assert number(hass, f"{key}_charged_total") == pytest.approx(unit.charged_kwh, abs=0.02)
        assert number(hass, f"{key}_discharged_total") == pytest.approx(
            unit.discharged_kwh, abs=0.02
        )
        assert state(hass, f"{key}_status").state == "running"
    assert number(hass, f"{plant.serial}_battery_power") == pytest.approx(
        sum(unit.power_w for unit in units), abs=60
    )


async def test_an_output_that_is_limited_shows(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    limited = f"{plant.serial}_power_limited"
    (source,) = async_get_site(hass).sources.values()
    assert [roof.limit_w for roof in source.roofs] == [8800]
    assert state(hass, limited, "binary_sensor").state == "off"
    assert source.held_back is False
    now = dt_util.utcnow()
    plant.house.limit("huawei", InverterLimits(power_w=500), now)
    await plant.seconds(75)
    assert state(hass, limited, "binary_sensor").state == "on"
    assert source.held_back is True
    assert state(hass, f"{plant.serial}_status").state == "on_grid_limited"
