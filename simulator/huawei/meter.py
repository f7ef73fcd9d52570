"""The registers of the power meter that is wired to the inverter; its sign is + export."""

from collections.abc import Iterator
from math import copysign, hypot, sqrt

from simulator.world import Truth

from .cells import Cell, i16, i32, kwh, u16
from .moment import Moment

_FIELDS_32 = (37101, 37103, 37105, 37107, 37109, 37111, 37113, 37115, 37123)
_LINES_AND_POWERS = (37126, 37128, 37130, 37132, 37134, 37136)


def meter(now: Moment, *, online: bool = True) -> Iterator[Cell]:
    """Return the block at 37100; offline or not there: status 0 and nothing in its fields."""
    if not (now.inverter.meter and online):
        yield from _nothing()
        return
    truth = now.truth
    reactive_var = _reactive(truth)
    apparent_va = hypot(truth.grid_w, reactive_var)
    yield u16(37100, 1)
    yield from _phases(truth)
    yield i32(37113, -truth.grid_w)
    yield i32(37115, reactive_var)
    yield i16(37117, -truth.grid_w / apparent_va if apparent_va else 1, 1000)
    yield i16(37118, truth.frequency_hz, 100)
    yield kwh(37119, truth.export_kwh, "i")
    yield kwh(37121, truth.import_kwh, "i")
    yield i32(37123, 0, 100)
    yield u16(37125, len(truth.phases) == 3)
    yield u16(37138, 1)


def _reactive(truth: Truth) -> float:
    return sum(
        sqrt(max(0.0, (one.voltage_v * one.current_a) ** 2 - one.power_w**2))
        for one in truth.phases
    )


def _phases(truth: Truth) -> Iterator[Cell]:
    for index in range(3):
        known = truth.phases[index] if index < len(truth.phases) else None
        power_w = -known.power_w if known else 0
        current_a = copysign(known.current_a, power_w) if known else 0
        yield i32(37101 + 2 * index, known.voltage_v if known else 0, 10)
        yield i32(37107 + 2 * index, current_a, 100)
        yield i32(37132 + 2 * index, power_w)
    volts = [one.voltage_v for one in truth.phases]
    between = [(0, 1), (1, 2), (2, 0)] if len(volts) == 3 else []
    for index, (a, b) in enumerate(between):
        line_v = sqrt(volts[a] ** 2 + volts[b] ** 2 + volts[a] * volts[b])
        yield i32(37126 + 2 * index, line_v, 10)


def _nothing() -> Iterator[Cell]:
    yield u16(37100, 0)
    for address in _FIELDS_32 + _LINES_AND_POWERS:
        yield i32(address, None)
    yield i16(37117, None)
    yield i16(37118, None)
    yield kwh(37119, None, "i")
    yield kwh(37121, None, "i")
    yield u16(37125, None)
    yield u16(37138, None)
