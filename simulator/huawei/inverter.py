"""The registers of the inverter itself; addresses, types and gains as in Huawei's definitions.

Two blocks: what it is (30000), what it does (32000 to 32231).
"""

from collections.abc import Iterator
from enum import IntEnum
from math import sqrt
from typing import NamedTuple

from .cells import Cell, bits, i16, i32, kwh, text, u16, u32
from .moment import Moment

MOST_STRINGS = 24
_PANEL_V = 33.5
_WARMER_C = 11.0
_WARMEST_C = 24.0
"""How much warmer than the air it is inside: idle, and beyond that at rated power."""


class Status(IntEnum):
    """The values of 32089 that a healthy inverter shows."""

    STANDBY = 0x0002
    """Standby, irradiation check."""
    ON_GRID = 0x0200
    LIMITED = 0x0201
    STOPPED = 0x0301
    """Shutdown by command."""


_STATE_1 = {
    Status.STANDBY: 1 << 0,
    Status.ON_GRID: 1 << 1 | 1 << 2,
    Status.LIMITED: 1 << 1 | 1 << 3,
    Status.STOPPED: 1 << 7 | 1 << 8,
}


class String(NamedTuple):
    """One string of panels: its part of the array, V, A."""

    part: float
    voltage_v: float
    current_a: float


def strings(now: Moment) -> list[String]:
    """Return the strings; the panels are spread over them as evenly as they go."""
    count, panels = now.inverter.strings, now.array.panels
    found = []
    for index in range(count):
        length = panels // count + (index < panels % count)
        part = length / panels
        voltage_v = length * _PANEL_V if now.array_w else 0.0
        current_a = now.dc_w * part / voltage_v if voltage_v else 0.0
        found.append(String(part, voltage_v, current_a))
    return found


def status(now: Moment, *, stopped: bool) -> Status:
    """Return the device status."""
    if stopped:
        return Status.STOPPED
    if now.output.cut_w:
        return Status.LIMITED
    busy = now.array_w or any(one.truth.power_w for one in now.units)
    return Status.ON_GRID if busy else Status.STANDBY


def identity(now: Moment) -> Iterator[Cell]:
    """Return the block at 30000; versions are made up."""
    inverter = now.inverter
    yield text(30000, 15, inverter.model)
    yield text(30015, 10, inverter.serial)
    yield text(30025, 10, "01079900-001")
    yield text(30035, 15, "V100R001C00")
    yield text(30050, 15, "V100R001C00SPC199")
    yield u32(30068, 3)
    yield u16(30070, 424)
    yield u16(30071, inverter.strings)
    yield u16(30072, inverter.strings)
    yield u32(30073, inverter.rated_w)
    yield u32(30075, now.limit_w)
    yield u32(30077, now.limit_w)
    yield i32(30079, now.limit_w * 6 // 10)
    yield i32(30081, -now.limit_w * 6 // 10)


def state(now: Moment, *, stopped: bool) -> Iterator[Cell]:
    """Return the block at 32000: states, alarms, strings (those it does not have show 0)."""
    yield u16(32000, _STATE_1[status(now, stopped=stopped)])
    yield u16(32002, 1 | (now.array_w > 0) << 1 | 1 << 2)
    yield bits(32003, 0, "I")
    for address in (32008, 32009, 32010):
        yield bits(address, 0)
    for index, one in enumerate(strings(now)):
        yield i16(32016 + 2 * index, one.voltage_v, 10)
        yield i16(32017 + 2 * index, one.current_a, 100)


def live(now: Moment, *, stopped: bool) -> Iterator[Cell]:
    """Return the block at 32064: powers, voltages, status, yields."""
    yield i32(32064, now.dc_w)
    yield from _lines(now)
    yield i32(32078, now.output.peak_w)
    yield i32(32080, now.output_w)
    yield i32(32082, 0)
    yield i16(32084, 1 if now.output_w else 0, 1000)
    yield u16(32085, now.truth.frequency_hz, 100)
    yield u16(32086, 100 * now.inverter.efficiency if now.array_w else 0, 100)
    warmer_c = _WARMER_C + _WARMEST_C * abs(now.output_w) / now.inverter.rated_w
    yield i16(32087, now.truth.temperature_c + warmer_c, 10)
    yield u16(32088, 3.0, 1000)
    yield u16(32089, status(now, stopped=stopped))
    yield u16(32090, 0)
    yield u32(32091, now.local_epoch(now.wake))
    yield u32(32093, now.local_epoch(now.rest))
    yield i32(32095, now.output_w)
    yield from _yields(now)


def _lines(now: Moment) -> Iterator[Cell]:
    """Yield the AC side; a single-phase inverter shows 0 where it has no wire."""
    volts = [one.voltage_v for one in now.truth.phases][: now.inverter.phases]
    amps = [abs(now.output_w) / len(volts) / one for one in volts]
    missing = 3 - len(volts)
    if missing:
        between = [volts[0], 0.0, 0.0]
    else:
        a, b, c = volts
        between = [sqrt(x * x + y * y + x * y) for x, y in ((a, b), (b, c), (c, a))]
    for index, (line_v, phase_v, phase_a) in enumerate(
        zip(between, volts + [0.0] * missing, amps + [0.0] * missing, strict=True)
    ):
        yield u16(32066 + index, line_v, 10)
        yield u16(32069 + index, phase_v, 10)
        yield i32(32072 + 2 * index, phase_a, 1000)


def _yields(now: Moment) -> Iterator[Cell]:
    """Yield the energies: 32108 counts panels (DC), the others what leaves the AC side."""
    total_kwh = now.ac_kwh(now.truth)
    yield kwh(32106, total_kwh)
    yield kwh(32108, now.dc_kwh(now.truth))
    yield u32(32110, now.local_epoch(now.at))
    for index, start in enumerate((now.hour, now.day, now.month, now.year)):
        yield kwh(32112 + 2 * index, total_kwh - now.ac_kwh(start))


def trackers(now: Moment) -> Iterator[Cell]:
    """Return the block at 32212: DC energy of each of ten MPP trackers, one for each string."""
    for index, one in enumerate(strings(now)):
        yield kwh(32212 + 2 * index, now.dc_kwh(now.truth) * one.part)


def optimizers(_now: Moment) -> Iterator[Cell]:
    """Return the block at 37200: there are none."""
    yield u16(37200, 0)
    yield u16(37201, 0)


def clock(now: Moment) -> Iterator[Cell]:
    """Return the three registers that tell its local time."""
    local = now.local
    offset, summer = local.utcoffset(), bool(local.dst())
    minutes = 0 if offset is None else offset.total_seconds() / 60 - 60 * summer
    yield u32(40000, now.local_epoch(now.at))
    yield u16(42900, summer)
    yield i16(43006, minutes)
