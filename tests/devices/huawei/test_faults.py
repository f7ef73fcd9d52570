"""What a disturbed link or inverter does to the entities: as little as possible."""

import logging

import pytest

from custom_components.energy_hub.const import LOGGER
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.huawei import HuaweiFault
from simulator.huawei.profiles import Profile, hybrid, metered, single_phase
from tests.helpers import number, state

from .conftest import AddEntry, Plant

COUNTERS = (
    "energy_total",
    "meter_import_total",
    "meter_export_total",
    "battery_charged_total",
    "battery_discharged_total",
)
POWERS = ("ac_power", "pv_power", "meter_power", "battery_power", "battery_soc")
# While these are on, nothing can be asked.
CUTTING = (HuaweiFault.REFUSE, HuaweiFault.UNIT_SILENT, HuaweiFault.SLOT_STOLEN)
# While these are on, something still comes, or what comes cannot be believed.
DISTURBING = (
    HuaweiFault.REPLY_LOST,
    HuaweiFault.RESET_MID_REPLY,
    HuaweiFault.BUSY,
    HuaweiFault.ACKNOWLEDGE,
    HuaweiFault.DEVICE_FAILURE,
    HuaweiFault.OLD_FIRMWARE,
    HuaweiFault.ILLEGAL_INV,
    HuaweiFault.ILLEGAL_MTR,
    HuaweiFault.ILLEGAL_BAT,
    HuaweiFault.ILLEGAL_STR,
    HuaweiFault.ALL_ONES,
    HuaweiFault.SENTINELS,
    HuaweiFault.UNKNOWN_ENUM,
    HuaweiFault.COUNTER_RESET,
    HuaweiFault.COUNTER_ZERO,
    HuaweiFault.COUNTER_JUMP,
    HuaweiFault.METER_OFFLINE,
    HuaweiFault.MORNING,
)


def _shown(hass: HomeAssistant, plant: Plant, keys: tuple[str, ...]) -> list[float | None]:
    texts = [state(hass, f"{plant.serial}_{key}").state for key in keys]
    return [None if t in {STATE_UNAVAILABLE, STATE_UNKNOWN} else float(t) for t in texts]


def _assert_true(hass: HomeAssistant, plant: Plant, before: list[float | None]) -> None:
    """No counter falls or jumps, no power is impossible; unknown is no lie."""
    for old, new in zip(before, _shown(hass, plant, COUNTERS), strict=True):
        assert new is None or old is None or old <= new <= old + 1
    for value in _shown(hass, plant, POWERS):
        assert value is None or abs(value) < 20_000


@pytest.mark.parametrize("fault", DISTURBING)
async def test_a_disturbance_tells_no_lies_and_leaves_no_trace(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    fault: HuaweiFault,
    caplog: pytest.LogCaptureFixture,
    expected_complaints: list[str],
) -> None:
    await add_entry()
    await plant.seconds(15)
    before = _shown(hass, plant, COUNTERS)
    assert None not in before
    await plant.device.faults.set(fault, True)
    for _ in range(8):
        await plant.seconds(10)
        _assert_true(hass, plant, before)
    await plant.device.faults.set(fault, False)
    await plant.seconds(75)
    assert None not in _shown(hass, plant, COUNTERS)
    assert None not in _shown(hass, plant, POWERS)
    _assert_true(hass, plant, before)
    errors = [
        record
        for record in caplog.get_records("call")
        if record.name == LOGGER.name and record.levelno >= logging.WARNING
    ]
    assert len(errors) <= 1
    expected_complaints += [record.getMessage() for record in errors]


