"""The registers of the LUNA2000 units; power and current are + charging."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simulator.world import Battery, Truth

from .cells import Cell, i16, i32, kwh, text, u16, u32
from .moment import Moment, Unit

_BUS_V = 430.0
_STANDBY, _RUNNING = 1, 2
_PACKS_OF_A_UNIT = 3
_PACK_WORDS = 42
_VERSION = "V100R002C00SPC199"


class _Unit(NamedTuple):
    """The addresses of a unit's values."""

    status: int
    power: int
    voltage: int
    soc: int
    charged_day: int
    discharged_day: int
    current: int
    temperature: int
    serial: int
    charged: int
    discharged: int
    version: int


_UNITS = (
    _Unit(37000, 37001, 37003, 37004, 37015, 37017, 37021, 37022, 37052, 37066, 37068, 37814),
    _Unit(37741, 37743, 37750, 37738, 37746, 37748, 37751, 37752, 37700, 37753, 37755, 37799),
)


def serial(battery: Battery, number: int) -> str:
    """Return the made-up serial number of a battery unit, 0 or 1."""
    return f"BT99{battery.capacity_wh:05d}00{number + 1}"


def unit(now: Moment, number: int) -> Iterator[Cell]:
    """Return the values of one unit, wherever its registers lie."""
    at, one = _UNITS[number], now.units[number]
    truth, start = one.truth, now.day.batteries[one.battery.id]
    yield u16(at.status, _status([one]))
    yield i32(at.power, one.charge_w)
    yield u16(at.voltage, _BUS_V, 10)
    yield u16(at.soc, truth.soc_percent, 10)
    yield kwh(at.charged_day, truth.charged_kwh - start.charged_kwh)
    yield kwh(at.discharged_day, truth.discharged_kwh - start.discharged_kwh)
    yield i16(at.current, one.charge_w / _BUS_V, 10)
    yield i16(at.temperature, _temperature_c(now, one), 10)
    yield text(at.serial, 10, serial(one.battery, number))
    yield kwh(at.charged, truth.charged_kwh)
    yield kwh(at.discharged, truth.discharged_kwh)
    yield text(at.version, 15, _VERSION)


def first_unit(now: Moment, mode: int, left_min: int | None) -> Iterator[Cell]:
    """Return what the block at 37000 adds: working mode, limits, minutes left of a command."""
    yield u16(37006, mode)
    yield u32(37007, now.units[0].battery.charge_w)
    yield u32(37009, now.units[0].battery.discharge_w)
    yield u16(37014, 0)
    yield u16(37025, left_min)
    yield text(37026, 10, "V100R002C00")
    yield text(37036, 10, "V100R002C00")
    yield u32(37046, sum(one.battery.charge_w for one in now.units))
    yield u32(37048, sum(one.battery.discharge_w for one in now.units))


def bank(now: Moment) -> Iterator[Cell]:
    """Return the block at 37758: all units together."""
    units = now.units
    power_w = sum(one.charge_w for one in units)
    capacity_wh = sum(one.battery.capacity_wh for one in units)
    yield u32(37758, capacity_wh)
    yield u16(37760, 100_000 * sum(one.truth.stored_kwh for one in units) / capacity_wh, 10)
    yield u16(37762, _status(units))
    yield u16(37763, _BUS_V, 10)
    yield i16(37764, power_w / _BUS_V, 10)
    yield i32(37765, power_w)
    charged, discharged = _energies(now, now.truth)
    charged_before, discharged_before = _energies(now, now.day)
    yield kwh(37780, charged)
    yield kwh(37782, discharged)
    yield kwh(37784, charged - charged_before)
    yield kwh(37786, discharged - discharged_before)


def packs(now: Moment) -> Iterator[Cell]:
    """Return the blocks from 38200: each unit is one pack, the other places are empty."""
    for number in range(len(_UNITS)):
        one = now.units[number] if number < len(now.units) else None
        for place in range(_PACKS_OF_A_UNIT):
            cells = _pack(now, _PACKS_OF_A_UNIT * number + place, one or now.units[0])
            for cell in cells:
                yield cell if one and place == 0 else cell._replace(raw=None)


def _pack(now: Moment, index: int, one: Unit) -> Iterator[Cell]:
    base, truth = 38200 + _PACK_WORDS * index, one.truth
    yield text(base, 10, f"PK99{one.battery.capacity_wh:05d}00{index + 1}")
    yield text(base + 10, 15, _VERSION)
    yield u16(base + 28, _status([one]))
    yield u16(base + 29, truth.soc_percent, 10)
    yield i32(base + 33, one.charge_w)
    yield u16(base + 35, _BUS_V, 10)
    yield i16(base + 36, one.charge_w / _BUS_V, 10)
    yield kwh(base + 38, truth.charged_kwh)
    yield kwh(base + 40, truth.discharged_kwh)
    warm_c = _temperature_c(now, one)
    yield i16(38452 + 2 * index, warm_c, 10)
    yield i16(38453 + 2 * index, warm_c - 1.5, 10)


def _energies(now: Moment, truth: Truth) -> tuple[float, float]:
    found = [truth.batteries[one.battery.id] for one in now.units]
    return sum(one.charged_kwh for one in found), sum(one.discharged_kwh for one in found)


def _status(units: Sequence[Unit]) -> int:
    return _RUNNING if any(one.truth.power_w for one in units) else _STANDBY


def _temperature_c(now: Moment, one: Unit) -> float:
    return 18.0 + 0.2 * now.truth.temperature_c + abs(one.charge_w) / 500
