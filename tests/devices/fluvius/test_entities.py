"""What the entities of a meter show, against what really happened."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.energy_hub.const import DOMAIN
from custom_components.energy_hub.devices.fluvius.metrics import METRICS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.p1 import Edition, MbusKind, P1Config
from tests.helpers import entity_id, number, state

from .conftest import AddEntry, Line

REGISTERS = ("import_day", "import_night", "export_day", "export_night")


async def test_power_is_the_mean_of_its_interval(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry()
    await line.seconds(29)
    now = dt_util.utcnow()
    assert now.second == 30
    mean = line.house.mean(now - timedelta(seconds=10), now).grid_w
    assert number(hass, f"{line.serial}_grid_power") == pytest.approx(mean, abs=0.2)
    imported = number(hass, f"{line.serial}_import_power")
    exported = number(hass, f"{line.serial}_export_power")
    assert imported - exported == pytest.approx(mean, abs=0.2)


async def test_counters_equal_the_truth(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry()
    await line.seconds(49)
    truth = line.house.truth(dt_util.utcnow())
    for name in REGISTERS:
        shown = number(hass, f"{line.serial}_{name}")
        assert shown == pytest.approx(getattr(truth, f"{name}_kwh"), abs=0.001)
    assert number(hass, f"{line.serial}_import_total") == pytest.approx(truth.import_kwh, abs=0.002)
    assert number(hass, f"{line.serial}_export_total") == pytest.approx(truth.export_kwh, abs=0.002)


async def test_first_value_stands_with_the_first_telegram(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry()
    truth = line.house.truth(dt_util.utcnow() - timedelta(seconds=1))
    assert number(hass, f"{line.serial}_grid_power") == pytest.approx(truth.grid_w, abs=0.2)
    assert state(hass, f"{line.serial}_tariff").state == "day"
    assert state(hass, f"{line.serial}_breaker").state == "connected"


async def test_states_wait_for_their_interval(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry({"power_interval": 5, "energy_interval": 60, "electrical_interval": 60})
    await line.seconds(2)
    energy = f"{line.serial}_{'export' if _exports(line) else 'import'}_total"
    before = state(hass, energy).last_changed, state(hass, f"{line.serial}_grid_power")
    await line.seconds(20)
    assert state(hass, energy).last_changed == before[0]
    assert state(hass, f"{line.serial}_grid_power").last_reported > before[1].last_reported
    await line.seconds(40)
    assert state(hass, energy).last_changed > before[0]


def _exports(line: Line) -> bool:
    return line.house.truth(dt_util.utcnow()).grid_w < 0


async def test_the_running_quarter_and_its_projection(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry()
    await line.seconds(9)
    now = dt_util.utcnow()
    truth = line.house.truth(now)
    so_far = number(hass, f"{line.serial}_quarter_power")
    assert state(hass, f"{line.serial}_quarter_power").attributes["unit_of_measurement"] == "kW"
    assert so_far == pytest.approx(truth.quarter_w / 1000, abs=0.001)
    rest = (900 - now.timestamp() % 900) / 900
    projected = so_far + max(truth.grid_w, 0) / 1000 * rest
    assert number(hass, f"{line.serial}_quarter_projection") == pytest.approx(projected, abs=0.002)


async def test_the_months_are_attributes_that_the_recorder_leaves_out(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry()
    peak = state(hass, f"{line.serial}_month_peak")
    truth = line.house.truth(dt_util.utcnow())
    assert float(peak.state) == pytest.approx(truth.month_peak.power_w / 1000, abs=0.001)
    history = peak.attributes["history"]
    assert [month["month"] for month in history] == sorted(month["month"] for month in history)
    assert len(history) == len(truth.month_peaks) == 13
    assert history[-1]["month"] == "2026-05"
    assert history[-1]["peak_kw"] == pytest.approx(truth.month_peaks[-1].power_w / 1000, abs=0.001)
    info = peak.state_info
    assert info is not None
    assert "history" in info["unrecorded_attributes"] or "*" in info["unrecorded_attributes"]


async def test_meters_behind_the_meter_have_their_own_pages(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    truth = line.house.truth(dt_util.utcnow() - timedelta(minutes=2))
    assert number(hass, "7FLO9900000002_gas") == pytest.approx(truth.gas_m3, abs=0.2)
    assert number(hass, "8SAG9900000003_water") == pytest.approx(truth.water_m3, abs=0.2)
    registry = dr.async_get(hass)
    main = registry.async_get_device_by_identifier((DOMAIN, line.serial), entry.entry_id)
    gas = registry.async_get_device_by_identifier((DOMAIN, "7FLO9900000002"), entry.entry_id)
    assert main is not None
    assert gas is not None
    assert gas.via_device_id == main.id
    assert (main.serial_number, main.sw_version) == (line.serial, "50217")


@pytest.mark.usefixtures("everything_enabled")
async def test_values_of_each_phase_are_there_when_wanted(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry()
    phases = line.house.truth(dt_util.utcnow() - timedelta(seconds=1)).phases
    for number_, phase in enumerate(phases, start=1):
        assert number(hass, f"{line.serial}_power_l{number_}") == pytest.approx(
            phase.power_w, abs=1
        )
        assert number(hass, f"{line.serial}_voltage_l{number_}") == pytest.approx(
            phase.voltage_v, abs=0.1
        )
        assert number(hass, f"{line.serial}_current_l{number_}") == pytest.approx(
            phase.current_a, abs=0.01
        )
    assert number(hass, f"{line.serial}_clock_offset") == 0


class TestOldMeter:
    """A meter of edition 1.3: no phase powers and no demand registers."""

    @pytest.fixture
    def p1_config(self) -> P1Config:
        return P1Config(edition=Edition.V1_3, mbus=())

    async def test_it_has_what_it_sends(
        self, hass: HomeAssistant, line: Line, add_entry: AddEntry
    ) -> None:
        await add_entry()
        assert entity_id(hass, f"{line.serial}_power_l1") is None
        assert entity_id(hass, f"{line.serial}_month_peak") is None
        assert entity_id(hass, f"{line.serial}_quarter_power") is None

    async def test_its_quarter_is_counted_from_a_quarters_start(
        self, hass: HomeAssistant, line: Line, add_entry: AddEntry
    ) -> None:
        line.freezer.move_to(datetime(2026, 6, 17, 20, 59, 40, tzinfo=UTC))
        await add_entry()
        await line.seconds(18)
        assert entity_id(hass, f"{line.serial}_quarter_power") is None
        await line.seconds(60)
        truth = line.house.truth(dt_util.utcnow())
        shown = number(hass, f"{line.serial}_quarter_power")
        assert shown == pytest.approx(truth.quarter_w / 1000, abs=0.009)


class TestNewMeter:
    """A meter of edition 2.1: relays, grid type and a connection number."""

    @pytest.fixture
    def p1_config(self) -> P1Config:
        return P1Config(edition=Edition.V2_1, mbus=(MbusKind.HEAT, MbusKind.GAS))

    async def test_relays_do_not_touch_the_breaker(
        self, hass: HomeAssistant, line: Line, add_entry: AddEntry
    ) -> None:
        await add_entry()
        assert state(hass, f"{line.serial}_breaker").state == "connected"
        for relay in range(1, 5):
            assert entity_id(hass, f"{line.serial}_relay_{relay}", "binary_sensor")
        assert entity_id(hass, f"{line.serial}_grid_type")
        assert entity_id(hass, f"{line.serial}_ean")
        assert number(hass, "6KAM9900000004_heat") > 0
        assert number(hass, "7FLO9900000002_gas") > 0


async def test_every_key_of_the_contract_is_there(
    hass: HomeAssistant, line: Line, add_entry: AddEntry
) -> None:
    await add_entry()
    contract = [
        "grid_power",
        "import_power",
        "export_power",
        "import_day",
        "import_night",
        "export_day",
        "export_night",
        "import_total",
        "export_total",
        "tariff",
        "voltage_l1",
        "voltage_l2",
        "voltage_l3",
        "current_l1",
        "current_l2",
        "current_l3",
        "quarter_power",
        "month_peak",
        "month_peak_time",
        "breaker",
        "limiter",
        "fuse",
    ]
    for key in contract:
        assert entity_id(hass, f"{line.serial}_{key}"), key
    assert len({metric.key for metric in METRICS}) == len(METRICS)
