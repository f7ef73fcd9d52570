"""Binary answers of the account API as the day of a plant. Pure; for the executor.

Source of the messages: public clients that decode them. A number that is 0 is left out by
the encoder, so a missing one is 0; fields and quotas that nobody knows are passed over.
"""

from array import array
from collections.abc import Mapping, Sequence
import struct
from typing import Final
import zlib

from .series import Raw, Series, is_port, merged, tidy
from .wire import Value, fields, floats

_GZIP: Final = b"\x1f\x8b"
_MOST_BYTES: Final = 64 * 1024 * 1024
_POINT: Final = struct.Struct("<BfBfBfBf")
_POINT_TAGS: Final = (0x0D, 0x15, 0x1D, 0x25)

MICRO_QUOTAS: Final = ("MI_POWER", "MI_NET_V", "MI_NET_RATE", "MI_TEMPERATURE")
PORT_QUOTAS: Final = ("MODULE_POWER", "MODULE_V", "MODULE_I")

type Lines = dict[tuple[int, int, str], array[float]]
"""Columns by inverter, port (0: none) and quota."""


def inflated(content: bytes) -> bytes:
    """Return an answer that may come compressed; raises ValueError."""
    if not content.startswith(_GZIP):
        return content
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        data = inflate.decompress(content, _MOST_BYTES)
    except zlib.error as err:
        raise ValueError("the compressed answer is damaged") from err
    if not inflate.eof:
        raise ValueError("the compressed answer is cut off or far too long")
    return data


def read_day(content: bytes, serials: Mapping[int, str], until: int) -> tuple[Series, set[int]]:
    """Return a DayData and the numbers of inverters that are not in `serials`.

    Labels after the minute `until` are left out. Raises ValueError.
    """
    series: Series = {}
    strangers = set()
    for field, micro in fields(inflated(content)):
        if field == 3 and isinstance(micro, bytes):
            about = dict(fields(micro))
            number, raw = _whole(about.get(1)), _micro(_bytes(about.get(2)))
            if number not in serials:
                strangers.add(number)
            elif raw.labels:
                serial = serials[number]
                told = {serial: series[serial]} if serial in series else {}
                series |= merged(told, {serial: tidy(raw, until)})
    return series, strangers


def read_charts(micros: bytes, ports: bytes, serials: Mapping[int, str], until: int) -> Series:
    """Return the same of two LineCharts: that of the inverters and that of their ports."""
    labels, lines = _chart(micros)
    port_labels, port_lines = _chart(ports)
    lines |= _aligned(port_labels, port_lines, labels)
    series: Series = {}
    for number, serial in serials.items():
        # Where one was asked for, its number may be left out.
        numbers = {number, 0} if len(serials) == 1 else {number}
        own = {key[1:]: line for key, line in lines.items() if key[0] in numbers}
        if own and labels:
            series[serial] = tidy(_raw(labels, own), until)
    return series


def _micro(body: bytes) -> Raw:
    labels: list[str] = []
    packed: dict[int, bytes] = {}
    ports: dict[int, tuple[Sequence[float], ...]] = {}
    for field, value in fields(body):
        if not isinstance(value, bytes):
            continue
        if field == 2:
            labels.append(value.decode("ascii", errors="replace"))
        elif field == 4:
            about = dict(fields(value))
            if is_port(port := _whole(about.get(1))):
                ports[port] = _points(_bytes(about.get(2)))
        else:
            packed[field] = value
    frequency, temperature, voltage = (
        floats(packed.get(one, b""), len(labels)) for one in (5, 6, 7)
    )
    return Raw(labels, None, frequency, temperature, (voltage,), ports)


def _points(batch: bytes) -> tuple[Sequence[float], ...]:
    """Return the columns of a port's points: V, A, W, Wh."""
    columns = tuple(array("f") for _ in range(4))
    for field, point in fields(batch):
        if field == 1 and isinstance(point, bytes):
            for column, value in zip(columns, _point(point), strict=True):
                column.append(value)
    return columns


def _point(point: bytes) -> tuple[float, ...]:
    if len(point) == _POINT.size:
        row = _POINT.unpack(point)
        if row[::2] == _POINT_TAGS:
            return row[1::2]
    about = dict(fields(point))
    return tuple(_float(about.get(field)) for field in (1, 2, 3, 4))


def _chart(content: bytes) -> tuple[list[str], Lines]:
    labels: list[str] = []
    packed: list[tuple[tuple[int, int, str], bytes]] = []
    for field, value in fields(inflated(content)):
        if field == 1 and isinstance(value, bytes):
            labels.append(value.decode("ascii", errors="replace"))
        elif field == 2 and isinstance(value, bytes):
            about = dict(fields(value))
            quota = _bytes(about.get(1)).decode("ascii", errors="replace")
            if quota in MICRO_QUOTAS or quota in PORT_QUOTAS:
                key = _whole(about.get(3)), _whole(about.get(4)), quota
                packed.append((key, _bytes(about.get(2))))
    return labels, {key: floats(data, len(labels)) for key, data in packed}


def _aligned(labels: Sequence[str], lines: Lines, wanted: Sequence[str]) -> Lines:
    """Return lines of one axis on another one; what is missing there is not a number."""
    if labels == wanted:
        return lines
    places = {label: place for place, label in enumerate(labels)}
    order = [places.get(label, len(labels)) for label in wanted]
    return {
        key: array("f", (line[place] if place < len(line) else float("nan") for place in order))
        for key, line in lines.items()
    }


def _raw(labels: Sequence[str], lines: Mapping[tuple[int, str], Sequence[float]]) -> Raw:
    ports = sorted({port for port, _ in lines if is_port(port)})
    return Raw(
        labels=labels,
        power=lines.get((0, "MI_POWER"), ()),
        frequency=lines.get((0, "MI_NET_RATE"), ()),
        temperature=lines.get((0, "MI_TEMPERATURE"), ()),
        volts=(lines.get((0, "MI_NET_V"), ()),),
        ports={
            port: (
                lines.get((port, "MODULE_V"), ()),
                lines.get((port, "MODULE_I"), ()),
                lines.get((port, "MODULE_POWER"), ()),
                (),
            )
            for port in ports
        },
    )


def _bytes(value: Value | None) -> bytes:
    return value if isinstance(value, bytes) else b""


def _whole(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _float(value: Value | None) -> float:
    return value if isinstance(value, float) else 0.0
