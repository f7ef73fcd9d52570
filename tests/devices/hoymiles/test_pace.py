"""How often the cloud is asked, counted on the wire."""

from collections import Counter
from datetime import timedelta

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.hoymiles import CloudConfig, HoymilesFault, MicroConfig, PlantConfig
from simulator.hoymiles.config import HOUSE as HOUSE_PLANT
from tests.helpers import number, state

from .conftest import FIRST, HOUSE, NOON, AddEntry, Site, cloud_config

# A day has many ticks; a loaded machine takes its time for them.
pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.timeout(240)]
DAWN = NOON.replace(hour=1, minute=0)
"""03:00 in Brussels."""
ACCOUNT = {
    "station/select_by_page": "plants",
    "select_device_of_tree": "inverters",
    "station/find": "status",
    "count_station_real_data": "live",
    "down_module_day_data": "day",
}
KEY = {
    "findMyStations": "plants",
    "findDevsByStation": "inverters",
    "gpw": "status",
    "station_today_production": "live",
    "mi_data_day": "day",
    "findStation30dayEnergy": "past",
}


def counted(site: Site, names: dict[str, str]) -> Counter[str]:
    """Return how many calls there were of each kind."""
    found: Counter[str] = Counter()
    for call in site.cloud.calls:
        found.update(name for part, name in names.items() if call.path.endswith(part))
    return found


