"""What the entities of a gateway show, against what really happened and what the library says."""

from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession, TCPConnector
from pyenphase import Envoy as Library, EnvoyData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.reading import Flow
from custom_components.energy_hub.site import async_get_site
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.envoy import profiles
from simulator.envoy.profiles import Profile
from simulator.world import Truth
from tests.helpers import entity_id, number, state

from .conftest import Plant

METERED = [
    profiles.single_phase(),
    profiles.three_phase(),
    profiles.battery(),
    profiles.battery_without_meter(),
    profiles.total(),
]
UNMETERED = [profiles.standard(), profiles.broken_standard(), profiles.legacy()]


def _truth(plant: Plant) -> Truth:
    """Return what was true at the last pass."""
    (asked,) = [one for one in plant.envoy.requests if one.path == "/ivp/meters/readings"][-1:]
    return plant.house.truth(asked.time)


async def _library(plant: Plant) -> EnvoyData:
    """Return what the vendor library, unmodified, makes of the gateway."""
    async with ClientSession(connector=TCPConnector(ssl=False)) as session:
        library = Library(plant.host, session, v2_acb_mode=False)
        await library.setup()
        if plant.envoy.config.legacy:
            await library.authenticate("envoy")
        else:
            await library.authenticate(token=plant.envoy.cloud.token())
        return await library.update()


