"""What the entities show is what is true in the world, in every layout."""

from datetime import datetime, timedelta

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.reading import Flow
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from simulator.homevolt import HomevoltFault
from simulator.homevolt.profiles import Profile, old, old_pair, pair, single
from tests.helpers import entity_id, number, state

from .conftest import ECU, GRID, LOAD, SECOND, SOLAR, AddEntry, Plant

ALL = [single(), old(), pair(), old_pair()]
NAMES = ["single", "old", "pair", "old pair"]

pytestmark = pytest.mark.usefixtures("everything_enabled")


@pytest.mark.parametrize("profile", ALL, ids=NAMES)
async def test_the_battery(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    await add_entry()
    await plant.seconds(70)
    # Powers are those of the last poll, a few seconds ago.
    units = [plant.battery(one.battery) for one in profile.device.ecus]
    assert number(hass, f"{ECU}_battery_power") == pytest.approx(
        sum(one.power_w for one in units), abs=200
    )
    mean_soc = sum(one.soc_percent for one in units) / len(units)
    assert number(hass, f"{ECU}_battery_soc") == pytest.approx(mean_soc, abs=0.1)
    charged = sum(one.charged_kwh for one in units)
    discharged = sum(one.discharged_kwh for one in units)
    assert number(hass, f"{ECU}_battery_charged_total") == pytest.approx(charged, abs=0.05)
    assert number(hass, f"{ECU}_battery_discharged_total") == pytest.approx(discharged, abs=0.05)
    assert number(hass, f"{ECU}_capacity") == pytest.approx(13.304 * len(units))
    stored = sum(one.stored_kwh for one in units)
    assert number(hass, f"{ECU}_energy_stored") == pytest.approx(stored, abs=0.05)
    assert number(hass, f"{ECU}_charge_available") == 6000 * len(units)
    assert number(hass, f"{ECU}_frequency") == pytest.approx(plant.truth.frequency_hz, abs=0.1)
    for phase in range(3):
        volts = plant.truth.phases[phase].voltage_v
        assert number(hass, f"{ECU}_voltage_l{phase + 1}") == pytest.approx(volts, abs=2)
        amps = abs(sum(one.power_w for one in units)) / 3 / volts
        assert number(hass, f"{ECU}_current_l{phase + 1}") == pytest.approx(amps, abs=1.1)
    assert 15 < number(hass, f"{ECU}_temperature") < 40
    assert state(hass, f"{ECU}_alarm").state == "none"
    assert state(hass, f"{ECU}_self_check").state == "error"
    assert state(hass, f"{ECU}_self_check").attributes["checks"] == [
        {"part": "CONNECTIVITY", "name": "lte", "state": "error", "message": "LTE error: 5"}
    ]
    assert state(hass, f"{ECU}_cloud", "binary_sensor").state == "on"
    assert number(hass, f"{ECU}_wifi_signal") == -43


@pytest.mark.parametrize("profile", ALL, ids=NAMES)
async def test_the_clamps(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    await add_entry()
    await plant.seconds(40)
    truth = plant.truth
    assert number(hass, f"{SOLAR}_power") == pytest.approx(truth.solar_w, abs=150)
    assert number(hass, f"{SOLAR}_import_total") == pytest.approx(truth.solar_kwh, abs=0.1)
    assert number(hass, f"{GRID}_power") == pytest.approx(truth.grid_w, abs=300)
    assert number(hass, f"{GRID}_import_total") == pytest.approx(truth.import_kwh, abs=0.05)
    assert number(hass, f"{GRID}_export_total") == pytest.approx(truth.export_kwh, abs=0.05)
    assert number(hass, f"{LOAD}_power") > 0
    assert number(hass, f"{LOAD}_import_total") > truth.load_kwh - 1
    balance = [number(hass, f"{one}_power") for one in (SOLAR, GRID)]
    battery = number(hass, f"{ECU}_battery_power")
    assert sum(balance) + battery == number(hass, f"{LOAD}_power")
    assert number(hass, f"{GRID}_battery_voltage") == 3.04
    assert number(hass, f"{SOLAR}_battery_voltage") == 3.02
    assert number(hass, f"{SOLAR}_signal") == -87
    assert entity_id(hass, f"{LOAD}_signal") is None


async def test_the_mode_follows_the_plan(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    shown = state(hass, f"{ECU}_mode")
    assert shown.state == "grid_charge"
    assert shown.attributes["power"] == 0
    assert shown.attributes["set_by"] == "partner"
    until = datetime.fromisoformat(state(hass, f"{ECU}_mode_until").state)
    assert until == datetime.fromisoformat("2026-06-17T16:00:00+02:00")
    plant.freezer.move_to(until - timedelta(seconds=20))
    await plant.seconds(60)
    assert state(hass, f"{ECU}_mode").state == "grid_discharge"
    plant.device.console.run("param_set settings_local true")
    plant.device.console.run("sched_set 2 -s 700 --min 20")
    await plant.seconds(70)
    shown = state(hass, f"{ECU}_mode")
    assert (shown.state, shown.attributes["power"]) == ("inverter_discharge", 700)
    assert (shown.attributes["min_soc"], shown.attributes["set_by"]) == (20, "local")
    assert state(hass, f"{ECU}_mode_until").state == STATE_UNKNOWN
    plant.device.console.run("sched_clear")
    await plant.seconds(70)
    assert state(hass, f"{ECU}_mode").state == STATE_UNKNOWN


async def test_alarms_in_the_words_of_the_device(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    await plant.device.faults.set(HomevoltFault.WARNING, True)
    await plant.seconds(15)
    assert state(hass, f"{ECU}_alarm").state == "warning"
    await plant.device.faults.set(HomevoltFault.ALARM, True)
    await plant.seconds(310, step=5)
    shown = state(hass, f"{ECU}_alarm")
    assert shown.state == "alarm"
    assert shown.attributes["alarms"] == ["EMS_ALARM_BMS_COMMUNICATION_LOST"]
    assert shown.attributes["warnings"] == ["EMS_WARNING_UNDER_SOC_MIN_WARNING"]
    checks = {one["name"] for one in state(hass, f"{ECU}_self_check").attributes["checks"]}
    assert checks == {"ems_alarm", "ems_warning", "lte"}


@pytest.mark.parametrize("profile", [pair()])
async def test_each_battery_of_a_cluster_has_a_page(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    entry = await add_entry()
    await plant.seconds(30)
    for name, unit, label in ((ECU, "homevolt", "1"), (SECOND, "homevolt2", "2")):
        page = dr.async_get(hass).async_get_device_by_identifier(
            (DOMAIN, f"{name}_unit"), entry.entry_id
        )
        assert page is not None
        assert page.name == f"Battery unit {label}"
        assert page.serial_number == name
        soc = number(hass, f"{name}_unit_battery_soc")
        assert soc == pytest.approx(plant.battery(unit).soc_percent, abs=0.1)
        assert number(hass, f"{name}_unit_battery_power") == pytest.approx(
            plant.battery(unit).power_w, abs=150
        )


async def test_the_pages(hass: HomeAssistant, plant: Plant, add_entry: AddEntry) -> None:
    entry = await add_entry()
    devices = dr.async_get(hass)
    main = devices.async_get_device_by_identifier((DOMAIN, ECU), entry.entry_id)
    assert main is not None
    assert (main.manufacturer, main.model, main.serial_number) == ("Homevolt", "Homevolt B6", ECU)
    assert main.sw_version == "3056-99aabbcc"
    assert main.configuration_url == f"http://{plant.host}"
    names = {}
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        names[device.name] = device.via_device_id
    assert names == {
        "Homevolt": None,
        "Grid clamp": main.id,
        "Solar clamp": main.id,
        "House load": main.id,
    }


async def test_every_entity_has_a_name_of_its_own(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert len(entities) > 30
    for entity in entities:
        assert hass.states.get(entity.entity_id) is not None
        assert entity.original_name
        assert entity.unique_id.startswith((ECU, GRID, SOLAR))


@pytest.mark.parametrize("profile", [single(), pair()], ids=["single", "pair"])
async def test_what_the_house_is_told(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    entry = await add_entry()
    await plant.seconds(20)
    found = {(one.source, one.flow): one for one in entry.runtime_data.readings}
    battery = found[ECU, Flow.BATTERY]
    assert battery.power_w == number(hass, f"{ECU}_battery_power")
    assert battery.to_house_kwh == pytest.approx(
        number(hass, f"{ECU}_battery_discharged_total"), abs=0.01
    )
    assert battery.valid_for == timedelta(seconds=30)
    assert dt_util.utcnow() - battery.at <= timedelta(seconds=12)
    assert found[GRID, Flow.GRID].from_house_kwh is not None
    assert found[SOLAR, Flow.SOLAR].from_house_kwh is None
    assert set(found) == {(ECU, Flow.BATTERY), (GRID, Flow.GRID), (SOLAR, Flow.SOLAR)}
    for reading in found.values():
        shown = entry.runtime_data.shown(reading)
        assert number(hass, str(shown.power)) == reading.power_w
        assert number(hass, str(shown.to_house)) == pytest.approx(reading.to_house_kwh, abs=0.01)
        if reading.from_house_kwh is not None:
            total = number(hass, str(shown.from_house))
            assert total == pytest.approx(reading.from_house_kwh, abs=0.01)


async def test_how_often_it_is_asked(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    await add_entry()
    asked = [path for _, path in plant.asked]
    assert asked == [
        "/ems.json",
        "/schedule.json",
        "/status.json",
        "/error_report.json",
        "/params.json",
    ]
    plant.device.requests.clear()
    await plant.seconds(600, step=2)
    counts = {path: [one for _, one in plant.asked].count(path) for _, path in plant.asked}
    assert counts["/ems.json"] in range(50, 61)
    assert counts["/schedule.json"] in range(8, 11)
    assert counts["/status.json"] == counts["/error_report.json"] == 2
    assert counts["/node_metrics.json"] == 4
    # Home Assistant's own integration asks 480 times in an hour.
    assert len(plant.asked) <= 480 / 6
    assert {method for method, _ in plant.asked} == {"GET"}
