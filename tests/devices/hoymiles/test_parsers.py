"""Whatever the cloud sends, nothing but the error that is meant for it is raised."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
import gzip
import json
import math
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.energy_hub.devices.hoymiles.charts import read_charts, read_day
from custom_components.energy_hub.devices.hoymiles.client import unwrap
from custom_components.energy_hub.devices.hoymiles.errors import BadAnswerError
from custom_components.energy_hub.devices.hoymiles.model import Live
from custom_components.energy_hub.devices.hoymiles.pack import pack, unpack
from custom_components.energy_hub.devices.hoymiles.read import (
    flag,
    number,
    read_inverters,
    read_live,
    read_plants,
    read_status,
)
from custom_components.energy_hub.devices.hoymiles.read_key import (
    read_days,
    read_devices,
    read_flags,
    read_samples,
    read_stations,
)
from custom_components.energy_hub.devices.hoymiles.series import InverterDay, merged, most
from simulator.hoymiles.charts import day_data, line_chart
from simulator.hoymiles.micro import MicroSample, PortSample

NOW = datetime(2026, 6, 17, 10, 7, tzinfo=UTC)
DAY_MINUTES = 1440
SERIALS = {1: "A", 2: "B"}
NAMES = [
    *("list", "id", "sid", "name", "total", "stations", "station_name", "next", "micro_datas"),
    *("mi_sn", "time", "ac", "dc", "p", "ua", "freq", "temp", "port", "u", "i", "tp", "sn", "type"),
    *("children", "devices", "extend_data", "port_array", "timezone", "tz_name", "warn_data"),
    *("s_uoff", "local_time", "latitude", "capacitor", "data_time", "real_power", "today_eq"),
    *("total_eq", "offline", "last_at", "tz", "report_date", "total_energy"),
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(["-", "", "12.0", "1e999", "10:15", "24:00", "2026-06-17 10:05:00", "A", "²"]),
    st.sampled_from(["Europe/Brussels", "2026-06-17 10:05:00 (UTC-99:99)", "(UTC+02:00)"]),
    st.text(max_size=8),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
        | st.fixed_dictionaries({"time": SCALARS, "ac": inner, "dc": inner})
    ),
    max_leaves=20,
)


@settings(max_examples=200)
@given(JSON)
def test_answers_in_json_never_raise(data: Any) -> None:
    for plant in [*read_plants(data), *read_stations(data)[0]]:
        assert plant.name
    for inverter in [*read_inverters(data), *read_devices(data)]:
        assert inverter.serial
    read_status(data, NOW)
    read_flags(data)
    for energy in read_days(data).values():
        assert energy >= 0
    live = read_live(data) if isinstance(data, dict) else None
    assert live is None or live.power_w is None or live.power_w >= 0
    for series in (read_samples(data, DAY_MINUTES), read_samples([data, data], DAY_MINUTES)):
        assert_possible(series)


def assert_possible(day: InverterDay | None) -> None:
    """Labels only grow, columns are as long as they, and no value is impossible."""
    if day is None:
        return
    minutes = list(day.minutes)
    assert minutes == sorted(set(minutes))
    for column in day.columns():
        assert len(column) == len(minutes)
        assert not any(math.isinf(one) for one in column)
    assert all(one > 0 for phase in day.volts for one in phase if not math.isnan(one))
    assert all(0 < port <= 24 for port in day.ports)
    again = unpack(pack({"A": day}))["A"]
    assert again.shape() == day.shape()
    assert again.minutes == day.minutes
    kept = zip(again.columns(), day.columns(), strict=True)
    assert all(one.tobytes() == other.tobytes() for one, other in kept)


@given(st.binary(max_size=200), st.booleans())
def test_binary_junk_is_a_value_error_or_nothing(content: bytes, packed: bool) -> None:
    body = gzip.compress(content) if packed else content
    with suppress(ValueError):
        series, _ = read_day(body, SERIALS, DAY_MINUTES)
        for day in series.values():
            assert len(day.power) == len(day.minutes)
    with suppress(ValueError):
        read_charts(body, content, SERIALS, DAY_MINUTES)


VALUE = st.floats(0, 60_000, width=32)
SAMPLE = st.tuples(st.integers(0, DAY_MINUTES - 1), VALUE, VALUE, VALUE, VALUE)


def micro(rows: list[tuple[int, float, float, float, float]]) -> list[MicroSample]:
    """Return samples of an inverter with ports 3 and 4."""
    return [
        MicroSample(
            label=f"{minute // 60:02}:{minute % 60:02}",
            power_w=power,
            volts=(volt, 0.0, 0.0),
            frequency_hz=frequency,
            temperature_c=30.0,
            ports=tuple(PortSample(port, power, volt, 1.0, int(energy)) for port in (3, 4)),
        )
        for minute, power, volt, frequency, energy in rows
    ]


@settings(max_examples=60)
@given(st.lists(SAMPLE, max_size=6, unique_by=lambda one: one[0]), st.data())
def test_a_day_that_was_cut_or_changed_is_no_other_day(
    rows: list[tuple[int, float, float, float, float]], data: st.DataObject
) -> None:
    whole = day_data(7, "2026-06-17", [(1, micro(rows)), (9, micro(rows))])
    series, strangers = read_day(whole, SERIALS, DAY_MINUTES)
    assert strangers == {9}
    assert list(series) == (["A"] if rows else [])
    for day in series.values():
        assert list(day.minutes) == sorted(minute for minute, *_ in rows)
        assert set(day.ports) == {3, 4}
        assert_possible(day)
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:place] + bytes([data.draw(st.integers(0, 255))]) + whole[place + 1 :]
    for content in (cut, changed):
        with suppress(ValueError):
            for day in read_day(content, SERIALS, DAY_MINUTES)[0].values():
                assert_possible(day)


@given(
    st.lists(st.integers(0, 287), max_size=9, unique=True),
    st.lists(st.integers(0, 287), max_size=9, unique=True),
    st.booleans(),
)
def test_charts_of_different_axes_meet_at_their_labels(
    micros: list[int], ports: list[int], wide: bool
) -> None:
    axes = [[f"{one // 12:02}:{one % 12 * 5:02}" for one in axis] for axis in (micros, ports)]
    charts = [
        line_chart(axes[0], [("MI_POWER", 1, 0, [5.0] * len(micros))], wide=wide),
        line_chart(axes[1], [("MODULE_V", 1, 3, [30.0] * len(ports))], wide=wide),
    ]
    series = read_charts(*charts, SERIALS, DAY_MINUTES)
    assert list(series) == (["A"] if micros else [])
    for day in series.values():
        assert list(day.minutes) == sorted(5 * one for one in micros)
        known = [not math.isnan(one) for one in day.ports[3].voltage] if ports else []
        assert sum(known) == len(set(micros) & set(ports))


SPARSE = st.dictionaries(st.integers(0, 59), st.none() | st.floats(1, 900, width=16), max_size=8)


@given(SPARSE, SPARSE)
def test_what_was_known_of_a_day_is_never_lost(
    first: dict[int, float | None], second: dict[int, float | None]
) -> None:
    days = []
    for told in (first, second):
        rows = [
            {
                "time": f"10:{minute:02}",
                "ac": {"p": power, "ua": 230, "freq": 50},
                "dc": [{"port": 2, "u": 30, "tp": power}],
            }
            for minute, power in told.items()
        ]
        day = read_samples(rows, DAY_MINUTES)
        days.append({} if day is None else {"A": day})
    both = merged(days[0], days[1])
    expected = first | {minute: one for minute, one in second.items() if one is not None}
    expected |= {minute: None for minute in second if minute not in expected}
    assert set(both) == ({"A"} if expected else set())
    for day in both.values():
        powers = [None if math.isnan(one) else one for one in day.power]
        assert dict(zip(day.minutes, powers, strict=True)) == {
            600 + minute: power for minute, power in expected.items()
        }
        some = [one for one in expected.values() if one is not None]
        assert most(day.ports[2].energy) == max(some, default=None)


def test_parts_of_an_inverter_that_come_apart_are_all_kept() -> None:
    rows = [(605, 100.0, 30.0, 50.0, 7.0), (610, 200.0, 31.0, 50.0, 9.0)]
    parts = [(1, micro(rows[:1])), (1, micro(rows[1:]))]
    series, _ = read_day(day_data(7, "2026-06-17", parts), SERIALS, DAY_MINUTES)
    assert list(series["A"].minutes) == [605, 610]
    assert list(series["A"].ports[3].energy) == [7, 9]


def test_a_chart_of_one_inverter_need_not_name_it() -> None:
    axis = ["10:05", "10:10"]
    charts = [
        line_chart(axis, [("MI_POWER", 0, 0, [5.0, 6.0])], wide=False),
        line_chart(axis, [("MODULE_V", 0, 3, [30.0, 31.0])], wide=False),
    ]
    (series,) = read_charts(*charts, {1: "A"}, DAY_MINUTES).values()
    assert list(series.power) == [5, 6]
    assert list(series.ports[3].voltage) == [30, 31]
    assert not read_charts(*charts, SERIALS, DAY_MINUTES)


@given(st.one_of(st.binary(max_size=60), JSON.map(lambda one: json.dumps(one).encode())))
def test_an_envelope_is_one_or_a_bad_answer(content: bytes) -> None:
    with suppress(BadAnswerError):
        assert isinstance(unwrap(content).status, str)


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1e999", "", "-", "١2x", None, True, [], {}]
)
def test_what_is_no_number(text: object) -> None:
    assert number(text) is None


def test_numbers_in_every_form() -> None:
    assert [number(one) for one in ("12.0", 12, "0", 0.5, " 7 ")] == [12, 12, 0, 0.5, 7]
    assert read_days([{"report_date": "2026-06-16", "total_energy": "5"}, {}, None]) == {
        date(2026, 6, 16): 5
    }
    flags = read_flags({"last_at": "2026-06-17 10:05:00 (UTC-05:30)", "offline": None})
    assert flags.offset == -timedelta(hours=5, minutes=30)
    assert flags.flags.offline is None
    words = [flag(one) for one in (True, 0, "1", "0", "-", None, [])]
    assert words == [True, False, True, False, None, None, None]


def test_figures_that_no_plant_can_have_are_none() -> None:
    names = ("real_power", "today_eq", "month_eq", "year_eq", "total_eq")
    assert read_live(dict.fromkeys(names, "1e15")) == Live()
    assert read_days([{"report_date": "2026-06-16", "total_energy": 1e15}]) == {}


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
def test_a_year_that_means_nothing_is_no_time(year: str) -> None:
    assert read_live({"data_time": f"{year}-01-01 00:00:00"}).local is None


def test_an_envelope_without_a_bottom_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswerError):
        unwrap(b"[" * 200_000)


@pytest.mark.parametrize(
    ("latitude", "longitude", "placed"),
    [("50.85", "4.35", True), ("0", "0", False), ("508", "4.35", False), ("50", "435", False)],
)
def test_a_place_is_one_on_earth(latitude: str, longitude: str, placed: bool) -> None:
    status = read_status({"latitude": latitude, "longitude": longitude}, NOW)
    assert (status.latitude is not None, status.longitude is not None) == (placed, placed)


def test_a_plant_has_the_number_that_is_one() -> None:
    page = {"list": [{"id": None, "sid": 7}, {"id": "8"}, {"id": 0}, {"name": "no number"}]}
    assert [one.id for one in read_plants(page)] == [7, 8]
