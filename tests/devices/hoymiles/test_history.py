"""What a plant remembers, sample by sample, for the house and the export."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from custom_components.energy_hub.devices.hoymiles.errors import NoCallsLeftError
from custom_components.energy_hub.reading import Flow, History
from custom_components.energy_hub.site import Source, async_get_site
from homeassistant.core import HomeAssistant
from simulator.hoymiles import CloudConfig, HoymilesFault, Surface
from simulator.hoymiles.config import EMPTY, HOUSE as HOUSE_PLANT
from tests.helpers import number, turns

from .conftest import CARPORT, FIRST, HOUSE, NOON, SECOND, AddEntry, Site, cloud_config

pytestmark = pytest.mark.usefixtures("quiet")
LAST = {"account": NOON.replace(minute=5), "key": NOON.replace(minute=0)}
MIDNIGHT = datetime(2026, 6, 16, 22, 0, tzinfo=UTC)


@pytest.fixture
def config() -> CloudConfig:
    """Return the plant of the house, and one without inverters."""
    return cloud_config(plants=(HOUSE_PLANT, EMPTY))


@pytest.fixture
def begin() -> datetime:
    """Return the midnight of some days ago."""
    return MIDNIGHT - timedelta(days=5)


def source_of(hass: HomeAssistant) -> Source:
    """Return the only source, as the house and the export see it."""
    (source,) = async_get_site(hass).sources.values()
    return source


async def remembered(hass: HomeAssistant, plant: int = HOUSE) -> History:
    """Return today and yesterday of a plant."""
    found = await source_of(hass).async_history(str(plant))
    assert found is not None
    return found


def assert_true(site: Site, history: History) -> None:
    """Samples and readings are those of the world, at their own times and in their order."""
    for serial, first in ((FIRST, 0), (SECOND, 4)):
        samples = history.samples[serial]
        times = [one.at for one in samples]
        assert times == sorted(set(times))
        for one in samples[:: len(samples) // 5]:
            panels = site.house.panel_w("hoymiles", one.at)[first : first + len(one.ports)]
            assert one.power_w == pytest.approx(sum(panels), abs=0.3)
            for port, panel in enumerate(panels, 1):
                assert one.ports[port].power_w == pytest.approx(panel, abs=0.1)
            assert (one.frequency_hz or 0) > 49
            assert (one.volts[0] or 0) > 200
    times = [one.at for one in history.readings]
    assert times == sorted(set(times))
    for reading in history.readings[:: len(history.readings) // 5]:
        assert (reading.source, reading.flow) == (str(HOUSE), Flow.SOLAR)
        power = site.house.truth(reading.at).arrays["hoymiles"].power_w
        assert reading.power_w == pytest.approx(power, abs=0.5)


@pytest.mark.parametrize("kind", LAST)
async def test_today_is_remembered_sample_by_sample(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str
) -> None:
    await add_entry(kind)
    await site.minutes(3)
    assert source_of(hass).histories == {str(HOUSE): "Rooftop", str(CARPORT): "Carport"}
    history = await remembered(hass)
    assert history.source == str(HOUSE)
    assert str(history.zone) == "Europe/Brussels"
    assert_true(site, history)
    assert history.samples[FIRST][-1].at == LAST[kind]
    assert history.flags.offline is False
    # The inverters say what they gave since midnight: the plant's own word is not needed.
    assert not history.today_wh
    day = [one for one in history.readings if one.at > MIDNIGHT]
    ports = sum(
        port.energy_wh or 0
        for one in (FIRST, SECOND)
        for port in history.samples[one][-1].ports.values()
    )
    assert (day[-1].to_house_kwh or 0) - number(hass, f"{HOUSE}_energy_total") == pytest.approx(
        0, abs=0.002
    )
    assert number(hass, f"{HOUSE}_energy_today") == pytest.approx(ports / 1000)


async def test_yesterday_leads_to_today(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry()
    history = await remembered(hass)
    assert history.readings[0].at < MIDNIGHT < history.readings[-1].at
    for one in history.readings:
        array = site.house.truth(one.at).arrays["hoymiles"]
        assert one.to_house_kwh == pytest.approx(array.energy_kwh, abs=0.01)


async def test_a_plant_without_inverters_and_one_that_is_silent(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await site.cloud.faults.set(HoymilesFault.EMPTY_DAY, True)
    await add_entry()
    history = await remembered(hass)
    assert {serial: len(one) for serial, one in history.samples.items()} == {FIRST: 0, SECOND: 0}
    assert not history.readings
    assert not (await remembered(hass, CARPORT)).samples
    assert await source_of(hass).async_history("4711") is None
    assert await source_of(hass).async_past("4711", MIDNIGHT, NOON) is None


class TestHome:
    """An account of the home app has no energies of ports."""

    @pytest.fixture
    def config(self) -> CloudConfig:
        return cloud_config(plants=(HOUSE_PLANT,), surface=Surface.HOME)

    async def test_the_plant_has_a_word_of_its_own(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry
    ) -> None:
        await add_entry()
        await site.minutes(12, step_s=60)
        history = await remembered(hass)
        assert history.samples[FIRST][-1].ports[1].energy_wh is None
        assert [at.minute for at, _ in history.today_wh] == [5, 10, 15]
        for at, wh in history.today_wh:
            energies = [
                site.house.truth(one).arrays["hoymiles"].energy_kwh for one in (MIDNIGHT, at)
            ]
            assert wh / 1000 == pytest.approx(energies[1] - energies[0], abs=0.007)


@pytest.mark.parametrize("kind", LAST)
class TestLongDay:
    """On the day on which the clock goes back, midnight was an hour longer ago."""

    @pytest.fixture
    def start(self) -> datetime:
        return datetime(2026, 10, 25, 12, 7, tzinfo=UTC)

    @pytest.fixture
    def begin(self) -> datetime:
        return datetime(2026, 10, 24, 22, 0, tzinfo=UTC)

    async def test_samples_and_energies_are_those_of_the_world(
        self, hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str, begin: datetime
    ) -> None:
        await add_entry(kind)
        await site.minutes(3, step_s=60)
        history = await remembered(hass)
        assert_true(site, history)
        last = history.readings[-1].at
        assert last == datetime(2026, 10, 25, 12, LAST[kind].minute, tzinfo=UTC)
        energies = [site.house.truth(one).arrays["hoymiles"].energy_kwh for one in (begin, last)]
        today = number(hass, f"{HOUSE}_energy_today")
        assert today == pytest.approx(energies[1] - energies[0], abs=0.007)


async def past(site: Site, start: datetime, end: datetime) -> History | None:
    """Ask for days that have passed, and let time pass until they are there."""
    task = asyncio.create_task(source_of(site.hass).async_past(str(HOUSE), start, end))
    for _ in range(200):
        if task.done():
            break
        await site.minutes(1 / 12, step_s=5)
        await turns(50)
    return task.result()


@pytest.mark.parametrize(("kind", "calls"), [("account", 2), ("key", 4)])
async def test_days_that_have_passed(
    hass: HomeAssistant, site: Site, add_entry: AddEntry, kind: str, calls: int
) -> None:
    await add_entry(kind)
    await site.minutes(3)
    site.cloud.calls.clear()
    start = MIDNIGHT - timedelta(days=4)
    history = await past(site, start, start + timedelta(days=2))
    assert history is not None
    assert_true(site, history)
    for serial in (FIRST, SECOND):
        times = [one.at for one in history.samples[serial]]
        assert (
            start < times[0] < start + timedelta(hours=12) < times[-1] < start + timedelta(days=2)
        )
    asked = [one.time for one in site.calls("_day")]
    assert len(asked) == calls
    assert all(later - one >= timedelta(seconds=5) for one, later in pairwise(asked))


async def test_the_past_up_to_now_has_counters(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry()
    history = await past(site, MIDNIGHT - timedelta(days=3), NOON + timedelta(days=9))
    assert history is not None
    assert history.readings[0].at < MIDNIGHT - timedelta(days=2)
    assert history.readings[-1].at == LAST["account"]
    for one in history.readings:
        array = site.house.truth(one.at).arrays["hoymiles"]
        assert one.to_house_kwh == pytest.approx(array.energy_kwh, abs=0.03)


async def test_the_present_comes_before_the_past(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    entry = await add_entry("key")
    await site.minutes(3)
    budget = entry.runtime_data._cloud.budget
    budget.restore({"month": "2026-06", "spent": 8_000})
    with pytest.raises(NoCallsLeftError):
        await past(site, MIDNIGHT - timedelta(days=4), MIDNIGHT)
    site.cloud.calls.clear()
    await site.minutes(30, step_s=300)
    assert site.calls("station_today_production")


async def test_the_past_never_takes_a_whole_minute(
    hass: HomeAssistant, site: Site, add_entry: AddEntry
) -> None:
    await add_entry("key")
    await site.minutes(3)
    site.cloud.calls.clear()
    assert await past(site, MIDNIGHT - timedelta(days=5), MIDNIGHT) is not None
    times = [one.time for one in site.cloud.calls]
    for one, later in zip(times, times[6:], strict=False):
        assert later - one > timedelta(seconds=59)
