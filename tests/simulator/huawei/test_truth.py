"""Registers tell the truth of the world, within their resolution, at any instant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from simulator.huawei import HuaweiConfig, InverterConfig, Sun2000, profiles
from simulator.world import House, HouseConfig, Truth

from .tools import NOON, Rig, decode, rig, string

pytestmark = pytest.mark.usefixtures("socket_enabled")

BEGIN = datetime(2026, 3, 28, 12, tzinfo=UTC)
"""Summer time begins in the night that follows."""
SPAN_S = 30 * 3600
BRUSSELS = ZoneInfo("Europe/Brussels")
HYBRID = House(profiles.hybrid().house, BEGIN)
TWIN = House(profiles.twin().house, BEGIN, fine_from=BEGIN + timedelta(days=2))
SMALL = House(profiles.single_phase().house, BEGIN, fine_from=BEGIN + timedelta(days=2))

instants = st.integers(0, SPAN_S * 1000).map(lambda ms: BEGIN + timedelta(milliseconds=ms))


class Seen(dict[int, int]):
    """Words by their address, decoded on demand."""

    def value(self, address: int, form: str, gain: int = 1) -> float:
        """Return a physical value."""
        size = 2 if form in "Ii" else 1
        return decode([self[address + one] for one in range(size)], form) / gain


async def _seen(rig_: Rig, *spans: tuple[int, int]) -> Seen:
    found = Seen()
    for first, count in spans:
        found |= dict(enumerate(await rig_.client.read(first, count), first))
    return found


def _midnight(at: datetime) -> datetime:
    local = at.astimezone(BRUSSELS).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(BEGIN, local.astimezone(UTC))


def near(value: float, gain: int = 1) -> object:
    """Return what a register of this gain may show for a value: half a digit off."""
    return pytest.approx(value, abs=0.5001 / gain)


@settings(max_examples=25)
@given(at=instants)
async def test_the_inverter(at: datetime) -> None:
    async with rig(profiles.hybrid(), at, HYBRID) as one:
        seen = await _seen(one, (32000, 20), (32064, 56))
    truth, day = HYBRID.truth(at), HYBRID.truth(_midnight(at))
    array, inverter = truth.arrays["huawei"], truth.inverters["huawei"]
    assert seen.value(32064, "i") == array.power_w
    assert seen.value(32080, "i") == array.power_w + truth.batteries["luna"].power_w
    assert seen.value(32095, "i") == inverter.power_w
    assert seen.value(32078, "i") == inverter.peak_w
    assert seen.value(32085, "H", 100) == near(truth.frequency_hz, 100)
    for index, phase in enumerate(truth.phases):
        assert seen.value(32069 + index, "H", 10) == near(phase.voltage_v, 10)
        amps = abs(inverter.power_w) / 3 / phase.voltage_v
        assert seen.value(32072 + 2 * index, "i", 1000) == near(amps, 1000)
    assert seen.value(32106, "I", 100) == near(inverter.energy_kwh, 100)
    assert seen.value(32108, "I", 100) == near(array.energy_kwh, 100)
    today = inverter.energy_kwh - day.inverters["huawei"].energy_kwh
    assert seen.value(32114, "I", 100) == near(today, 100)
    strings = [
        seen.value(32016 + 2 * n, "h", 10) * seen.value(32017 + 2 * n, "h", 100) for n in range(2)
    ]
    assert sum(strings) == pytest.approx(array.power_w, abs=4)
    assert seen.value(32110, "I") == _local_epoch(at)


def _local_epoch(at: datetime) -> int:
    return int(at.astimezone(BRUSSELS).replace(tzinfo=UTC).timestamp())


@settings(max_examples=25)
@given(at=instants)
async def test_the_meter_counts_export_as_positive(at: datetime) -> None:
    async with rig(profiles.hybrid(), at, HYBRID) as one:
        seen = await _seen(one, (37100, 39))
    truth = HYBRID.truth(at)
    assert seen.value(37100, "H") == 1
    assert seen.value(37113, "i") == -truth.grid_w
    assert seen.value(37118, "h", 100) == near(truth.frequency_hz, 100)
    assert seen.value(37119, "i", 100) == near(truth.export_kwh, 100)
    assert seen.value(37121, "i", 100) == near(truth.import_kwh, 100)
    assert seen.value(37125, "H") == 1
    for index, phase in enumerate(truth.phases):
        assert seen.value(37101 + 2 * index, "i", 10) == near(phase.voltage_v, 10)
        current = seen.value(37107 + 2 * index, "i", 100)
        assert abs(current) == near(phase.current_a, 100)
        assert current * phase.power_w <= 0
        assert seen.value(37132 + 2 * index, "i") == -phase.power_w


@settings(max_examples=25)
@given(at=instants)
async def test_the_battery_counts_charging_as_positive(at: datetime) -> None:
    async with rig(profiles.hybrid(), at, HYBRID) as one:
        seen = await _seen(one, (37000, 70), (37758, 30))
    luna = HYBRID.truth(at).batteries["luna"]
    start = HYBRID.truth(_midnight(at)).batteries["luna"]
    charged, discharged = luna.charged_kwh, luna.discharged_kwh
    for power, soc in ((37001, 37004), (37765, 37760)):
        assert seen.value(power, "i") == -luna.power_w
        assert seen.value(soc, "H", 10) == near(luna.soc_percent, 10)
    for total in (37066, 37780):
        assert seen.value(total, "I", 100) == near(charged, 100)
        assert seen.value(total + 2, "I", 100) == near(discharged, 100)
    for day in (37015, 37784):
        assert seen.value(day, "I", 100) == near(charged - start.charged_kwh, 100)
        assert seen.value(day + 2, "I", 100) == near(discharged - start.discharged_kwh, 100)
    assert seen.value(37000, "H") == seen.value(37762, "H") == (2 if luna.power_w else 1)
    assert seen.value(37758, "I") == 5000


@settings(max_examples=15)
@given(at=instants)
async def test_two_units_and_their_sum(at: datetime) -> None:
    async with rig(profiles.twin(), at, TWIN) as one:
        seen = await _seen(one, (37000, 70), (37738, 50), (38200, 84), (38284, 84), (38368, 96))
    units = [TWIN.truth(at).batteries[name] for name in ("luna", "luna2")]
    assert [seen.value(one, "i") for one in (37001, 37743)] == [-one.power_w for one in units]
    assert seen.value(37765, "i") == -sum(one.power_w for one in units)
    assert seen.value(37758, "I") == 15_000
    whole = 100 * sum(one.stored_kwh for one in units) / 15
    assert seen.value(37760, "H", 10) == near(whole, 10)
    for address, unit in zip((37004, 37738), units, strict=True):
        assert seen.value(address, "H", 10) == near(unit.soc_percent, 10)
    assert seen.value(37753, "I", 100) == near(units[1].charged_kwh, 100)
    assert seen.value(37755, "I", 100) == near(units[1].discharged_kwh, 100)
    assert seen.value(38200 + 33, "i") == -units[0].power_w
    assert seen.value(38326 + 33, "i") == -units[1].power_w
    assert seen.value(38242 + 33, "i") == 0x7FFF_FFFF


@settings(max_examples=10)
@given(at=instants)
async def test_a_small_inverter_has_one_phase(at: datetime) -> None:
    async with rig(profiles.single_phase(), at, SMALL) as one:
        if SMALL.truth(at).irradiance_w_m2 == 0:
            return
        seen = await _seen(one, (32064, 56), (37100, 39))
    truth = SMALL.truth(at)
    assert seen.value(32066, "H", 10) == near(truth.phases[0].voltage_v, 10)
    amps = truth.arrays["huawei"].power_w / truth.phases[0].voltage_v
    assert seen.value(32072, "i", 1000) == near(amps, 1000)
    assert [seen[address] for address in (32067, 32068, 32070, 32071, 32074, 32076)] == [0] * 6
    assert seen.value(37100, "H") == 0
    assert seen.value(37113, "i") == 0x7FFF_FFFF
    assert seen.value(37118, "h") == 0x7FFF


async def test_energy_that_leaves_at_night_is_yield_too() -> None:
    evening = NOON.replace(month=1, hour=18)
    async with rig(profiles.hybrid(), evening) as one:
        before = await _seen(one, (32064, 56))
        one.clock.pass_s(3600)
        after = await _seen(one, (32064, 56))
    luna = [one.house.truth(at).batteries["luna"] for at in (evening, one.clock())]
    given_kwh = luna[1].discharged_kwh - luna[0].discharged_kwh
    assert given_kwh > 0.1
    assert after.value(32106, "I", 100) - before.value(32106, "I", 100) == pytest.approx(
        given_kwh, abs=0.011
    )
    assert after.value(32108, "I") == before.value(32108, "I")


async def test_the_day_begins_at_local_midnight() -> None:
    midnight = datetime(2026, 6, 20, 22, tzinfo=UTC)
    house = House(profiles.hybrid().house, midnight - timedelta(hours=12))
    async with rig(profiles.hybrid(), midnight - timedelta(seconds=1), house) as one:
        assert await one.client.number(32114, "I") > 500
        assert await one.client.number(37784, "I") > 100
        one.clock.pass_s(1)
        assert await one.client.number(32114, "I") == 0
        assert await one.client.number(37784, "I") == 0
        assert await one.client.number(32118, "I") > 500


async def test_times_are_local() -> None:
    async with rig(profiles.hybrid(), NOON) as one:
        seen = await _seen(one, (32064, 56), (40000, 2), (42900, 1), (43006, 1))
    assert seen[42900] == 1
    assert seen.value(43006, "h") == 60
    offset = seen.value(43006, "h") * 60 + 3600
    assert seen.value(40000, "I") - offset == NOON.timestamp()
    woke, rested = (
        datetime.fromtimestamp(seen.value(address, "I") - offset, UTC) for address in (32091, 32093)
    )
    # Brussels, midsummer: 05:30 and 22:00 local.
    assert abs(woke - NOON.replace(hour=3, minute=31)) < timedelta(minutes=12)
    assert abs(rested - NOON.replace(day=20, hour=20)) < timedelta(minutes=12)


async def test_what_it_is() -> None:
    async with rig(profiles.hybrid(), NOON) as one:
        words = await one.client.read(30000, 83)
        assert await one.client.text(37052, 10) == "BT9905000001"
        assert await one.client.read(47000) == [2]
    assert string(words[:15]) == "SUN2000-8KTL-M1"
    assert string(words[15:25]) == "HV9900000001"
    assert words[71:73] == [2, 2]
    assert decode(words[73:75], "I") == 8000
    assert decode(words[75:77], "I") == 8800


async def test_conversion_costs_when_wanted() -> None:
    config = HuaweiConfig((InverterConfig(efficiency=0.97),))
    async with rig(profiles.Profile(profiles.hybrid().house, config), NOON) as one:
        seen = await _seen(one, (32064, 56))
    truth = one.house.truth(NOON)
    assert seen.value(32064, "i") == near(truth.arrays["huawei"].power_w / 0.97)
    assert seen.value(32080, "i") == truth.inverters["huawei"].power_w
    assert seen.value(32108, "I", 100) == near(truth.arrays["huawei"].energy_kwh / 0.97, 100)
    assert seen.value(32086, "H", 100) == 97


async def test_two_inverters_show_their_own() -> None:
    async with rig(profiles.pair(), NOON) as one:
        found = [decode(await one.client.read(32080, 2, unit), "i") for unit in (1, 2)]
        serials = [string(await one.client.read(30015, 10, unit)) for unit in (1, 2)]
    truth: Truth = one.house.truth(NOON)
    assert found == [truth.inverters[name].power_w for name in ("huawei", "huawei2")]
    assert serials == ["HV9900000001", "HV9900000002"]


def test_a_device_needs_its_inverter_in_the_house() -> None:
    house = House(HouseConfig(), NOON)
    with pytest.raises(KeyError):
        Sun2000(house, lambda: NOON)
