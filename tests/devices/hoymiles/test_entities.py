"""What the entities show is what is true in the house at the sample's time."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.reading import Flow
from custom_components.energy_hub.site import async_get_site
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator.hoymiles import CloudConfig, HoymilesFault, Password, Surface
from tests.helpers import entity_id, number, state

from .conftest import (
    BARN,
    BARN_FIRST,
    BARN_SECOND,
    CARPORT,
    FIRST,
    HOUSE,
    NOON,
    SECOND,
    AddEntry,
    Site,
    cloud_config,
)

KINDS = {"account": NOON.replace(minute=5), "key": NOON.replace(minute=0)}
"""The newest label that each API has at the start."""


def today_kwh(site: Site, at: datetime) -> float:
    """Return what the house's own plant has given since local midnight."""
    midnight = NOON.replace(day=16, hour=22, minute=0)
    energies = [site.house.truth(one).arrays["hoymiles"].energy_kwh for one in (midnight, at)]
    return energies[1] - energies[0]


@pytest.mark.parametrize(("kind", "at"), KINDS.items())
async def test_values_are_those_of_the_house(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str, at: datetime
) -> None:
    await add_entry(kind)
    await site.minutes(3)
    truth = site.house.truth(at)
    panels = site.house.panel_w("hoymiles", at)
    power = truth.arrays["hoymiles"].power_w
    assert number(hass, f"{HOUSE}_power") == pytest.approx(power, abs=0.5)
    assert number(hass, f"{HOUSE}_energy_today") == pytest.approx(today_kwh(site, at), abs=0.007)
    assert number(hass, f"{FIRST}_power") == pytest.approx(sum(panels[:4]), abs=0.3)
    assert number(hass, f"{SECOND}_power") == pytest.approx(sum(panels[4:]), abs=0.2)
    assert number(hass, f"{FIRST}_voltage") == pytest.approx(truth.phases[0].voltage_v, abs=0.06)
    assert number(hass, f"{FIRST}_frequency") == pytest.approx(truth.frequency_hz, abs=0.006)
    assert number(hass, f"{FIRST}_temperature") > truth.temperature_c
    for port, panel in enumerate(panels[:4], 1):
        assert number(hass, f"{FIRST}_{port}_power") == pytest.approx(panel, abs=0.06)
        volts = number(hass, f"{FIRST}_{port}_voltage")
        assert volts * number(hass, f"{FIRST}_{port}_current") == pytest.approx(panel, abs=0.3)
    last = datetime.fromisoformat(state(hass, f"{HOUSE}_last_data").state)
    assert last == at


@pytest.mark.parametrize("kind", KINDS)
async def test_energies_of_ports_inverters_and_plant_agree(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
) -> None:
    await add_entry(kind)
    await site.minutes(3)
    ports = {FIRST: (1, 2, 3, 4), SECOND: (1, 2)}
    sums = {
        serial: sum(number(hass, f"{serial}_{port}_energy_today") for port in numbers)
        for serial, numbers in ports.items()
    }
    for serial, kwh in sums.items():
        assert number(hass, f"{serial}_energy_today") == pytest.approx(kwh)
    assert number(hass, f"{HOUSE}_energy_today") == pytest.approx(sum(sums.values()))