@pytest.mark.parametrize("fault", CUTTING)
async def test_an_outage_is_logged_once_and_ends_by_itself(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    fault: HuaweiFault,
    expected_complaints: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_complaints.append("Inverter data")
    await add_entry()
    await plant.device.faults.set(fault, True)
    await plant.seconds(90)
    assert state(hass, f"{plant.serial}_ac_power").state == STATE_UNAVAILABLE
    await plant.seconds(60)
    await plant.device.faults.set(fault, False)
    await plant.seconds(30)
    assert state(hass, f"{plant.serial}_ac_power").state != STATE_UNAVAILABLE
    errors = [
        record
        for record in caplog.get_records("call")
        if record.name == LOGGER.name and record.levelno >= logging.WARNING
    ]
    assert len(errors) == 1


@pytest.mark.parametrize(
    ("fault", "lost", "kept"),
    [
        (HuaweiFault.ILLEGAL_MTR, "meter_power", "battery_soc"),
        (HuaweiFault.ILLEGAL_BAT, "battery_soc", "meter_power"),
        (HuaweiFault.METER_OFFLINE, "meter_power", "battery_soc"),
    ],
)
async def test_a_block_that_fails_costs_its_own_entities_only(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    fault: HuaweiFault,
    lost: str,
    kept: str,
) -> None:
    await add_entry()
    await plant.seconds(15)
    await plant.device.faults.set(fault, True)
    await plant.seconds(45)
    assert state(hass, f"{plant.serial}_{lost}").state == STATE_UNAVAILABLE
    for key in (kept, "ac_power"):
        assert state(hass, f"{plant.serial}_{key}").state not in {STATE_UNAVAILABLE, STATE_UNKNOWN}
    before = state(hass, f"{plant.serial}_ac_power").last_reported
    await plant.seconds(20)
    assert state(hass, f"{plant.serial}_ac_power").last_reported >= before
    await plant.device.faults.set(fault, False)
    await plant.seconds(20)
    assert state(hass, f"{plant.serial}_{lost}").state != STATE_UNAVAILABLE


async def test_an_unknown_status_is_unknown(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    await plant.device.faults.set(HuaweiFault.UNKNOWN_ENUM, True)
    await plant.seconds(25)
    assert state(hass, f"{plant.serial}_status").state == STATE_UNKNOWN
    assert number(hass, f"{plant.serial}_ac_power") > 0
    blocks = entry.runtime_data.diagnostics()["blocks"]
    assert blocks["inverter"]["status"] == 0x1234


async def test_alarms_in_words(hass: HomeAssistant, plant: Plant, add_entry: AddEntry) -> None:
    await add_entry()
    await plant.device.faults.set(HuaweiFault.ALARM, True)
    await plant.seconds(75)
    alarm = state(hass, f"{plant.serial}_alarm")
    assert alarm.state == "a2062"
    assert alarm.attributes["alarms"] == ["a2062", "a2015"]


@pytest.mark.parametrize("profile", [single_phase()])
async def test_a_slow_link_is_asked_less_often(
    hass: HomeAssistant, plant: Plant, add_entry: AddEntry, profile: Profile
) -> None:
    entry = await add_entry()
    await plant.device.faults.set(HuaweiFault.REPLY_LATE, True)
    await plant.seconds(40)
    interval = entry.runtime_data.update_interval
    assert interval is not None
    assert interval.total_seconds() >= 10
    asked = len(plant.device.requests)
    await plant.seconds(60)
    assert len(plant.device.requests) - asked <= 12


class TestNight:
    """An inverter without a battery sleeps in the dark."""

    @pytest.fixture
    def profile(self) -> Profile:
        return metered()

    async def test_it_sleeps_without_power_and_keeps_its_counters(
        self,
        hass: HomeAssistant,
        plant: Plant,
        add_entry: AddEntry,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(
            "custom_components.energy_hub.devices.huawei.coordinator.is_up", lambda _hass: False
        )
        entry = await add_entry()
        await plant.seconds(15)
        total = number(hass, f"{plant.serial}_energy_total")
        await plant.device.faults.set(HuaweiFault.NIGHT, True)
        await plant.seconds(240)
        assert number(hass, f"{plant.serial}_pv_power") == 0
        assert number(hass, f"{plant.serial}_ac_power") == 0
        assert number(hass, f"{plant.serial}_energy_total") == pytest.approx(total, abs=0.2)
        assert state(hass, f"{plant.serial}_status").state == STATE_UNKNOWN
        assert entry.runtime_data.data.asleep
        await plant.device.faults.set(HuaweiFault.NIGHT, False)
        await plant.seconds(330)
        truth = plant.house.truth(dt_util.utcnow())
        assert not entry.runtime_data.data.asleep
        assert number(hass, f"{plant.serial}_pv_power") == pytest.approx(
            truth.arrays["huawei"].power_w, rel=0.05, abs=50
        )


@pytest.mark.parametrize("profile", [hybrid()])
async def test_with_a_battery_silence_at_night_is_an_outage(
    hass: HomeAssistant,
    plant: Plant,
    add_entry: AddEntry,
    profile: Profile,
    monkeypatch: pytest.MonkeyPatch,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Inverter data")
    monkeypatch.setattr(
        "custom_components.energy_hub.devices.huawei.coordinator.is_up", lambda _hass: False
    )
    await add_entry()
    await plant.device.faults.set(HuaweiFault.UNIT_SILENT, True)
    await plant.seconds(90)
    assert state(hass, f"{plant.serial}_ac_power").state == STATE_UNAVAILABLE
