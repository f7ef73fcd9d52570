"""Devices and their house on the wire, delivered to the platform: what it has is what happened."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.export.kinds import DeviceKind
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.enrg import EnrgService
from simulator.world import BatteryTruth, Truth
from tests.house.whole import ECU, INVERTER, METER, Whole, whole

__all__ = ["whole"]

# The sun is low, and the batteries begin to give.
EVENING = datetime(2026, 6, 17, 19, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
PLANT = 4_711
# Both devices show hundredths of a kWh.
DOUBT_WH = 10.0
DOUBT_W = 3.0
LEAD = timedelta(seconds=30)
# A Homevolt says what was.
WINDOW_S = 120


@pytest.fixture
def begin() -> datetime:
    """Return when the world begins."""
    return EVENING - timedelta(minutes=12)


async def add_enrg(hass: HomeAssistant, url: str, credential: str, house: str) -> MockConfigEntry:
    """Deliver all kinds of devices of a home that has no micro-inverters."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        data={"type": "enrg", "device_id": "enrg", "url": url, "credential": credential},
        options={
            "interval": "15",
            "kinds": [*DeviceKind],
            "kinds_plant": PLANT,
            "kinds_since": EVENING.isoformat(),
            "kinds_house": house,
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


def rows(service: EnrgService, date: str) -> dict[str, dict[str, Any]]:
    """Return what the platform has of a time, by device."""
    return {row.id: dict(row.content) for row in service.archive.at(date) if row.kind == "device"}


def assert_devices(found: dict[str, dict[str, Any]], truths: list[Truth]) -> None:
    """Check that devices were sent as the world was at one of the last moments of a slot."""

    def near(shown: float, true: Callable[[Truth], float], doubt: float) -> bool:
        return any(abs(shown - true(one)) <= doubt for one in truths)

    def watts(device: str, true: Callable[[Truth], float]) -> bool:
        return near(found[device]["POWER_SNAPSHOT"], true, DOUBT_W)

    def wh(device: str, key: str, true: Callable[[Truth], float]) -> bool:
        return near(found[device][key], lambda truth: true(truth) * 1000, DOUBT_WH)

    assert watts(INVERTER, lambda truth: truth.arrays["huawei"].power_w)
    assert wh(INVERTER, "ENERGY_TOTAL", lambda truth: truth.arrays["huawei"].energy_kwh)
    for meter in (METER, f"{INVERTER}_meter"):
        said = found[meter]
        assert watts(meter, lambda truth: truth.grid_w)
        assert said["POWER_IMPORT"] - said["POWER_EXPORT"] == said["POWER_SNAPSHOT"]
        assert wh(meter, "ENERGY_IMPORT", lambda truth: truth.import_kwh)
        assert wh(meter, "ENERGY_EXPORT", lambda truth: truth.export_kwh)
    for device in (INVERTER, METER, ECU):
        for place in range(3):
            volts = found[device][f"VOLTAGE_{place + 1}_AC"]
            assert near(volts, lambda truth, place=place: truth.phases[place].voltage_v, 0.1)
    for device in (INVERTER, ECU):
        assert near(found[device]["GRID_FREQUENCY"], lambda truth: truth.frequency_hz, 0.01)
    strings = [
        found[INVERTER][f"VOLTAGE_{n}_DC"] * found[INVERTER][f"CURRENT_{n}_DC"] for n in (1, 2)
    ]
    assert sum(strings) == pytest.approx(found[INVERTER]["POWER_DC"], abs=5)
    assert wh(METER, "ENERGY_IMPORT_T1", lambda truth: truth.import_day_kwh)
    assert wh(METER, "ENERGY_EXPORT_T2", lambda truth: truth.export_night_kwh)
    assert near(found[METER]["TARIFF"], lambda truth: truth.tariff, 0)
    assert (found[f"{INVERTER}_battery"]["CAPACITY"], found[ECU]["CAPACITY"]) == (5000, 13304)
    assert near(found[METER]["PEAK_MONTH"], lambda truth: truth.month_peak.power_w, DOUBT_W)
    for battery, name in ((f"{INVERTER}_battery", "luna"), (ECU, "homevolt")):

        def real(truth: Truth, name: str = name) -> BatteryTruth:
            return truth.batteries[name]

        assert watts(battery, lambda truth: -real(truth).power_w)
        assert near(found[battery]["SOC"], lambda truth: real(truth).soc_percent, 0.6)
        assert wh(battery, "ENERGY_CHARGED", lambda truth: real(truth).charged_kwh)
        assert wh(battery, "ENERGY_DISCHARGED", lambda truth: real(truth).discharged_kwh)


def assert_house(found: dict[str, Any], before: Truth, after: Truth) -> None:
    """Check that the house was sent with what flowed in the slot."""

    def wh(kwh: float) -> Any:
        return pytest.approx(kwh * 1000, abs=3 * DOUBT_WH)

    assert found["PV"] == wh(after.solar_kwh - before.solar_kwh)
    assert found["IMPORT"] == wh(after.import_kwh - before.import_kwh)
    assert found["EXPORT"] == wh(after.export_kwh - before.export_kwh)
    assert found["CONSUMPTION"] == wh(after.load_kwh - before.load_kwh)
    discharged = (one.discharged_kwh for one in after.batteries.values())
    known = (one.discharged_kwh for one in before.batteries.values())
    assert found["DISCHARGE"] == wh(sum(discharged) - sum(known))


async def test_what_the_platform_has_is_what_happened(hass: HomeAssistant, whole: Whole) -> None:
    service = EnrgService(dt_util.utcnow)
    url = await service.start()
    for kind in whole.given:
        await whole.add(kind)
    house = await whole.add_house()
    await add_enrg(hass, url, service.config.credential, house.entry_id)
    slots = [EVENING + number * QUARTER for number in range(3)]
    for end in slots:
        # Who is polled is asked a moment before the slot ends, and soon after it.
        await whole.leap((end - LEAD - dt_util.utcnow()).total_seconds())
        for moment in (end - timedelta(seconds=3), end):
            await whole.tick((moment - dt_util.utcnow()).total_seconds())
        await whole.leap(300)
    await whole.at_next(timedelta(minutes=5))
    await whole.until(lambda: len(service.calls_of("house")) == 2)
    for begin, end in pairwise(slots):
        found = rows(service, dt_util.as_local(begin).strftime("%Y-%m-%d %H:%M:%S"))
        moments = (end - timedelta(seconds=number) for number in range(WINDOW_S))
        assert_devices(found, [whole.world.truth(one) for one in moments])
        assert_house(found[f"HOUSE_{PLANT}"], *map(whole.world.truth, (begin, end)))
    assert any(one.battery_w > 0 for one in map(whole.world.truth, slots))
    await service.stop()
