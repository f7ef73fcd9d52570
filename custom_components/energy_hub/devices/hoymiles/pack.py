"""A plant's day in few bytes: what is kept in memory between two looks at it. Pure."""

from array import array
import json
import struct
from typing import Final
import zlib

from .series import InverterDay, PortDay, Series

_HEAD: Final = struct.Struct("=I")


def pack(series: Series) -> bytes:
    """Return a day that `unpack` understands, about a third of its columns in size."""
    shapes = []
    parts = []
    for serial, day in series.items():
        phases, ports = day.shape()
        shapes.append([serial, len(day.minutes), phases, ports])
        parts += [day.minutes.tobytes(), *(column.tobytes() for column in day.columns())]
    head = json.dumps(shapes).encode()
    return zlib.compress(_HEAD.pack(len(head)) + head + b"".join(parts), level=1)


def unpack(packed: bytes) -> Series:
    """Return the day that was packed, in this process."""
    data = zlib.decompress(packed)
    (size,) = _HEAD.unpack_from(data)
    at = _HEAD.size + size
    series: Series = {}
    for serial, count, phases, ports in json.loads(data[_HEAD.size : at]):
        minutes = array("H", data[at : at + 2 * count])
        at += 2 * count
        columns = []
        for _ in range(3 + phases + 4 * len(ports)):
            columns.append(array("f", data[at : at + 4 * count]))
            at += 4 * count
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
