"""What can go wrong at a P1 port, in the order in which a telegram comes to be.

A fault changes the snapshot (the meter itself is odd), the objects (what it writes is odd, the
CRC is right), or the bytes (the line or the bridge is at fault).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from simulator.world import MonthPeak

from .config import MbusKind
from .frame import crc16
from .snapshot import MbusReading, Snapshot
from .telegram import Objects


class P1Fault(StrEnum):
    """The switches of a simulated P1 meter."""

    DROP = "drop"
    """Connections are reset, new ones at once; the serial adapter is unplugged."""
    REFUSE = "refuse"
    """The port is closed; the serial adapter is unplugged."""
    HANG = "hang"
    """Connections stay open, nothing comes."""
    DRIP = "drip"
    """Telegrams come byte by byte."""
    GARBAGE = "garbage"
    """Another protocol's bytes: starts like a telegram, never ends."""
    BACKLOG = "backlog"
    """Telegrams are held back; turned off, all of them come in one write."""
    BAD_CRC = "bad_crc"
    LOWER_CRC = "lower_crc"
    CUT = "cut"
    """Each telegram breaks off half way."""
    DUPLICATE = "duplicate"
    """Each telegram comes twice."""
    NOISE = "noise"
    """0xFF and 0x00 between telegrams."""
    HIGH_BYTES = "high_bytes"
    """Bytes over 0x7F inside: a superscript three in the unit, an accent in the message."""
    WRONG_TYPES = "wrong_types"
    MISSING_OBJECTS = "missing_objects"
    UNKNOWN_OBJECTS = "unknown_objects"
    HISTORY_MISMATCH = "history_mismatch"
    """The monthly peaks say one month more than they hold."""
    HISTORY_EMPTY = "history_empty"
    """The monthly peaks are `()`."""
    CLOCK_JUMP = "clock_jump"
    """The meter's clock is an hour behind."""
    CLOCK_UNSET = "clock_unset"
    REGISTER_FALLS = "register_falls"
    """The registers show 5 kWh less than they have counted."""
    REGISTER_JUMPS = "register_jumps"
    """Import by day shows 50,000 kWh more than it has counted."""
    METER_REPLACED = "meter_replaced"
    """Another serial, registers from 0 at the moment of the switch, no history."""
    GAS_REPLACED = "gas_replaced"
    """Another gas serial, volume from 0 at the moment of the switch."""
    GAS_UNREAD = "gas_unread"
    SECOND_GAS = "second_gas"
    """An old gas meter keeps sending a stale reading on channel 4."""


NEW_SERIAL = "1SAG9900000009"
NEW_GAS_SERIAL = "7FLO9900000008"
OLD_GAS_SERIAL = "7FLO9900000007"

type Base = Snapshot
"""The snapshot of the moment at which the fault was switched on."""


def _less(shown: Snapshot, less: Callable[[str], int]) -> Snapshot:
    return replace(
        shown,
        import_day_wh=max(0, shown.import_day_wh - less("import_day_wh")),
        import_night_wh=max(0, shown.import_night_wh - less("import_night_wh")),
        export_day_wh=max(0, shown.export_day_wh - less("export_day_wh")),
        export_night_wh=max(0, shown.export_night_wh - less("export_night_wh")),
    )


def _meter_replaced(shown: Snapshot, base: Base) -> Snapshot:
    fresh = _less(shown, lambda name: getattr(base, name))
    no_peak = replace(shown.truth, month_peak=MonthPeak(None, None, 0))
    return replace(fresh, serial=NEW_SERIAL, months=(), truth=no_peak)


def _gas(shown: Snapshot, change: Callable[[MbusReading], MbusReading]) -> Snapshot:
    mbus = tuple(change(one) if one.kind is MbusKind.GAS else one for one in shown.mbus)
    return replace(shown, mbus=mbus)


def _gas_replaced(shown: Snapshot, base: Base) -> Snapshot:
    before = {one.channel: one.amount for one in base.mbus}

    def fresh(reading: MbusReading) -> MbusReading:
        return replace(
            reading, serial=NEW_GAS_SERIAL, amount=reading.amount - before[reading.channel]
        )

    return _gas(shown, fresh)


