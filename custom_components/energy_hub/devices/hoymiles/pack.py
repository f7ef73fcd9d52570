"""A plant's day in few bytes: what is kept in memory between two looks at it. Pure."""

from array import array
from collections.abc import Iterable
from itertools import accumulate, pairwise
import json
import math
import struct
from typing import Final
import zlib

from .series import Column, InverterDay, PortDay, Series

_HEAD: Final = struct.Struct("=I")
_BYTES: Final = 4
_NAN: Final = math.nan
# The cloud sends at most three decimals; 0 is unknown, and what keeps every value above it.
_PARTS: Final = 1000
_ABOVE: Final = 100 * _PARTS


def pack(series: Series) -> bytes:
    """Return a day that `unpack` understands, about a fifth of its columns in size."""
    shapes = []
    minutes = bytearray()
    cells = bytearray()
    for serial, day in series.items():
        found = [(column, _steps(column)) for column in day.columns()]
        stepped = [steps is not None for _, steps in found]
        shapes.append([serial, len(day.minutes), *day.shape(), stepped])
        minutes += day.minutes.tobytes()
        for column, steps in found:
            cells += (column if steps is None else steps).tobytes()
    head = json.dumps(shapes).encode()
    # The first bytes of all numbers are alike, and the second, and so on.
    planes = b"".join(cells[place::_BYTES] for place in range(_BYTES))
    return zlib.compress(_HEAD.pack(len(head)) + head + minutes + planes)


def unpack(packed: bytes) -> Series:
    """Return the day that was packed, in this process."""
    data = zlib.decompress(packed)
    (size,) = _HEAD.unpack_from(data)
    at = _HEAD.size + size
    shapes = json.loads(data[_HEAD.size : at])
    first = at + 2 * sum(count for _, count, *_ in shapes)
    numbers = _numbers(data[first:])
    series: Series = {}
    place = 0
    for serial, count, phases, ports, stepped in shapes:
        minutes = array("H", data[at : at + 2 * count])
        at += 2 * count
        columns = []
        for one in stepped:
            columns.append(_column(numbers[place : place + count], stepped=one))
            place += count
        power, frequency, temperature, *rest = columns
        rows = rest[phases:]
        series[serial] = InverterDay(
            minutes,
            power,
            frequency,
            temperature,
            tuple(rest[:phases]),
            {port: PortDay(*rows[4 * one : 4 * one + 4]) for one, port in enumerate(ports)},
        )
    return series


def _steps(column: Column) -> array[int] | None:
    """Return a column as whole numbers, each less the one before; None if that would lose any."""
    whole = [0 if math.isnan(one) else round(one * _PARTS) + _ABOVE for one in column]
    if _values(whole).tobytes() != column.tobytes():
        return None
    return array("i", [after - before for before, after in pairwise([0, *whole])])


def _column(numbers: array[int], *, stepped: bool) -> Column:
    return _values(accumulate(numbers)) if stepped else array("f", numbers.tobytes())


def _values(whole: Iterable[int]) -> Column:
    return array("f", [(one - _ABOVE) / _PARTS if one else _NAN for one in whole])


def _numbers(planes: bytes) -> array[int]:
    cells, count = bytearray(len(planes)), len(planes) // _BYTES
    for place in range(_BYTES):
        cells[place::_BYTES] = planes[place * count : (place + 1) * count]
    return array("i", cells)