async def test_an_account_has_counters(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry()
    array = site.house.truth(KINDS["account"]).arrays["hoymiles"]
    assert number(hass, f"{HOUSE}_energy_total") == pytest.approx(array.energy_kwh, abs=0.002)
    for key in ("energy_month", "energy_year"):
        assert number(hass, f"{HOUSE}_{key}") == pytest.approx(
            number(hass, f"{HOUSE}_energy_today"), abs=0.01
        )
    before = number(hass, f"{HOUSE}_energy_total")
    await site.minutes(30)
    after = number(hass, f"{HOUSE}_energy_total")
    now = site.house.truth(NOON + timedelta(minutes=25)).arrays["hoymiles"].energy_kwh
    assert before < after == pytest.approx(now, abs=0.1)


async def test_a_key_counts_from_the_day_on_which_it_was_added(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry("key")
    await site.minutes(3)
    assert entity_id(hass, f"{HOUSE}_energy_month") is None
    assert number(hass, f"{HOUSE}_energy_total") == number(hass, f"{HOUSE}_energy_today")


async def test_ports_keep_their_own_numbers(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry()
    assert entity_id(hass, f"{BARN_FIRST}_1_power") is None
    assert number(hass, f"{BARN_FIRST}_3_power") > 200
    assert number(hass, f"{BARN_FIRST}_4_power") > 200
    assert number(hass, f"{BARN_SECOND}_8_power") > 200


async def test_three_phases(hass: HomeAssistant, site: Site, add_entry: AddEntry) -> None:
    await add_entry("key")
    await site.minutes(3)
    truth = site.house.truth(KINDS["key"])
    for key, phase in (("voltage", 0), ("voltage_l2", 1), ("voltage_l3", 2)):
        assert number(hass, f"{BARN_SECOND}_{key}") == pytest.approx(
            truth.phases[phase].voltage_v, abs=0.06
        )
    assert entity_id(hass, f"{FIRST}_voltage_l2") is None


@pytest.mark.parametrize("kind", KINDS)
async def test_a_plant_without_inverters_has_no_values(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
) -> None:
    await add_entry(kind)
    await site.minutes(3)
    for key in ("power", "energy_today", "last_data"):
        assert state(hass, f"{CARPORT}_{key}").state == STATE_UNKNOWN
    assert state(hass, f"{CARPORT}_offline", "binary_sensor").state == "off"


async def test_pages(hass: HomeAssistant, site: Site, add_entry: AddEntry) -> None:
    entry = await add_entry()
    registry = dr.async_get(hass)

    def page(identifier: str) -> Any:
        found = registry.async_get_device_by_identifier((DOMAIN, identifier), entry.entry_id)
        assert found is not None
        return found

    cloud, plant, inverter = page("account0123456789"), page(str(HOUSE)), page(FIRST)
    assert cloud.entry_type is dr.DeviceEntryType.SERVICE
    assert (plant.name, plant.via_device_id) == ("Rooftop", cloud.id)
    assert (inverter.name, inverter.via_device_id) == ("Micro-inverter 0101", plant.id)
    assert (inverter.model, inverter.serial_number) == ("HM-1500", FIRST)
    ports = dr.async_entries_for_parent_device(registry, inverter.id)
    assert sorted(one.name or "" for one in ports) == ["Port 1", "Port 2", "Port 3", "Port 4"]
    assert entity_id(hass, f"{FIRST}_3_power") == "sensor.micro_inverter_0101_port_3_power"


async def test_every_entity_has_its_own_id(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    entry = await add_entry("key")
    await site.minutes(3)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    ids = {(one.domain, one.unique_id) for one in entities}
    # 1 of the key, 9 a plant, 5 an inverter (2 more with three phases), 4 a port.
    assert len(ids) == len(entities) == 1 + 3 * 9 + 4 * 5 + 2 + 16 * 4


async def test_calls_that_are_left(hass: HomeAssistant, site: Site, add_entry: AddEntry) -> None:
    await add_entry("key")
    await site.minutes(3)
    used = site.cloud.key.quota.used
    assert used >= 12
    assert number(hass, "key0123456789_calls_left") == 10_000 - used
    assert entity_id(hass, "account0123456789_calls_left") is None


class TestHome:
    """An account of the home app: charts instead of days, no energies of ports."""

    @pytest.fixture
    def config(self) -> CloudConfig:
        return cloud_config(surface=Surface.HOME)

    async def test_values_are_those_of_the_house(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        await add_entry()
        panels = site.house.panel_w("hoymiles", KINDS["account"])
        assert number(hass, f"{HOUSE}_power") == pytest.approx(sum(panels), abs=0.5)
        assert number(hass, f"{FIRST}_power") == pytest.approx(sum(panels[:4]), abs=0.3)
        assert number(hass, f"{FIRST}_2_power") == pytest.approx(panels[1], abs=0.1)
        assert number(hass, f"{FIRST}_frequency") > 49
        assert state(hass, f"{FIRST}_2_energy_today").state == STATE_UNKNOWN
        assert number(hass, f"{HOUSE}_energy_today") > 5
        assert not site.calls("down_module_day_data")


async def test_charts_stand_in_for_a_day_that_is_not_allowed(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await site.cloud.faults.set(HoymilesFault.NO_DAY, True)
    await add_entry()
    panels = site.house.panel_w("hoymiles", KINDS["account"])
    assert number(hass, f"{FIRST}_power") == pytest.approx(sum(panels[:4]), abs=0.3)
    # Refused once, for the first plant; the charts are asked from then on.
    assert len(site.calls("down_module_day_data")) == 1


@pytest.mark.parametrize("fault", [HoymilesFault.GZIP, HoymilesFault.NEW_FIELDS])
async def test_other_forms_of_an_answer(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, fault: HoymilesFault
) -> None:
    await site.cloud.faults.set(fault, True)
    await add_entry()
    panels = site.house.panel_w("hoymiles", KINDS["account"])
    assert number(hass, f"{FIRST}_power") == pytest.approx(sum(panels[:4]), abs=0.3)


@pytest.mark.parametrize("kind", list(Password))
class TestPassword:
    @pytest.fixture
    def config(self, kind: Password) -> CloudConfig:
        return CloudConfig(hash=kind)

    async def test_every_hash_of_the_password(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: Password
    ) -> None:
        await add_entry()
        assert number(hass, f"{HOUSE}_power") > 0
        assert site.cloud.logins.count <= 3


@pytest.mark.parametrize("kind", KINDS)
async def test_readings_for_the_house(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
) -> None:
    entry = await add_entry(kind)
    await site.minutes(3)
    readings = {one.source: one for one in async_get_site(hass).sources[entry.entry_id].readings}
    assert set(readings) == {str(HOUSE), str(BARN), str(CARPORT)}
    one = readings[str(HOUSE)]
    assert one.flow is Flow.SOLAR
    assert one.at == KINDS[kind]
    assert one.power_w == number(hass, f"{HOUSE}_power")
    assert one.to_house_kwh == number(hass, f"{HOUSE}_energy_total")
    assert one.at + one.valid_for > NOON + timedelta(minutes=10)
    assert readings[str(CARPORT)].power_w is None
    assert readings[str(CARPORT)].to_house_kwh is None


async def test_the_forecast_hears_of_panels(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry()
    await site.minutes(3)
    (source,) = async_get_site(hass).sources.values()
    panels = sum(one.kwp for one in site.house.config.arrays)
    assert source.roofs[0].name == "Rooftop"
    assert source.roofs[0].peak_w == pytest.approx(1000 * panels, rel=0.01)
