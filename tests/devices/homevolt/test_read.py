"""Reading documents: right where they are right, unknown where they are not, never an error."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homevolt.const import SCHEDULE_TYPE
from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.devices.homevolt.address import Address
from custom_components.energy_hub.devices.homevolt.cluster import Cluster, digits_per_amp
from custom_components.energy_hub.devices.homevolt.ecu import normal_id, read_measured
from custom_components.energy_hub.devices.homevolt.plan import TYPE_SLUGS, read_plan
from custom_components.energy_hub.devices.homevolt.report import (
    read_limits,
    read_report,
    read_status,
    read_volts,
)

json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
NAMES = (
    *("ems", "sensors", "ts", "ecu_id", "ecu_host", "peer", "ems_data", "ems_info", "power"),
    *("soc_avg", "timestamp_ms", "ems_aggregate", "imported_kwh", "ems_voltage", "l1", "type"),
    *("function", "available", "euid", "total_power", "local_mode", "schedule", "params", "from"),
    *("to", "min", "max", "setpoint", "up_time", "firmware", "error_name", "activated", "node"),
)
shaped = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(NAMES),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=30,
)


@given(json | shaped)
def test_nonsense_is_refused_or_unknown(document: Any) -> None:
    for read in (read_measured, read_plan, read_status, read_report, read_volts, read_limits):
        try:
            read(document)
        except ValueError:
            continue


def test_a_document_without_times_is_read() -> None:
    sensor = {"function": "grid", "timestamp": 1.7e12, "timestamp_str": "yesterday"}
    measured = read_measured({"ems": [{"ecu_id": 5}], "sensors": [sensor]})
    assert (measured.at_s, measured.offset_s) == (None, None)


def test_types_are_those_of_the_library() -> None:
    assert dict(enumerate(TYPE_SLUGS)) == SCHEDULE_TYPE


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("99aabbccdd01", "99aabbccdd01"),
        ("99AABBCCDD01", "99aabbccdd01"),
        (0x99AABBCCDD01, "99aabbccdd01"),
        (5, "000000000005"),
        ("xyz", "xyz"),
        (None, None),
        (True, None),
        (-1, None),
        (1.5, None),
        ("", None),
        ("../../etc", None),
        ("a" * 40, None),
    ],
)
def test_both_ways_to_write_an_id(raw: Any, name: str | None) -> None:
    assert normal_id(raw) == name


@given(st.integers(1, (1 << 48) - 1))
def test_an_id_is_the_same_in_both_ways(number: int) -> None:
    assert normal_id(number) == normal_id(f"{number:x}") == normal_id(f"{number:012X}")


def _ems(**data: Any) -> dict[str, Any]:
    return {"ecu_id": "99aabbccdd01", "ems_data": data}


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("soc_avg", 5025, 50.25),
        ("soc_avg", 10_001, None),
        ("soc_avg", -1, None),
        ("soc_avg", "5025", None),
        ("soc_avg", True, None),
        ("soc_avg", float("nan"), None),
        ("power", -7, -7),
        ("power", 1e6, None),
        ("frequency", 49_987, 49.987),
        ("frequency", 0, None),
        ("sys_temp", 214, 21.4),
        ("sys_temp", 32_767, None),
        ("avail_cap", None, None),
    ],
)
def test_a_value_is_scaled_and_possible(name: str, raw: Any, value: float | None) -> None:
    (ecu,) = read_measured({"ems": [_ems(**{name: raw})]}).ecus
    attribute = {
        "soc_avg": "soc_percent",
        "power": "power_w",
        "frequency": "frequency_hz",
        "sys_temp": "temperature_c",
        "avail_cap": "capacity_wh",
    }[name]
    assert getattr(ecu, attribute) == value


def test_the_leader_comes_first_wherever_it_stands() -> None:
    measured = read_measured(
        {"ems": [{"ecu_id": "2", "peer": {"last_seq": 1}}, {"ecu_id": "1", "ecu_host": ""}]}
    )
    assert measured.ids == ("000000000001", "000000000002")
    cluster = Cluster(measured.ecus, (), set(measured.ids))
    assert cluster.leader is not None
    assert cluster.leader.id == "000000000001"
    assert cluster.power_w is None


@pytest.mark.parametrize("soc", [(68, 194), (10_000, 0)])
def test_a_larger_battery_counts_for_more(soc: tuple[int, int]) -> None:
    rows = [
        {"ecu_id": str(number), "ems_data": {"soc_avg": one, "avail_cap": number * 1000}}
        for number, one in enumerate(soc, 1)
    ]
    measured = read_measured({"ems": rows})
    mean = (soc[0] + 2 * soc[1]) / 300
    found = Cluster(measured.ecus, (), set(measured.ids)).soc_percent
    assert found == pytest.approx(mean)


@pytest.mark.parametrize(
    ("raw_amps", "power_w", "digits"),
    [(60, 4200, 10), (6, 4200, 1), (6, 300, None), (0, 4200, None), (600, 4200, None)],
)
def test_how_a_current_is_counted(raw_amps: int, power_w: int, digits: int | None) -> None:
    ems = _ems(apparent_power=power_w) | {
        "ems_voltage": {"l1": 2300, "l2": 2310, "l3": 2320},
        "ems_current": {"l1": raw_amps, "l2": raw_amps, "l3": raw_amps},
    }
    assert digits_per_amp(read_measured({"ems": [ems]}).ecus) == digits


def test_a_load_is_positive_while_the_house_consumes() -> None:
    load = {
        "function": "load",
        "sensor_type": "virtual",
        "euid": "0" * 16,
        "available": True,
        "total_power": -800,
        "energy_imported": 10.0,
        "energy_exported": 290.0,
    }
    (clamp,) = read_measured({"ems": [_ems()], "sensors": [load, {**load, "type": 5}]}).clamps[:1]
    assert (clamp.id, clamp.power_w, clamp.into_kwh, clamp.out_of_kwh) == ("", 800, 290.0, 10.0)


START = datetime(2026, 1, 14, 22, tzinfo=UTC)


@pytest.mark.parametrize("flat", [False, True])
def test_both_layouts_of_a_plan(flat: bool) -> None:
    seconds = int(START.timestamp())
    params = {"setpoint": -300, "max_charge": 900, "main_fuse": 25_000, "offline": None}
    if flat:
        row = {"id": 0, "from_ts": seconds, "to_ts": seconds + 60, "type": 5, "max": 90} | params
        document = {"local_mode": True, "schedule_id": "Manual Schedule", "entries": [row]}
    else:
        row = {"id": 1, "from": seconds, "to": seconds + 60, "type": 5, "max": 90}
        row["params"] = params
        document = {"local_mode": True, "schedule_id": "Manual Schedule", "schedule": [row]}
    plan = read_plan(document)
    (entry,) = plan.entries
    assert plan.local is True
    assert plan.manual
    assert (entry.mode, entry.power_w, entry.max_charge_w) == ("grid_charge_discharge", -300, 900)
    assert (entry.start, entry.end) == (START, START + timedelta(seconds=60))
    assert (entry.min_soc, entry.max_soc) == (None, 90)
    assert entry.other == {"main_fuse"}
    assert plan.active(START) is entry
    assert plan.active(START + timedelta(seconds=60)) is None


def test_a_plan_with_what_nobody_knows() -> None:
    plan = read_plan(
        {
            "local_mode": "yes",
            "schedule_id": None,
            "schedule": [{"type": 77, "from": 1_790_000_000}, {"type": 1}, {"from": 5}, 7],
        }
    )
    assert plan.local is None
    (entry,) = plan.entries
    assert entry.mode is None
    assert entry.end is None


def test_the_report_leaves_out_what_is_well() -> None:
    rows = [
        {"error_name": "power_24v", "activated": "ok"},
        {"error_name": "local_mode_disabled", "activated": "warning"},
        {"error_name": "distribute status", "activated": "unknown"},
        {"error_name": "lte", "activated": "warning", "sub_system_name": "CONNECTIVITY"},
    ]
    assert read_report(rows[:3]).state == "ok"
    assert read_report(rows).state == "warning"


@pytest.mark.parametrize(
    ("text", "url", "again"),
    [
        ("homevolt.local", "http://homevolt.local", "homevolt.local"),
        ("HTTP://homevolt.local:80/", "http://homevolt.local", "homevolt.local"),
        ("192.0.2.7:8080", "http://192.0.2.7:8080", "192.0.2.7:8080"),
        ("https://192.0.2.7", "https://192.0.2.7", "https://192.0.2.7"),
        ("https://192.0.2.7:8443/x", "https://192.0.2.7:8443", "https://192.0.2.7:8443"),
        ("2001:db8::7", "http://[2001:db8::7]", "[2001:db8::7]"),
        ("http://admin:secret@192.0.2.7", "http://192.0.2.7", "192.0.2.7"),
    ],
)
def test_an_address_is_stored_as_it_can_be_read_again(text: str, url: str, again: str) -> None:
    address = Address.parse(text)
    assert (address.url, address.text) == (url, again)
    assert Address.parse(again) == address
