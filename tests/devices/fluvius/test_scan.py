"""The quick scan and dsmr-parser say the same of every telegram."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.devices.fluvius.client import parse
from custom_components.energy_hub.devices.fluvius.scan import Live, scan
from simulator.p1 import Edition, MbusKind, P1Config, P1Meter, seal
from simulator.world import House, mixed_house

ARRIVED = datetime(2030, 1, 1, tzinfo=UTC)
BEGIN = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
FIELDS = {
    "import_day_kwh": ("ELECTRICITY_USED_TARIFF_1", "1-0:1.8.1", "kWh", 1),
    "import_night_kwh": ("ELECTRICITY_USED_TARIFF_2", "1-0:1.8.2", "kWh", 1),
    "export_day_kwh": ("ELECTRICITY_DELIVERED_TARIFF_1", "1-0:2.8.1", "kWh", 1),
    "export_night_kwh": ("ELECTRICITY_DELIVERED_TARIFF_2", "1-0:2.8.2", "kWh", 1),
    "import_w": ("CURRENT_ELECTRICITY_USAGE", "1-0:1.7.0", "kW", 1000),
    "export_w": ("CURRENT_ELECTRICITY_DELIVERY", "1-0:2.7.0", "kW", 1000),
    "import_l1_w": ("INSTANTANEOUS_ACTIVE_POWER_L1_POSITIVE", "1-0:21.7.0", "kW", 1000),
    "import_l2_w": ("INSTANTANEOUS_ACTIVE_POWER_L2_POSITIVE", "1-0:41.7.0", "kW", 1000),
    "import_l3_w": ("INSTANTANEOUS_ACTIVE_POWER_L3_POSITIVE", "1-0:61.7.0", "kW", 1000),
    "export_l1_w": ("INSTANTANEOUS_ACTIVE_POWER_L1_NEGATIVE", "1-0:22.7.0", "kW", 1000),
    "export_l2_w": ("INSTANTANEOUS_ACTIVE_POWER_L2_NEGATIVE", "1-0:42.7.0", "kW", 1000),
    "export_l3_w": ("INSTANTANEOUS_ACTIVE_POWER_L3_NEGATIVE", "1-0:62.7.0", "kW", 1000),
    "voltage_l1": ("INSTANTANEOUS_VOLTAGE_L1", "1-0:32.7.0", "V", 1),
    "voltage_l2": ("INSTANTANEOUS_VOLTAGE_L2", "1-0:52.7.0", "V", 1),
    "voltage_l3": ("INSTANTANEOUS_VOLTAGE_L3", "1-0:72.7.0", "V", 1),
    "current_l1": ("INSTANTANEOUS_CURRENT_L1", "1-0:31.7.0", "A", 1),
    "current_l2": ("INSTANTANEOUS_CURRENT_L2", "1-0:51.7.0", "A", 1),
    "current_l3": ("INSTANTANEOUS_CURRENT_L3", "1-0:71.7.0", "A", 1),
    "quarter_w": ("BELGIUM_CURRENT_AVERAGE_DEMAND", "1-0:1.4.0", "kW", 1000),
}


def assert_both_agree(frame: bytes) -> Live:
    """Compare every live value with what dsmr-parser reads; returns the scan."""
    live, telegram = scan(frame, ARRIVED), parse(frame)
    for name, (attribute, _, unit, factor) in FIELDS.items():
        expected = getattr(telegram, attribute, None)
        if expected is None or expected.value is None or expected.unit != unit:
            assert getattr(live, name) is None, name
        else:
            assert getattr(live, name) == pytest.approx(float(expected.value * factor)), name
    at = getattr(telegram, "P1_MESSAGE_TIMESTAMP", None)
    assert live.at == (ARRIVED if at is None or at.value is None else at.value)
    tariff: Any = getattr(telegram, "ELECTRICITY_ACTIVE_TARIFF", None)
    assert live.tariff == (None if tariff is None or tariff.value is None else int(tariff.value))
    return live


@pytest.mark.parametrize("edition", Edition)
@pytest.mark.parametrize("mbus", [(), (MbusKind.GAS, MbusKind.WATER, MbusKind.HEAT)])
def test_they_agree_on_a_simulated_meter(edition: Edition, mbus: tuple[MbusKind, ...]) -> None:
    house = House(mixed_house(), BEGIN)
    meter = P1Meter(house, lambda: BEGIN, P1Config(edition=edition, mbus=mbus))
    # Through the night in which the clocks go forward.
    for minutes in range(0, 8 * 60, 7):
        at = BEGIN + timedelta(minutes=minutes, seconds=minutes % 60)
        assert assert_both_agree(meter.telegram(at)).at == at


numbers = st.decimals(0, Decimal("999999.999"), places=3)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2049, 1, 1)).map(  # noqa: DTZ001 - made aware here
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


@given(instants, st.dictionaries(st.sampled_from(sorted(FIELDS)), numbers), st.randoms())
def test_they_agree_on_any_values(at: datetime, values: dict[str, Decimal], random: Any) -> None:
    from zoneinfo import ZoneInfo

    local = at.astimezone(ZoneInfo("Europe/Brussels"))
    flag = "S" if local.dst() else "W"
    lines = [f"0-0:1.0.0({local:%y%m%d%H%M%S}{flag})", "0-0:96.14.0(0002)"]
    for name, value in values.items():
        _, obis, unit, _ = FIELDS[name]
        lines.append(f"{obis}({value:010.3f}*{unit})")
    random.shuffle(lines)
    body = "/FLU5\\1_A\r\n\r\n" + "".join(f"{line}\r\n" for line in lines)
    live = assert_both_agree(seal(body.encode()))
    assert live.at == at
    assert live.tariff == 2


@pytest.mark.parametrize(
    "line",
    [
        "1-0:1.7.0(nan*kW)",
        "1-0:1.7.0(inf*kW)",
        "1-0:1.7.0(1_0.000*kW)",
        "1-0:1.7.0(-1.000*kW)",
        "1-0:1.7.0(+1.000*kW)",
        "1-0:1.7.0(1e3*kW)",
        "1-0:1.7.0(" + "9" * 400 + "*kW)",
        "1-0:1.7.0(00.417*W)",
        "1-0:1.7.0(00.417)",
        "1-0:1.7.0(00.417*kW",
        "1-0:1.7.0()",
        "1-0:1.7.0",
        "1-0:1.7.0(\xb2.000*kW)",
    ],
)
def test_what_is_no_number_is_unknown(line: str) -> None:
    frame = seal(b"/FLU5\\1_A\r\n\r\n" + line.encode("latin-1") + b"\r\n")
    assert scan(frame, ARRIVED).import_w is None


@pytest.mark.parametrize(
    "time", ["632525252525W", "261325000000S", "2609151432", "260915143207X", ""]
)
def test_a_time_that_is_none_is_that_of_arrival(time: str) -> None:
    frame = seal(f"/FLU5\\1_A\r\n\r\n0-0:1.0.0({time})\r\n".encode())
    assert scan(frame, ARRIVED).at == ARRIVED


def test_the_second_hour_of_the_autumn_night() -> None:
    def at(text: str) -> datetime:
        return scan(seal(f"/FLU5\\1_A\r\n\r\n0-0:1.0.0({text})\r\n".encode()), ARRIVED).at

    assert at("261025023000S") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert at("261025023000W") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_tariff_that_is_none_is_unknown() -> None:
    frame = seal(b"/FLU5\\1_A\r\n\r\n0-0:96.14.0(day)\r\n")
    assert scan(frame, ARRIVED).tariff is None


def test_only_slow_lines_make_a_telegram_worth_parsing() -> None:
    first = seal(b"/FLU5\\1_A\r\n\r\n1-0:1.7.0(00.417*kW)\r\n0-0:96.3.10(1)\r\n")
    second = seal(b"/FLU5\\1_A\r\n\r\n1-0:1.7.0(09.417*kW)\r\n0-0:96.3.10(1)\r\n")
    third = seal(b"/FLU5\\1_A\r\n\r\n1-0:1.7.0(09.417*kW)\r\n0-0:96.3.10(0)\r\n")
    assert scan(first, ARRIVED).slow == scan(second, ARRIVED).slow != scan(third, ARRIVED).slow