def _second_gas(shown: Snapshot, base: Base) -> Snapshot:
    stale = base.truth.time - timedelta(days=40)
    old = MbusReading(4, MbusKind.GAS, OLD_GAS_SERIAL, stale, 4_321_987)
    return replace(shown, mbus=(*shown.mbus, old))


def _clock_jump(shown: Snapshot, _base: Base) -> Snapshot:
    return replace(shown, at=shown.at - timedelta(hours=1) if shown.at else None)


METER: dict[P1Fault, Callable[[Snapshot, Base], Snapshot]] = {
    P1Fault.METER_REPLACED: _meter_replaced,
    P1Fault.REGISTER_FALLS: lambda shown, _base: _less(shown, lambda _name: 5_000),
    P1Fault.REGISTER_JUMPS: lambda shown, _base: replace(
        shown, import_day_wh=shown.import_day_wh + 50_000_000
    ),
    P1Fault.GAS_REPLACED: _gas_replaced,
    P1Fault.GAS_UNREAD: lambda shown, _base: _gas(shown, lambda reading: replace(reading, at=None)),
    P1Fault.SECOND_GAS: _second_gas,
    P1Fault.CLOCK_JUMP: _clock_jump,
    P1Fault.CLOCK_UNSET: lambda shown, _base: replace(shown, at=None),
}

_WRONG = {
    "1-0:1.7.0": "(0x.0*kW)",
    "1-0:1.8.2": "(many*kWh)",
    "1-0:32.7.0": "(231.x*V)",
    "1-0:31.7.0": "(*A)",
    "0-0:96.14.0": "(day)",
    "1-0:1.6.0": "(yesterday)(03.000 kW)",
}
_MISSING = ("1-0:1.8.1", "1-0:1.7.0", "1-0:32.7.0", "1-0:1.4.0", "0-0:96.3.10")
_UNKNOWN = {
    "1-3:0.2.8": "(50)",
    "1-0:99.97.0": "(1)(0-0:96.7.19)(201208152415W)(0000000240*s)",
    "9-9:255.255.255": "(\x7e)(1*furlong)",
}


def _wrong_types(lines: Objects) -> Objects:
    return lines | {code: value for code, value in _WRONG.items() if code in lines}


def _missing(lines: Objects) -> Objects:
    return {code: value for code, value in lines.items() if code not in _MISSING}


def _high_bytes(lines: Objects) -> Objects:
    cubic = {code: value.replace("*m3)", "*m\xb3)") for code, value in lines.items()}
    return cubic | {"0-0:96.13.0": "(\xe9\xff)"}


def _history_mismatch(lines: Objects) -> Objects:
    if "0-0:98.1.0" not in lines:
        return lines
    count, rest = lines["0-0:98.1.0"][1:].split(")", 1)
    return lines | {"0-0:98.1.0": f"({int(count) + 1}){rest}"}


OBJECTS: dict[P1Fault, Callable[[Objects], Objects]] = {
    P1Fault.WRONG_TYPES: _wrong_types,
    P1Fault.MISSING_OBJECTS: _missing,
    P1Fault.UNKNOWN_OBJECTS: lambda lines: lines | _UNKNOWN,
    P1Fault.HIGH_BYTES: _high_bytes,
    P1Fault.HISTORY_MISMATCH: _history_mismatch,
    P1Fault.HISTORY_EMPTY: lambda lines: lines | {"0-0:98.1.0": "()"},
}


def _bad_crc(data: bytes) -> bytes:
    covered = data[: data.rindex(b"!") + 1]
    return covered + b"%04X\r\n" % (crc16(covered) ^ 0x5A5A)


BYTES: dict[P1Fault, Callable[[bytes], bytes]] = {
    P1Fault.BAD_CRC: _bad_crc,
    P1Fault.LOWER_CRC: lambda data: data[:-6] + data[-6:].lower(),
    P1Fault.CUT: lambda data: data[: len(data) // 2],
    P1Fault.DUPLICATE: lambda data: data * 2,
    P1Fault.NOISE: lambda data: b"\xff\x00\xff\xff" + data + b"\xff" * 12,
}

GARBAGE = b"/" + bytes(byte for byte in range(256) if byte not in b"/!\r\n") * 16
