"""Telegrams are those of a Fluvius meter, and say what is true to their last digit."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from dsmr_parser import telegram_specifications
from dsmr_parser.parsers import TelegramParser
from hypothesis import given, settings, strategies as st
import pytest

from simulator.p1 import Edition, MbusKind, P1Config, P1Meter, crc16, seal
from simulator.world import House, HouseConfig, Place, Truth, mixed_house, plain_house

from .tools import joules, lines

BEGIN = datetime(2026, 10, 24, 22, tzinfo=UTC)
"""Midnight before the night with two 02:30s."""
PARSER: Any = TelegramParser(  # type: ignore[no-untyped-call]  # the library has no types
    telegram_specifications.BELGIUM_FLUVIUS, apply_checksum_validation=True
)

HOUSE = House(mixed_house(), BEGIN)
SINGLE = House(HouseConfig(2, phases=1, arrays=plain_house().arrays), BEGIN)
METERS: Mapping[str, tuple[House, P1Config]] = {
    "1.7": (HOUSE, P1Config()),
    "1.7 without M-Bus": (HOUSE, P1Config(mbus=())),
    "1.7 with heat": (HOUSE, P1Config(mbus=(MbusKind.WATER, MbusKind.HEAT))),
    "1.7 single phase": (SINGLE, P1Config()),
    "2.1": (HOUSE, P1Config(Edition.V2_1)),
    "2.1 single phase": (SINGLE, P1Config(Edition.V2_1, mbus=(MbusKind.GAS,))),
    "1.3": (HOUSE, P1Config(Edition.V1_3)),
    "1.3 single phase": (SINGLE, P1Config(Edition.V1_3, mbus=())),
}

instants = st.integers(0, 26 * 3600).map(lambda second: BEGIN + timedelta(seconds=second))


class Parsed(Protocol):
    """A telegram of dsmr_parser: an attribute for each object that was found."""

    def __getattr__(self, name: str) -> Any: ...


def _meter(name: str) -> P1Meter:
    house, config = METERS[name]
    return P1Meter(house, lambda: BEGIN, config)


def _parse(telegram: bytes) -> Parsed:
    parsed: Parsed = PARSER.parse(telegram.decode("ascii"))
    return parsed


def test_the_usual_telegram_has_the_usual_size() -> None:
    telegram = _meter("1.7").telegram(BEGIN)
    assert 1400 < len(telegram) < 1550
    assert telegram.startswith(b"/FLU5\\")
    assert telegram.count(b"\n") == telegram.count(b"\r\n")


def test_the_crc_is_arc() -> None:
    assert crc16(b"123456789") == 0xBB3D
    assert seal(b"/A\r\n\r\n") == b"/A\r\n\r\n!%04X\r\n" % crc16(b"/A\r\n\r\n!")


@pytest.mark.parametrize("name", METERS)
@settings(max_examples=20)
@given(at=instants)
def test_dsmr_parser_reads_what_is_true(name: str, at: datetime) -> None:
    house, config = METERS[name]
    parsed = _parse(_meter(name).telegram(at))
    truth, second = house.truth(at), _second(house, at)
    assert parsed.P1_MESSAGE_TIMESTAMP.value == at
    assert parsed.ELECTRICITY_ACTIVE_TARIFF.value == f"{truth.tariff:04d}"
    net_kw = parsed.CURRENT_ELECTRICITY_USAGE.value - parsed.CURRENT_ELECTRICITY_DELIVERY.value
    assert net_kw * 1000 == second.grid_w
    for attribute, kwh in {
        "ELECTRICITY_USED_TARIFF_1": truth.import_day_kwh,
        "ELECTRICITY_USED_TARIFF_2": truth.import_night_kwh,
        "ELECTRICITY_DELIVERED_TARIFF_1": truth.export_day_kwh,
        "ELECTRICITY_DELIVERED_TARIFF_2": truth.export_night_kwh,
    }.items():
        assert getattr(parsed, attribute).value == Decimal(joules(kwh) // 3600) / 1000
    assert len(getattr(parsed, "MBUS_DEVICES", [])) >= len(config.mbus)


def _second(house: House, at: datetime) -> Truth:
    """Return the second that ends at `at`, whose power a meter shows."""
    return house.truth(max(house.begin, at - timedelta(seconds=1)))


@pytest.mark.parametrize("name", ["1.7", "2.1", "1.7 single phase", "2.1 single phase"])
@settings(max_examples=20)
@given(at=instants)
def test_phases_and_demand_are_true(name: str, at: datetime) -> None:
    house, _config = METERS[name]
    parsed = _parse(_meter(name).telegram(at))
    truth = house.truth(at)
    for number, phase in enumerate(_second(house, at).phases, start=1):
        plus = getattr(parsed, f"INSTANTANEOUS_ACTIVE_POWER_L{number}_POSITIVE").value
        minus = getattr(parsed, f"INSTANTANEOUS_ACTIVE_POWER_L{number}_NEGATIVE").value
        volt = getattr(parsed, f"INSTANTANEOUS_VOLTAGE_L{number}").value
        ampere = getattr(parsed, f"INSTANTANEOUS_CURRENT_L{number}").value
        assert (plus - minus) * 1000 == phase.power_w
        assert float(volt) == pytest.approx(phase.voltage_v, abs=0.0501)
        assert float(ampere) == pytest.approx(phase.current_a, abs=0.00501)
    assert hasattr(parsed, "INSTANTANEOUS_VOLTAGE_L2") == (len(truth.phases) == 3)
    assert parsed.BELGIUM_CURRENT_AVERAGE_DEMAND.value * 1000 == int(truth.quarter_w)
    peak = parsed.BELGIUM_MAXIMUM_DEMAND_MONTH
    assert peak.value * 1000 == truth.month_peak.power_w
    assert peak.datetime == truth.month_peak.quarter_end
    history = parsed.BELGIUM_MAXIMUM_DEMAND_13_MONTHS
    assert [(one.datetime, one.occurred, one.value * 1000) for one in history] == [
        (one.closed, one.quarter_end, one.power_w) for one in truth.month_peaks
    ]


def test_a_month_without_a_peak_yet_has_no_time() -> None:
    month = datetime(2026, 10, 31, 23, tzinfo=UTC)
    house = House(plain_house(), month)
    objects = lines(P1Meter(house, lambda: month).telegram(month + timedelta(minutes=5)))
    assert objects["1-0:1.6.0"] == "(632525252525W)(00.000*kW)"


def test_the_night_with_two_half_past_twos_tells_them_apart() -> None:
    meter = _meter("1.7")
    first, second = (BEGIN + timedelta(hours=2.5 + n) for n in range(2))
    assert lines(meter.telegram(first))["0-0:1.0.0"] == "(261025023000S)"
    assert lines(meter.telegram(second))["0-0:1.0.0"] == "(261025023000W)"


def test_an_old_edition_leaves_out_what_it_does_not_know() -> None:
    objects = lines(_meter("1.3").telegram(BEGIN + timedelta(hours=12)))
    assert objects["0-0:96.1.4"] == "(50213)"
    assert not {"1-0:1.4.0", "1-0:1.6.0", "0-0:98.1.0", "1-0:21.7.0"} & set(objects)
    assert len(objects["1-0:31.7.0"]) == len("(003*A)")


def test_a_new_edition_adds_grid_type_ean_and_relays() -> None:
    objects = lines(_meter("2.1").telegram(BEGIN))
    assert objects["1-0:94.32.1"] == "(400)"
    assert objects["0-0:17.0.0"] == "(99.999*kW)"
    assert objects["1-0:31.4.0"] == "(999.99*A)"
    assert {f"0-{n}:96.3.10" for n in range(5)} <= set(objects)
    assert {"0-0:96.1.2", "0-1:96.1.2", "0-2:96.1.2"} <= set(objects)


def test_mbus_devices_report_every_five_minutes_in_their_own_rhythm() -> None:
    meter = _meter("1.7")
    at = BEGIN + timedelta(hours=9, minutes=7, seconds=11)
    devices = _parse(meter.telegram(at)).MBUS_DEVICES
    assert [device.MBUS_DEVICE_TYPE.value for device in devices] == [3, 7]
    gas, water = (device.MBUS_METER_READING for device in devices)
    assert gas.datetime == BEGIN + timedelta(hours=9, minutes=5)
    assert water.datetime == BEGIN + timedelta(hours=9, minutes=2, seconds=43)
    truth = HOUSE.truth(gas.datetime)
    assert float(gas.value) == pytest.approx(truth.gas_m3, abs=0.001)
    assert float(water.value) == pytest.approx(HOUSE.truth(water.datetime).water_m3, abs=0.001)
    later = _parse(meter.telegram(at + timedelta(seconds=60))).MBUS_DEVICES
    assert later[0].MBUS_METER_READING.value == gas.value


def test_a_heat_meter_counts_gigajoules() -> None:
    at = BEGIN + timedelta(hours=3)
    heat = _parse(_meter("1.7 with heat").telegram(at)).MBUS_DEVICES[1]
    assert heat.MBUS_DEVICE_TYPE.value == 4
    assert heat.MBUS_METER_READING.unit == "GJ"
    assert float(heat.MBUS_METER_READING.value) == pytest.approx(HOUSE.truth(at).heat_gj, abs=0.01)


def test_the_meter_keeps_belgian_time_wherever_the_house_stands() -> None:
    tokyo = Place(35.7, 139.7, "Asia/Tokyo")
    at = datetime(2026, 6, 23, 5, tzinfo=UTC)
    house = House(mixed_house(place=tokyo), at)
    objects = lines(P1Meter(house, lambda: at).telegram(at))
    assert objects["0-0:1.0.0"] == "(260623070000S)"
    assert objects["0-0:96.14.0"] == "(0001)"


def test_a_part_of_a_second_is_cut_off() -> None:
    meter = _meter("1.7")
    assert meter.telegram(BEGIN + timedelta(seconds=5.9)) == meter.telegram(
        BEGIN + timedelta(seconds=5)
    )
