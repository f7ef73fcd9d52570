"""The slow part of a telegram."""

from datetime import UTC, datetime

import pytest

from custom_components.energy_hub.devices.fluvius.client import parse
from custom_components.energy_hub.devices.fluvius.read import Details, month_of, read_details
from custom_components.energy_hub.reading import MeterPeak
from simulator.p1 import seal

AT = datetime(2026, 11, 18, 16, 45, 2, tzinfo=UTC)


def details(*lines: str, at: datetime = AT) -> Details:
    body = "/FLU5\\900000004_D\r\n\r\n" + "".join(f"{line}\r\n" for line in lines)
    return read_details(parse(seal(body.encode("latin-1"))), at)


def test_an_empty_telegram_knows_nothing() -> None:
    assert details() == Details(None, None)


def test_identity() -> None:
    read = details(
        "0-0:96.1.4(50221)",
        "0-0:96.1.1(3153414739393030303030303034)",
        "0-0:96.1.2(3534)",
        "1-0:94.32.1(400)",
    )
    assert (read.meter_id, read.edition, read.ean, read.grid_type) == (
        "1SAG9900000004",
        "50221",
        "54",
        "400",
    )


@pytest.mark.parametrize("text", ["", "zz", "333", "2020"])
def test_a_text_that_is_none_is_unknown(text: str) -> None:
    assert details(f"0-0:96.13.0({text})").message is None


@pytest.mark.parametrize(
    ("sent", "means"), [("0", "disconnected"), ("1", "connected"), ("2", "ready"), ("7", None)]
)
def test_breaker(sent: str, means: str | None) -> None:
    assert details(f"0-0:96.3.10({sent})").breaker == means


def test_relays_are_not_the_breaker() -> None:
    read = details("0-0:96.3.10(1)", "0-1:96.3.10(0)", "0-3:96.3.10(1)", "0-4:96.3.10(9)")
    assert read.breaker == "connected"
    assert read.relays == (False, None, True, None)
    assert read.mbus == ()


@pytest.mark.parametrize(
    ("limiter", "fuse", "expected"),
    [
        ("999.9*kW", "999*A", (None, None)),
        ("99.999*kW", "999.99*A", (None, None)),
        ("010.0*kW", "032*A", (10_000, 32)),
        ("010.0*W", "032", (None, None)),
    ],
)
def test_no_limit_is_no_number(
    limiter: str, fuse: str, expected: tuple[float | None, float | None]
) -> None:
    read = details(f"0-0:17.0.0({limiter})", f"1-0:31.4.0({fuse})")
    assert (read.limiter_w, read.fuse_a) == expected


def test_the_peak_of_the_month() -> None:
    peak = details("1-0:1.6.0(261105190000W)(05.940*kW)").peak
    assert peak is not None
    assert (peak.month, peak.power_w) == ("2026-11", pytest.approx(5940))
    assert peak.at == datetime(2026, 11, 5, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "1-0:1.6.0(261031190000W)(05.940*kW)",  # still the old month
        "1-0:1.6.0(632525252525W)(00.000*kW)",  # nothing imported yet
        "1-0:1.6.0(261105190000W)(yes*kW)",
        "1-0:1.6.0(261105190000W)",
    ],
)
def test_no_peak_yet(line: str) -> None:
    assert details(line).peak is None


@pytest.mark.parametrize(
    ("end", "month"),
    [
        (datetime(2026, 10, 31, 23, 0, tzinfo=UTC), "2026-10"),
        (datetime(2026, 10, 31, 23, 15, tzinfo=UTC), "2026-11"),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), "2026-06"),
        (datetime(2026, 6, 30, 22, 15, tzinfo=UTC), "2026-07"),
    ],
)
def test_a_quarter_belongs_to_the_month_it_began_in(end: datetime, month: str) -> None:
    assert month_of(end) == month


def test_history_is_sorted_and_without_unmeasured_months() -> None:
    history = details(
        "0-0:98.1.0(4)(1-0:1.6.0)(1-0:1.6.0)"
        "(632525252525W)(632525252525W)(01.000*kW)"
        "(261101000000W)(261014181500S)(05.377*kW)"
        "(260901000000S)(632525252525S)(00.000*kW)"
        "(261001000000S)(260914181500S)(04.108*kW)"
    ).history
    assert [(peak.month, round(peak.power_w)) for peak in history] == [
        ("2026-09", 4108),
        ("2026-10", 5377),
    ]


@pytest.mark.parametrize(
    "sent", ["(0)(1-0:1.6.0)(1-0:1.6.0)()", "()", "(5)(1-0:1.6.0)(1-0:1.6.0)()", "(x)"]
)
def test_history_that_is_none(sent: str) -> None:
    read = details(f"0-0:98.1.0{sent}", "0-0:96.3.10(1)")
    assert read.history == ()
    assert read.breaker == "connected"


def test_meters_on_the_bus() -> None:
    water, gas = details(
        "0-1:24.1.0(007)",
        "0-1:96.1.1(3853414739393030303030303035)",
        "0-1:24.2.1(261118174318W)(00087.654*m3)",
        "0-2:24.1.0(003)",
        "0-2:96.1.1(37464C4F39393030303030303036)",
        "0-2:24.4.0(1)",
        "0-2:24.2.3(632525252525W)(00000.000)",
        "0-3:24.1.0(002)",
        "0-4:24.1.0(003)",
    ).mbus
    assert (water.serial, water.medium, water.value) == ("8SAG9900000005", "water", 87.654)
    assert water.at == datetime(2026, 11, 18, 16, 43, 18, tzinfo=UTC)
    assert (gas.serial, gas.medium, gas.value, gas.at) == ("7FLO9900000006", "gas", None, None)
    assert (gas.valve, water.valve) == ("connected", None)


def test_heat_is_in_gigajoules() -> None:
    lines = ["0-1:24.1.0(012)", "0-1:96.1.1(41)"]
    assert details(*lines, "0-1:24.2.1(261118174318W)(00012.345*GJ)").mbus[0].value == 12.345
    assert details(*lines, "0-1:24.2.1(261118174318W)(00012.345*m3)").mbus[0].value is None


def test_the_peaks_of_the_house_are_of_their_month() -> None:
    read = details(
        "1-0:1.6.0(261105184500W)(05.940*kW)",
        "0-0:98.1.0(2)(1-0:1.6.0)(1-0:1.6.0)"
        "(261001000000S)(260901000000S)(00.000*kW)(261101000000W)(261014181500S)(05.377*kW)",
    )
    # A month without import has its first moment as time, which is the end of a quarter before.
    assert read.peaks == (
        MeterPeak(0.0, datetime(2026, 9, 30, 22, tzinfo=UTC)),
        MeterPeak(5377.0, datetime(2026, 10, 14, 16, 15, tzinfo=UTC)),
        MeterPeak(5940.0, datetime(2026, 11, 5, 17, 45, tzinfo=UTC)),
    )
