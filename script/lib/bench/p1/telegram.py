"""A three-phase house as its meter tells it: a telegram a second, everything in motion.

Lines and their order are those of e-MUCS P1 edition 1.7.1; the numbers are invented. The
house only imports, so that import and net power of a phase are the same series.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

METER: Final = "3153414739393030303030303039"
"""The serial numbers as they stand in the telegram: 1SAG9900000009 and so on."""
GAS: Final = "37464C4F39393030303030303130"
WATER: Final = "3853414739393030303030303131"
_BELGIUM: Final = ZoneInfo("Europe/Brussels")
_SECOND: Final = timedelta(seconds=1)
_QUARTER_SECONDS: Final = 900
_MBUS_SECONDS: Final = 300
_PEAKS_KW: Final = (3.9, 2.1, 6.5, 7.2, 5.1, 4.5, 3.8, 3.0, 2.4, 2.7, 3.0, 4.1, 5.4)


@dataclass(frozen=True, slots=True)
class Telegram:
    """One telegram and, of what stands in it, the meter's time (UTC) and the running quarter."""

    at: datetime
    quarter_kw: float
    data: bytes


@dataclass(slots=True)
class _House:
    """What the meter measures, second by second."""

    random: Random
    peak_at: datetime
    phases_w: list[float] = field(default_factory=lambda: [900.0, 650.0, 430.0])
    volts: list[float] = field(default_factory=lambda: [231.8, 229.6, 234.9])
    import_kwh: float = 12345.006
    quarter_kwh: float = 0.22
    peak_kw: float = 1.5
    gas_m3: float = 3456.789
    water_m3: float = 87.654

    def pass_second(self, at: datetime) -> None:
        """Move everything on to the second `at`."""
        self.phases_w = [
            min(max(power + self.random.gauss(0, 15), 50), 4000) for power in self.phases_w
        ]
        self.volts = [min(max(u + self.random.gauss(0, 0.2), 222), 242) for u in self.volts]
        energy_kwh = sum(self.phases_w) / 3_600_000
        self.import_kwh += energy_kwh
        self.quarter_kwh += energy_kwh
        if at.timestamp() % _QUARTER_SECONDS == 0:
            if self.quarter_kwh * 4 > self.peak_kw:
                self.peak_kw, self.peak_at = self.quarter_kwh * 4, at
            self.quarter_kwh = 0
        if at.timestamp() % _MBUS_SECONDS == 0:
            self.gas_m3 += 0.05
            self.water_m3 += 0.012


def stream(start: datetime) -> Iterator[Telegram]:
    """Yield a telegram for every second from `start` (UTC) on; the same ones every time."""
    at = start.replace(microsecond=0)
    house = _House(Random(5), _last(at, _QUARTER_SECONDS))  # noqa: S311 - the same every time
    while True:
        yield Telegram(at, round(house.quarter_kwh * 4, 3), _sealed(_lines(house, at)))
        at += _SECOND
        house.pass_second(at)


def _lines(house: _House, at: datetime) -> list[str]:
    return [
        *("/FLU5\\900000009_D", ""),
        *("0-0:96.1.4(50217)", f"0-0:96.1.1({METER})", f"0-0:1.0.0({_time(at)})"),
        *(f"1-0:1.8.1({house.import_kwh:010.3f}*kWh)", "1-0:1.8.2(023456.117*kWh)"),
        *("1-0:2.8.1(003210.228*kWh)", "1-0:2.8.2(001098.339*kWh)", "0-0:96.14.0(0001)"),
        *_demand(house, at),
        *_electrical(house),
        *("0-0:96.3.10(1)", "0-0:17.0.0(999.9*kW)", "1-0:31.4.0(999*A)", "0-0:96.13.0()"),
        *_mbus(house, at),
    ]


def _demand(house: _House, at: datetime) -> Iterator[str]:
    """Yield the running quarter, the peak of this month, and those of the last 13."""
    yield f"1-0:1.4.0({house.quarter_kwh * 4:06.3f}*kW)"
    yield f"1-0:1.6.0({_time(house.peak_at)})({house.peak_kw:06.3f}*kW)"
    months = "".join(
        f"({_time(month)})({_time(month - timedelta(days=12))})({peak_kw:06.3f}*kW)"
        for month, peak_kw in zip(_months(at), _PEAKS_KW, strict=True)
    )
    yield f"0-0:98.1.0({len(_PEAKS_KW)})(1-0:1.6.0)(1-0:1.6.0){months}"


def _electrical(house: _House) -> Iterator[str]:
    phases_kw = [round(power / 1000, 3) for power in house.phases_w]
    yield f"1-0:1.7.0({sum(phases_kw):06.3f}*kW)"
    yield "1-0:2.7.0(00.000*kW)"
    for number, power_kw in zip((21, 41, 61), phases_kw, strict=True):
        yield f"1-0:{number}.7.0({power_kw:06.3f}*kW)"
    for number in (22, 42, 62):
        yield f"1-0:{number}.7.0(00.000*kW)"
    for number, volts in zip((32, 52, 72), house.volts, strict=True):
        yield f"1-0:{number}.7.0({volts:05.1f}*V)"
    for number, power, volts in zip((31, 51, 71), house.phases_w, house.volts, strict=True):
        yield f"1-0:{number}.7.0({power / volts:06.2f}*A)"


def _mbus(house: _House, at: datetime) -> Iterator[str]:
    time = _time(_last(at, _MBUS_SECONDS))
    yield from ("0-1:24.1.0(003)", f"0-1:96.1.1({GAS})", "0-1:24.4.0(1)")
    yield f"0-1:24.2.3({time})({house.gas_m3:09.3f}*m3)"
    yield from ("0-2:24.1.0(007)", f"0-2:96.1.1({WATER})")
    yield f"0-2:24.2.1({time})({house.water_m3:09.3f}*m3)"


def _last(at: datetime, seconds: int) -> datetime:
    """Return the last full multiple of `seconds` of the clock."""
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, at.tzinfo)


def _months(at: datetime) -> list[datetime]:
    """Return the first moments of this month and of the twelve before, oldest first."""
    local = at.astimezone(_BELGIUM).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = []
    for _ in _PEAKS_KW:
        months.append(local)
        local = (local - timedelta(days=1)).replace(day=1)
    return months[::-1]


def _time(at: datetime) -> str:
    """Return `YYMMDDhhmmss` in Belgian time and S or W, summer or winter."""
    local = at.astimezone(_BELGIUM)
    return f"{local:%y%m%d%H%M%S}{'S' if local.dst() else 'W'}"


def _sealed(lines: list[str]) -> bytes:
    body = "".join(f"{line}\r\n" for line in lines).encode("ascii") + b"!"
    return body + b"%04X\r\n" % _crc(body)


def _crc(data: bytes) -> int:
    """Return the CRC-16/ARC of `data`, bit by bit."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc
