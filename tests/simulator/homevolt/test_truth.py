"""What the documents say is what is true in the world."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from simulator.homevolt import Homevolt, HomevoltFault, profiles
from simulator.world import House, HouseConfig

from .tools import NIGHT, NOON, Rig, rig

pytestmark = pytest.mark.usefixtures("socket_enabled")

BEGIN = NOON - timedelta(hours=2)
instants = st.integers(0, 24 * 3600).map(lambda second: BEGIN + timedelta(seconds=second))


def _sensor(document: dict[str, Any], name: str, number: int = 0) -> dict[str, Any]:
    found = [one for one in document["sensors"] if name in {one.get("function"), one.get("type")}]
    sensor: dict[str, Any] = found[number]
    return sensor


async def _look(one: Rig) -> tuple[dict[str, Any], Any]:
    return await one.get("ems.json"), one.house.truth(one.clock())


@settings(max_examples=15)
@given(at=instants)
async def test_one_ecu(at: Any) -> None:
    async with rig(at=at) as one:
        document, truth = await _look(one)
    (ecu,) = document["ems"]
    battery = truth.batteries["homevolt"]
    assert ecu["ems_data"]["power"] == battery.power_w
    assert ecu["ems_data"]["soc_avg"] == round(100 * battery.soc_percent)
    assert ecu["ems_data"]["frequency"] == round(1000 * truth.frequency_hz)
    assert ecu["ems_aggregate"]["exported_kwh"] == round(battery.charged_kwh, 2)
    assert ecu["ems_aggregate"]["imported_kwh"] == round(battery.discharged_kwh, 2)
    prediction = ecu["ems_prediction"]
    assert prediction["avail_di_energy"] == round(1000 * battery.stored_kwh)
    content = prediction["avail_ch_energy"] + prediction["avail_di_energy"]
    assert content == ecu["ems_data"]["avail_cap"] == 13_304
    for phase, truly in enumerate(truth.phases, 1):
        assert ecu["ems_voltage"][f"l{phase}"] == round(10 * truly.voltage_v)
        amps = abs(battery.power_w) / 3 / truly.voltage_v
        assert ecu["ems_current"][f"l{phase}"] == round(10 * amps)
    assert _sensor(document, "grid")["total_power"] == truth.grid_w
    assert _sensor(document, "grid")["energy_imported"] == round(truth.import_kwh, 2)
    assert _sensor(document, "grid")["energy_exported"] == round(truth.export_kwh, 2)
    assert _sensor(document, "solar")["total_power"] == truth.solar_w
    assert _sensor(document, "solar")["energy_imported"] == round(truth.solar_kwh, 2)
    assert sum(sensor["total_power"] for sensor in document["sensors"]) == 0


@settings(max_examples=10)
@given(at=instants)
async def test_two_ecus_and_their_sum(at: Any) -> None:
    async with rig(profiles.pair(), at) as one:
        document, truth = await _look(one)
    units = [truth.batteries[name] for name in ("homevolt", "homevolt2")]
    assert [one["ems_data"]["power"] for one in document["ems"]] == [one.power_w for one in units]
    assert document["ems"][0]["ecu_host"] == ""
    assert "peer" in document["ems"][1]
    whole = document["aggregated"]
    assert whole["ems_data"]["power"] == sum(one.power_w for one in units)
    mean = sum(one.soc_percent for one in units) / 2
    assert whole["ems_data"]["soc_avg"] == pytest.approx(100 * mean, abs=1)
    assert "ems_aggregate" not in whole
    assert _sensor(document, "battery", 1)["euid"] == "000099aabbccdd02"
    assert sum(sensor["total_power"] for sensor in document["sensors"]) == 0


async def test_the_older_layout() -> None:
    async with rig(profiles.old()) as one:
        document, truth = await _look(one)
    assert document["ems"][0]["ecu_id"] == 0x99AABBCCDD01
    assert {sensor["type"] for sensor in document["sensors"]} == {"grid", "solar", "load"}
    assert _sensor(document, "solar")["total_power"] == truth.solar_w
    amps = abs(truth.batteries["homevolt"].power_w) / 3 / truth.phases[0].voltage_v
    assert document["ems"][0]["ems_current"]["l1"] == round(amps)


async def test_energy_is_the_integral_of_power() -> None:
    async with rig(at=NIGHT) as one:
        await one.local()
        await one.done("sched_set 1 -s 3000")
        before = one.battery(after_s=10)
        after = one.battery(after_s=600)
        document = await one.get("ems.json")
    assert after.charged_kwh - before.charged_kwh == pytest.approx(0.5)
    assert document["ems"][0]["op_state_str"] == "charging"
    assert _sensor(document, "battery")["energy_exported"] == round(after.charged_kwh, 2)
    assert document["ems"][0]["ems_data"]["energy_consumed"] > 0


async def test_the_smaller_documents() -> None:
    async with rig() as one:
        status = await one.get("status.json")
        nodes = await one.get("nodes.json")
        metrics = await one.get("node_metrics.json?node_id=1")
        assert await one.status("GET", "node_metrics.json?node_id=2") == 404
        report = await one.get("error_report.json")
        one.clock.pass_s(60)
        assert (await one.get("status.json"))["up_time"] == status["up_time"] + 60_000
    assert [node["available"] for node in nodes] == [True, True, False]
    assert metrics["node"]["battery_voltage"] == 3.04
    assert all(check["activated"] in {"ok", "warning", "error", "unknown"} for check in report)


async def test_parameters_as_they_are_listed() -> None:
    async with rig() as one:
        found = {row["name"]: row["value"] for row in await one.get("params.json")}
    assert found["settings_local"] == [False]
    assert found["ecu_main_fuse_size_a"] == [25]
    assert found["ledstrip_mode"] == "soc"


async def test_what_is_wrong_is_said() -> None:
    async with rig() as one:
        await one.device.faults.set(HomevoltFault.ALARM, True)
        await one.device.faults.set(HomevoltFault.WARNING, True)
        data = (await one.get("ems.json"))["aggregated"]["ems_data"]
        report = {row["error_name"]: row["activated"] for row in await one.get("error_report.json")}
    assert data["alarm_str"] == ["EMS_ALARM_BMS_COMMUNICATION_LOST"]
    assert data["warning_str"] == ["EMS_WARNING_UNDER_SOC_MIN_WARNING"]
    assert report["ems_alarm"] == "error"
    assert report["ems_warning"] == "warning"


def test_a_device_needs_its_battery_in_the_house() -> None:
    house = House(HouseConfig(), NOON)
    with pytest.raises(KeyError):
        Homevolt(house, lambda: NOON)