@pytest.mark.parametrize("profile", METERED)
async def test_a_gateway_with_transformers_tells_the_truth(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    await plant.seconds(90)
    truth, serial = _truth(plant), plant.serial
    assert number(hass, f"{serial}_production_power") == truth.solar_w
    assert number(hass, f"{serial}_grid_power") == truth.grid_w
    assert number(hass, f"{serial}_consumption_power") == truth.load_w
    assert number(hass, f"{serial}_energy_total") == pytest.approx(truth.solar_kwh, abs=0.0011)
    if "total-consumption" in profile.device.cts:
        assert entity_id(hass, f"{serial}_grid_import_total") is None
    else:
        assert number(hass, f"{serial}_grid_import_total") == pytest.approx(
            truth.import_kwh, abs=0.0011
        )
        assert number(hass, f"{serial}_grid_export_total") == pytest.approx(
            truth.export_kwh, abs=0.0011
        )


@pytest.mark.parametrize("profile", [profiles.battery(), profiles.battery_without_meter()])
async def test_batteries_tell_the_truth(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    await plant.seconds(90)
    truth, serial = _truth(plant), plant.serial
    units = truth.batteries.values()
    assert number(hass, f"{serial}_battery_power") == pytest.approx(truth.battery_w, abs=150)
    soc = 100 * sum(unit.stored_kwh for unit in units) / 7
    assert number(hass, f"{serial}_battery_soc") == pytest.approx(soc, abs=1)
    assert number(hass, f"{serial}_battery_capacity") == 7
    for index, unit in enumerate(units):
        own = f"{122_990_000_100 + index}"
        assert number(hass, f"{own}_power") == pytest.approx(unit.power_w, abs=80)
        assert number(hass, f"{own}_battery_soc") == pytest.approx(unit.soc_percent, abs=1)
        assert 0 < number(hass, f"{own}_temperature") < 50
    if "storage" not in profile.device.cts:
        assert entity_id(hass, f"{serial}_battery_charged_total") is None
        assert entity_id(hass, f"{serial}_consumption_total") is None
        return
    charged = sum(unit.charged_kwh for unit in units)
    discharged = sum(unit.discharged_kwh for unit in units)
    assert number(hass, f"{serial}_battery_power") == truth.battery_w
    assert number(hass, f"{serial}_battery_charged_total") == pytest.approx(charged, abs=0.0011)
    assert number(hass, f"{serial}_battery_discharged_total") == pytest.approx(
        discharged, abs=0.0011
    )


@pytest.mark.parametrize("profile", [*METERED, *UNMETERED])
async def test_what_the_library_says_is_shown(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    data, serial = await _library(plant), plant.serial
    made = data.system_production
    assert made is not None
    assert number(hass, f"{serial}_production_power") == made.watts_now
    assert number(hass, f"{serial}_energy_total") == pytest.approx(
        made.watt_hours_lifetime / 1000, abs=0.0011
    )
    if made.watt_hours_today:
        # The library asks a moment later.
        assert number(hass, f"{serial}_energy_today") == pytest.approx(
            made.watt_hours_today / 1000, abs=0.0011
        )
    if data.system_net_consumption is not None:
        assert number(hass, f"{serial}_grid_power") == data.system_net_consumption.watts_now
    if data.system_consumption is not None and not profile.device.batteries:
        assert number(hass, f"{serial}_consumption_power") == data.system_consumption.watts_now
    for own, inverter in data.inverters.items():
        assert number(hass, f"{own}_power") == inverter.last_report_watts
        said = dt_util.parse_datetime(state(hass, f"{own}_last_report").state)
        assert said == datetime.fromtimestamp(inverter.last_report_date, UTC)
    assert len(data.inverters) == len(entry.runtime_data.data.inverters)


@pytest.mark.parametrize("profile", UNMETERED)
async def test_a_gateway_without_transformers(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    await plant.seconds(130)
    truth, serial = plant.house.truth(dt_util.utcnow()), plant.serial
    assert number(hass, f"{serial}_production_power") == pytest.approx(truth.solar_w, rel=0.15)
    for key in ("grid_power", "consumption_power", "battery_power", "grid_import_total"):
        assert entity_id(hass, f"{serial}_{key}") is None


@pytest.mark.usefixtures("everything_enabled")
async def test_keys_of_the_contract(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry
) -> None:
    for key in (
        "production_power",
        "energy_today",
        "energy_month",
        "energy_seven_days",
        "energy_total",
        "consumption_power",
        "consumption_total",
        "grid_power",
        "grid_import_total",
        "grid_export_total",
        "device_energy_today",
        "device_energy_seven_days",
    ):
        assert entity_id(hass, f"{plant.serial}_{key}"), key
    seven = state(hass, f"{plant.serial}_energy_seven_days")
    assert "state_class" not in seven.attributes
    assert state(hass, f"{plant.serial}_energy_total").attributes["state_class"] == (
        "total_increasing"
    )
    assert number(hass, "482990000000_energy_total") > 1000


@pytest.mark.parametrize("profile", [profiles.mixed()])
async def test_a_house_with_other_sources_has_no_consumption_that_the_gateway_could_know(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    truth = _truth(plant)
    assert truth.arrays["enphase"].power_w + truth.grid_w < -50
    assert state(hass, f"{plant.serial}_consumption_power").state == STATE_UNKNOWN
    assert number(hass, f"{plant.serial}_grid_power") == truth.grid_w
    assert number(hass, f"{plant.serial}_production_power") == truth.arrays["enphase"].power_w


@pytest.mark.parametrize("profile", [profiles.battery()])
async def test_pages(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    devices = dr.async_get(hass)

    def page(identifier: str) -> dr.DeviceEntry:
        found = devices.async_get_device_by_identifier((DOMAIN, identifier), entry.entry_id)
        assert found is not None
        return found

    main = page(plant.serial)
    assert (main.manufacturer, main.model_id, main.sw_version) == (
        "Enphase",
        "800-00654-r08",
        "8.3.5286",
    )
    assert main.name == "Envoy"
    for part in (f"{plant.serial}_battery", "122990000100", "482990000003"):
        assert page(part).via_device_id == main.id
    assert page("482990000003").name == "Micro-inverter 482990000003"


@pytest.mark.parametrize("profile", [profiles.battery()])
async def test_the_house_can_read_solar_grid_and_battery(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    truth = _truth(plant)
    readings = {r.flow: r for r in async_get_site(hass).sources[entry.entry_id].readings}
    assert set(readings) == {Flow.SOLAR, Flow.GRID, Flow.BATTERY}
    solar, grid, battery = (readings[flow] for flow in (Flow.SOLAR, Flow.GRID, Flow.BATTERY))
    assert (solar.power_w, grid.power_w, battery.power_w) == (
        truth.solar_w,
        truth.grid_w,
        truth.battery_w,
    )
    assert solar.to_house_kwh == pytest.approx(truth.solar_kwh, abs=0.0011)
    assert grid.from_house_kwh == pytest.approx(truth.export_kwh, abs=0.0011)
    assert battery.to_house_kwh == pytest.approx(
        sum(unit.discharged_kwh for unit in truth.batteries.values()), abs=0.0011
    )
    assert solar.valid_for == timedelta(seconds=90)
    source = async_get_site(hass).sources[entry.entry_id]
    for reading in (solar, grid, battery):
        ids = source.shown(reading)
        assert number(hass, str(ids.power)) == reading.power_w
        assert number(hass, str(ids.to_house)) == reading.to_house_kwh
        if reading.from_house_kwh is not None:
            assert number(hass, str(ids.from_house)) == reading.from_house_kwh
    assert number(hass, str(source.shown(battery).soc)) > 0


@pytest.mark.parametrize("profile", [profiles.standard()])
async def test_the_house_is_not_told_what_nobody_measures(
    hass: HomeAssistant, plant: Plant, entry: MockConfigEntry, profile: Profile
) -> None:
    (solar,) = async_get_site(hass).sources[entry.entry_id].readings
    assert solar.flow is Flow.SOLAR
