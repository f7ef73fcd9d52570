"""What the gateway says is what happened in the house."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from simulator.envoy import profiles
from simulator.world import House

from .tools import NOON, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

BRUSSELS = ZoneInfo("Europe/Brussels")
BEGIN = datetime(2026, 3, 28, 12, tzinfo=UTC)
"""Summer time begins in the night that follows."""
SPAN_S = 30 * 3600
HOUSES = {
    name: House(getattr(profiles, name)().house, BEGIN, fine_from=BEGIN + timedelta(days=9))
    for name in ("single_phase", "three_phase", "battery", "total", "mixed")
}
WRAP_WH = 2**32 / 3600

instants = st.integers(0, SPAN_S).map(lambda seconds: BEGIN + timedelta(seconds=seconds))


def midnight(at: datetime) -> datetime:
    """Return the local midnight before, or when the house began."""
    local = at.astimezone(BRUSSELS).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(BEGIN, local.astimezone(UTC))


@pytest.mark.parametrize("name", HOUSES)
@settings(max_examples=8)
@given(at=instants)
async def test_transformers(name: str, at: datetime) -> None:
    house = HOUSES[name]
    async with rig(getattr(profiles, name)(), at, house) as one:
        await one.join()
        data = await one.update()
    truth, start = house.truth(at), house.truth(midnight(at))
    made, began = truth.arrays["enphase"], start.arrays["enphase"]
    production = data.ctmeters["production"]
    assert production is not None
    assert production.active_power == made.power_w
    assert production.energy_delivered == pytest.approx(1000 * made.energy_kwh, abs=1)
    report = data.system_production
    assert report is not None
    assert report.watts_now == made.power_w
    assert report.watt_hours_lifetime == pytest.approx(1000 * made.energy_kwh, abs=1)
    today_wh = 1000 * (made.energy_kwh - began.energy_kwh)
    assert report.watt_hours_today == pytest.approx(today_wh, abs=4)
    assert data.system_net_consumption is not None
    assert data.system_net_consumption.watts_now == truth.grid_w
    if name == "total":
        load = data.ctmeters["total-consumption"]
        assert load is not None
        assert load.active_power == truth.load_w
        return
    net = data.ctmeters["net-consumption"]
    assert net is not None
    assert net.active_power == truth.grid_w
    assert net.energy_delivered == pytest.approx(1000 * truth.import_kwh, abs=1)
    assert net.energy_received == pytest.approx(1000 * truth.export_kwh, abs=1)
    assert net.timestamp == int(at.timestamp())


@settings(max_examples=8)
@given(at=instants)
async def test_batteries(at: datetime) -> None:
    house = HOUSES["battery"]
    async with rig(profiles.battery(), at, house) as one:
        await one.join()
        data = await one.update()
    truth = house.truth(at)
    storage, units = data.ctmeters["storage"], list(truth.batteries.values())
    assert storage is not None
    assert storage.active_power == truth.battery_w
    discharged = sum(unit.discharged_kwh for unit in units)
    charged = sum(unit.charged_kwh for unit in units)
    assert storage.energy_delivered == pytest.approx(1000 * discharged, abs=1)
    assert storage.energy_received == pytest.approx(1000 * charged, abs=1)
    assert data.encharge_power is not None
    powers = [power.real_power_mw / 1000 for power in data.encharge_power.values()]
    assert powers == [unit.power_w for unit in units]
    assert data.encharge_aggregate is not None
    assert data.encharge_aggregate.max_available_capacity == 7000
    assert data.encharge_aggregate.state_of_charge == int(
        100 * sum(unit.stored_kwh for unit in units) / 7
    )
    # With a battery "consumption" is not what the house draws, as on real gateways.
    assert data.system_consumption is not None
    assert data.system_consumption.watts_now == truth.load_w - truth.battery_w


async def test_three_phases_add_up() -> None:
    async with rig(profiles.battery()) as one:
        await one.join()
        data = await one.update()
    assert one.library.phase_count == one.library.active_phase_count == 3
    for kind, phases in data.ctmeters_phases.items():
        whole = data.ctmeters[kind]
        assert whole is not None
        parts = [part for part in phases.values() if part is not None]
        assert len(parts) == 3
        assert sum(part.active_power for part in parts) == pytest.approx(whole.active_power, abs=2)
        assert sum(part.energy_delivered for part in parts) == pytest.approx(
            whole.energy_delivered, abs=3
        )


async def test_inverters_report_now_and_then() -> None:
    async with rig(profiles.three_phase()) as one:
        await one.join()
        first = (await one.update()).inverters
        one.pass_time(seconds=40)
        again = (await one.update()).inverters
        one.pass_time(minutes=15)
        later = (await one.update()).inverters
    ages = [NOON.timestamp() - inverter.last_report_date for inverter in first.values()]
    assert len(first) == 12
    assert all(0 <= age < 900 for age in ages)
    assert len(set(ages)) == 12
    assert sum(again[serial] != first[serial] for serial in first) <= 2
    assert all(later[serial] != first[serial] for serial in first)
    made_w = sum(inverter.last_report_watts for inverter in first.values())
    assert made_w == pytest.approx(one.house.truth(NOON).solar_w, rel=0.1)


async def test_inverters_keep_their_last_report_of_the_evening() -> None:
    night = datetime(2026, 6, 21, 23, 30, tzinfo=UTC)
    async with rig(profiles.standard(), night) as one:
        await one.join()
        before = (await one.update()).inverters
        one.pass_time(hours=1)
        assert (await one.update()).inverters == before
    assert all(inverter.last_report_watts < 30 for inverter in before.values())


async def test_a_gateway_without_transformers_knows_what_was_reported() -> None:
    async with rig(profiles.standard()) as one:
        await one.join()
        data = await one.update()
    truth, start = one.house.truth(NOON), one.house.truth(midnight(NOON))
    made = data.system_production
    assert made is not None
    assert made.watts_now == sum(one.last_report_watts for one in data.inverters.values())
    assert made.watt_hours_lifetime == pytest.approx(1000 * truth.solar_kwh, abs=400)
    today_wh = 1000 * (truth.solar_kwh - start.solar_kwh)
    assert made.watt_hours_today == pytest.approx(today_wh, abs=400)


async def test_the_sum_of_inverters_counts_in_32_bits() -> None:
    async with rig(profiles.standard()) as old, rig(profiles.broken_standard()) as new:
        for one in (old, new):
            await one.join()
        whole_wh = (await old.json("/api/v1/production"))["wattHoursLifetime"]
        wrapped_wh = (await old.json("/production"))["production"][0]["whLifetime"]
        assert (whole_wh - wrapped_wh) / WRAP_WH == pytest.approx(whole_wh // WRAP_WH, abs=1e-5)
        assert whole_wh > WRAP_WH > wrapped_wh
        assert set((await new.json("/api/v1/production")).values()) == {0}
        data = await new.update()
    lifetimes = [inverter.lifetime_energy or 0 for inverter in data.inverters.values()]
    assert max(lifetimes) <= WRAP_WH
    assert data.system_production is not None
    assert data.system_production.watt_hours_lifetime == pytest.approx(sum(lifetimes), abs=10)


async def test_the_day_begins_at_local_midnight() -> None:
    before = datetime(2026, 6, 21, 21, 59, 59, tzinfo=UTC)
    async with rig(profiles.three_phase(), before) as one:
        await one.join()
        data = await one.update()
        assert data.system_production is not None
        assert data.system_production.watt_hours_today > 10_000
        one.pass_time(seconds=1)
        data = await one.update()
        assert data.system_production is not None
        assert data.system_production.watt_hours_today <= 3


@pytest.mark.parametrize("wrong", [{"array": "none"}, {"batteries": ("none",)}])
async def test_a_gateway_needs_its_parts_in_the_house(wrong: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        async with rig(**wrong):
            raise AssertionError("it listens")
