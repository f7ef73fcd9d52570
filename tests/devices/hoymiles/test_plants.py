"""Plants and inverters that die, come, go, or are numbered in their own way."""

from datetime import timedelta

import pytest

from custom_components.energy_hub import async_remove_config_entry_device
from custom_components.energy_hub.const import DOMAIN
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator.hoymiles import CloudConfig, HoymilesFault
from simulator.hoymiles.config import HOUSE as HOUSE_PLANT
from tests.helpers import entity_id, number, state

from .conftest import (
    BARN,
    BARN_FIRST,
    BEGIN,
    FIRST,
    HOUSE,
    NOON,
    SECOND,
    AddEntry,
    Site,
    cloud_config,
)

pytestmark = pytest.mark.usefixtures("quiet")
KINDS = ["account", "key"]
ADDED = f"1121{HOUSE:08d}"


class TestOnePlant:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return cloud_config(plants=(HOUSE_PLANT,))

    @pytest.mark.parametrize("kind", KINDS)
    async def test_an_inverter_that_dies_is_unknown_and_keeps_its_energy(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
    ) -> None:
        await add_entry(kind)
        await site.minutes(10, step_s=60)
        before = number(hass, f"{FIRST}_energy_today")
        last_port = number(hass, f"{FIRST}_4_energy_today")
        await site.cloud.faults.set(HoymilesFault.DYING, True)
        await site.minutes(60, step_s=150)
        for key in ("power", "voltage", "frequency", "temperature", "1_power", "4_voltage"):
            assert state(hass, f"{FIRST}_{key}").state == STATE_UNKNOWN
        assert number(hass, f"{FIRST}_energy_today") >= before
        assert number(hass, f"{FIRST}_4_energy_today") >= last_port
        assert state(hass, f"{HOUSE}_inverter_warning", "binary_sensor").state == "on" or (
            kind == "key"
        )
        # The other one goes on, and the plant is what is left of it.
        other = number(hass, f"{SECOND}_power")
        assert number(hass, f"{HOUSE}_power") == pytest.approx(other, abs=0.2)
        assert number(hass, f"{SECOND}_energy_today") > 2.4

    @pytest.mark.parametrize("kind", KINDS)
    async def test_a_plant_that_is_gone_for_a_day_keeps_its_energy_until_the_next(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
    ) -> None:
        await add_entry(kind)
        await site.minutes(10, step_s=60)
        today = number(hass, f"{HOUSE}_energy_today")
        total = number(hass, f"{HOUSE}_energy_total")
        await site.cloud.faults.set(HoymilesFault.OFFLINE, True)
        await site.minutes(90, step_s=300)
        assert state(hass, f"{HOUSE}_power").state == STATE_UNKNOWN
        assert state(hass, f"{FIRST}_power").state == STATE_UNKNOWN
        assert state(hass, f"{HOUSE}_offline", "binary_sensor").state == "on"
        assert number(hass, f"{HOUSE}_energy_today") >= today
        await site.minutes(60 * 12, step_s=1200)
        # Midnight: nothing of the new day; noon: nothing known of it.
        assert number(hass, f"{HOUSE}_energy_today") == 0
        await site.minutes(60 * 11, step_s=1200)
        for key in (f"{HOUSE}_energy_today", f"{FIRST}_energy_today", f"{FIRST}_1_energy_today"):
            assert state(hass, key).state == STATE_UNKNOWN, key
        assert number(hass, f"{HOUSE}_energy_total") >= total
        await site.cloud.faults.set(HoymilesFault.OFFLINE, False)
        await site.minutes(40, step_s=300)
        assert number(hass, f"{HOUSE}_power") > 0
        assert number(hass, f"{HOUSE}_energy_today") > 3
        assert number(hass, f"{HOUSE}_energy_total") > total

    @pytest.mark.parametrize("kind", KINDS)
    async def test_an_inverter_is_added_and_another_one_removed(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
    ) -> None:
        entry = await add_entry(kind)
        await site.minutes(5)
        await site.cloud.faults.set(HoymilesFault.ADDED, True)
        energy = number(hass, f"{HOUSE}_energy_today")
        # An account sees a stranger in the day data; a key waits for the list of the day.
        await site.minutes(70 if kind == "account" else 25 * 60, step_s=600)
        assert number(hass, f"{ADDED}_power") > 0
        assert number(hass, f"{ADDED}_1_power") > 0
        if kind == "account":
            assert number(hass, f"{HOUSE}_energy_today") > energy
        await site.cloud.faults.set(HoymilesFault.ADDED, False)
        await site.cloud.faults.set(HoymilesFault.REMOVED, True)
        energy = number(hass, f"{HOUSE}_energy_today")
        await site.minutes(30, step_s=300)
        assert number(hass, f"{HOUSE}_energy_today") >= energy
        await site.minutes(25 * 60, step_s=1800)
        assert state(hass, f"{SECOND}_power").state == STATE_UNAVAILABLE
        assert state(hass, f"{ADDED}_power").state == STATE_UNAVAILABLE
        registry = dr.async_get(hass)
        for serial, gone in ((SECOND, True), (FIRST, False)):
            page = registry.async_get_device_by_identifier((DOMAIN, serial), entry.entry_id)
            assert page is not None
            assert await async_remove_config_entry_device(hass, entry, page) is gone

    @pytest.mark.parametrize("kind", KINDS)
    async def test_ports_that_do_not_begin_at_one(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
    ) -> None:
        await site.cloud.faults.set(HoymilesFault.SHIFTED_PORTS, True)
        await add_entry(kind)
        await site.minutes(3)
        at = NOON.replace(minute=5 if kind == "account" else 0)
        panels = site.house.panel_w("hoymiles", at)
        assert entity_id(hass, f"{FIRST}_1_power") is None
        assert entity_id(hass, f"{FIRST}_2_power") is None
        for port, panel in enumerate(panels[:4], 3):
            assert number(hass, f"{FIRST}_{port}_power") == pytest.approx(panel, abs=0.1)

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("fault", [HoymilesFault.UNSORTED, HoymilesFault.MISSING_LABEL])
    async def test_samples_in_no_order_or_with_gaps(
        self,
        hass: HomeAssistant,
        site: Site,
        add_entry: AddEntry,
        kind: str,
        fault: HoymilesFault,
    ) -> None:
        await site.cloud.faults.set(fault, True)
        await add_entry(kind)
        await site.minutes(3)
        at = NOON.replace(minute=5 if kind == "account" else 0)
        panels = site.house.panel_w("hoymiles", at)
        assert number(hass, f"{FIRST}_power") == pytest.approx(sum(panels[:4]), abs=0.3)
        midnight, now = (site.house.truth(one).arrays["hoymiles"].energy_kwh for one in (BEGIN, at))
        share = sum(panels[:4]) / sum(panels)
        energy = number(hass, f"{FIRST}_energy_today")
        assert energy == pytest.approx(share * (now - midnight), abs=0.05)

    @pytest.mark.parametrize("kind", KINDS)
    async def test_flags_that_are_null_are_unknown(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
    ) -> None:
        await site.cloud.faults.set(HoymilesFault.NULL_FLAGS, True)
        await add_entry(kind)
        await site.minutes(3)
        for key in ("offline", "unstable", "unmatched", "inverter_warning", "grid_warning"):
            assert state(hass, f"{HOUSE}_{key}", "binary_sensor").state == STATE_UNKNOWN
        assert number(hass, f"{HOUSE}_power") > 0

    @pytest.mark.parametrize("kind", KINDS)
    async def test_numbers_that_are_null_come_from_the_samples(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
    ) -> None:
        await site.cloud.faults.set(HoymilesFault.NULL_NUMBERS, True)
        await add_entry(kind)
        await site.minutes(25, step_s=60)
        ports = sum(number(hass, f"{one}_energy_today") for one in (FIRST, SECOND))
        assert number(hass, f"{HOUSE}_energy_today") == pytest.approx(ports)
        powers = sum(number(hass, f"{one}_power") for one in (FIRST, SECOND))
        assert number(hass, f"{HOUSE}_power") == pytest.approx(powers, abs=0.2)
        if kind == "account":
            assert state(hass, f"{HOUSE}_energy_total").state == STATE_UNKNOWN

    @pytest.mark.parametrize("kind", KINDS)
    async def test_an_empty_list_is_not_believed(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
    ) -> None:
        await add_entry(kind)
        await site.minutes(3)
        await site.cloud.faults.set(HoymilesFault.NO_DEVICES, True)
        await site.minutes(25 * 60, step_s=1800)
        await site.minutes(20, step_s=300)
        assert state(hass, f"{SECOND}_power").state != STATE_UNAVAILABLE
        assert number(hass, f"{SECOND}_energy_today") > 0

    @pytest.mark.parametrize("fault", [HoymilesFault.COUNTER_JUMP, HoymilesFault.COUNTER_ZERO])
    async def test_a_counter_that_cannot_be_right_is_held_back(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, fault: HoymilesFault
    ) -> None:
        entry = await add_entry()
        keys = ("energy_total", "energy_today", "energy_month", "energy_year")
        before = [number(hass, f"{HOUSE}_{key}") for key in keys]
        await site.cloud.faults.set(fault, True)
        await site.minutes(20, step_s=60)
        for key, old in zip(keys, before, strict=True):
            assert old <= number(hass, f"{HOUSE}_{key}") < old + 1
        issue = f"counter_held_{entry.entry_id}"
        assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is not None
        await site.cloud.faults.set(fault, False)
        await site.minutes(10, step_s=60)
        assert before[0] < number(hass, f"{HOUSE}_energy_total") < before[0] + 1.5
        assert ir.async_get(hass).async_get_issue(DOMAIN, issue) is None


async def test_one_plant_in_trouble_leaves_the_others_alone(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry()
    site.cloud.strike({HOUSE})
    await site.cloud.faults.set(HoymilesFault.SERVER_ERROR, True)
    await site.minutes(45, step_s=60)
    assert state(hass, f"{HOUSE}_power").state == STATE_UNKNOWN
    assert number(hass, f"{HOUSE}_energy_today") > 0
    barn = [one.time for one in site.cloud.calls if one.plant == BARN]
    assert max(barn) >= NOON + timedelta(minutes=40)
    # As often as ever.
    assert len([one for one in barn if one > NOON + timedelta(minutes=5)]) >= 14
    assert number(hass, f"{BARN_FIRST}_3_power") > 0


async def test_a_serial_number_in_two_plants_is_shown_once(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await site.cloud.faults.set(HoymilesFault.ADDED, True)
    entry = await add_entry()
    serials = [
        part.id
        for part in entry.runtime_data.parts
        if part.id.startswith("1121") and "_" not in part.id
    ]
    assert len(serials) == len(set(serials)) == 3