class TestOnePlant:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return cloud_config(plants=(HOUSE_PLANT,))

    async def test_an_hour_of_an_account(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        await add_entry()
        await site.minutes(5)
        site.cloud.calls.clear()
        await site.minutes(60)
        calls = counted(site, ACCOUNT)
        assert sum(calls.values()) == len(site.cloud.calls)
        assert 11 <= calls["live"] <= 12
        assert 11 <= calls["day"] <= 12
        assert calls["status"] == 4
        assert calls["inverters"] == calls["plants"] == 0

    async def test_a_key_of_a_small_plant_is_asked_every_quarter(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        await add_entry("key")
        await site.minutes(5)
        site.cloud.calls.clear()
        await site.minutes(60)
        calls = counted(site, KEY)
        assert calls == {"live": 4, "day": 8, "status": 1}


class TestSlowCharts:
    @pytest.fixture
    def config(self) -> CloudConfig:
        return cloud_config(plants=(HOUSE_PLANT,), step_min=15)

    async def test_an_account_with_a_sample_every_quarter_is_asked_every_quarter(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        await add_entry()
        await site.minutes(15)
        site.cloud.calls.clear()
        await site.minutes(60)
        calls = counted(site, ACCOUNT)
        assert 3 <= calls["day"] <= 4
        assert 3 <= calls["live"] <= 4
        assert number(hass, f"{FIRST}_1_power") > 0


class TestNight:
    """From three in the morning to three in the morning."""

    @pytest.fixture
    def config(self) -> CloudConfig:
        return cloud_config(plants=(HOUSE_PLANT,))

    @pytest.fixture
    def start(self) -> object:
        return DAWN

    @pytest.mark.parametrize("kind", ["account", "key"])
    async def test_a_plant_that_sleeps_is_not_asked(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
    ) -> None:
        await add_entry(kind)
        await site.minutes(3)
        # Once, to know what there is.
        assert number(hass, f"{HOUSE}_power") == 0
        assert number(hass, f"{HOUSE}_energy_today") == 0
        assert state(hass, f"{FIRST}_power").state == "unknown"
        site.cloud.calls.clear()
        await site.minutes(20, step_s=60)
        assert not site.cloud.calls
        await site.minutes(16 * 60, step_s=600)
        assert number(hass, f"{HOUSE}_power") > 0
        await site.minutes(3.5 * 60, step_s=600)
        last = site.cloud.calls[-1].time
        energy = number(hass, f"{HOUSE}_energy_today")
        assert energy > 10
        assert number(hass, f"{HOUSE}_power") == 0
        assert state(hass, f"{FIRST}_power").state == "unknown"
        await site.minutes(30, step_s=600)
        # The sun has set at 21:59; an hour later nobody is asked any more.
        assert NOON.replace(hour=20, minute=30) < last <= NOON.replace(hour=21, minute=15)
        assert number(hass, f"{HOUSE}_energy_today") == energy
        site.cloud.calls.clear()
        await site.minutes(120, step_s=600)
        assert not [one for one in site.cloud.calls if one.plant is not None]
        assert number(hass, f"{HOUSE}_energy_today") == 0


TWENTY = PlantConfig(
    5_000_000,
    "Hall",
    tuple(MicroConfig(f"1160{99_000_000 + one}", 1000 + one, (1, 2, 3, 4)) for one in range(20)),
    scale=12.0,
)


class TestTwentyInverters:
    """A whole day of a plant with twenty inverters."""

    @pytest.fixture
    def config(self) -> CloudConfig:
        return cloud_config(plants=(TWENTY,), step_min=15)

    @pytest.fixture
    def start(self) -> object:
        return DAWN.replace(day=1)

    @pytest.fixture
    def begin(self) -> object:
        return DAWN.replace(month=5, day=31, hour=22)

    async def test_a_key_stays_within_its_plan(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        await add_entry("key", {"detail": []})
        await site.minutes(10)
        await site.minutes(24 * 60 - 10, step_s=300)
        quota = site.cloud.key.quota
        # Plan A has 10,000 calls a month; 322 a day, and the first day also learns the lists.
        assert quota.used <= 322
        times = [call.time for call in site.cloud.calls]
        for one, later in zip(times, times[10:], strict=False):
            assert later - one >= timedelta(minutes=1)
        calls = counted(site, KEY)
        assert calls["day"] >= 11 * 20
        assert number(hass, "key0123456789_calls_left") == 10_000 - quota.used

    async def test_an_account_takes_one_call_for_all_of_them(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        entry = await add_entry("account", {"detail": []})
        await site.minutes(24 * 60, step_s=900)
        entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        # More than are added in one go.
        keys = ("power", "temperature", "voltage", "frequency", "energy_today")
        every = {f"{one.serial}_{key}" for one in TWENTY.micros for key in keys}
        assert every <= {one.unique_id for one in entities}
        calls = counted(site, ACCOUNT)
        # Light, and an hour before and after it, is 18.3 hours; the charts have quarters.
        assert calls["day"] <= 4 * 19 + 3
        assert calls["live"] <= 4 * 19 + 3
        assert site.cloud.logins.count <= 12
        assert calls["plants"] <= 4
        assert calls["inverters"] <= 2


async def test_calls_run_out_slowly(hass: HomeAssistant, site: Site, add_entry: AddEntry) -> None:
    entry = await add_entry("key")
    await site.minutes(10)
    entry.runtime_data._cloud.budget.restore({"month": "2026-06", "spent": 9_900})
    await site.minutes(60, step_s=60)
    site.cloud.calls.clear()
    await site.minutes(180, step_s=300)
    # Less than the reserve is left: as good as nothing, four times a day.
    assert len(site.cloud.calls) <= 10


async def test_without_calls_nothing_is_asked(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    entry = await add_entry("key")
    await site.minutes(10)
    entry.runtime_data._cloud.budget.restore({"month": "2026-06", "spent": 10_000})
    site.cloud.calls.clear()
    await site.minutes(120, step_s=300)
    assert not site.cloud.calls
    assert number(hass, "key0123456789_calls_left") == 0
    assert state(hass, f"{HOUSE}_power").state == "unknown"
    assert number(hass, f"{HOUSE}_energy_today") > 0


async def test_a_refusal_stretches_the_intervals_for_an_hour(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry()
    await site.minutes(10)
    await site.cloud.faults.set(HoymilesFault.TOO_MANY, True)
    await site.minutes(6)
    await site.cloud.faults.set(HoymilesFault.TOO_MANY, False)
    await site.minutes(10, step_s=60)
    site.cloud.calls.clear()
    await site.minutes(40, step_s=60)
    slow = len(site.calls("down_module_day_data"))
    await site.minutes(40, step_s=60)
    site.cloud.calls.clear()
    await site.minutes(40, step_s=60)
    assert slow * 2 <= len(site.calls("down_module_day_data"))
