"""The binary answers of the account API.

Source: public clients that decode them; the messages are those of `module/data` and
`micro/data`. Axis and columns are of the same length, a port that does not exist is missing.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from .micro import MicroSample, PortSample
from .wire import data, floats, shorts, single, text, texts, whole

UNKNOWN: Final = data(60, b"\x08\x01") + single(61, 1.5) + whole(62, 7)
"""Fields that no client knows, one of each form."""


def day_data(plant: int, day: str, micros: Iterable[tuple[int, Sequence[MicroSample]]]) -> bytes:
    """Return a DayData: the whole day of a plant, inverters by their number in the cloud."""
    body = b"".join(
        data(3, whole(1, number) + data(2, _micro_body(samples))) for number, samples in micros
    )
    return whole(1, plant) + text(2, day) + body


def line_chart(
    labels: Sequence[str], lines: Iterable[tuple[str, int, int, Sequence[float]]], *, wide: bool
) -> bytes:
    """Return a LineChart: lines by quota, inverter and port (0: none)."""
    return texts(1, labels) + b"".join(
        data(2, text(1, quota) + floats(2, values, wide=wide) + whole(3, number) + whole(4, port))
        for quota, number, port, values in lines
    )


def _micro_body(samples: Sequence[MicroSample]) -> bytes:
    if not samples:
        return b""
    return b"".join(
        (
            texts(2, (one.label for one in samples)),
            b"".join(data(4, _port(number, samples)) for number in _ports(samples)),
            floats(5, [one.frequency_hz for one in samples]),
            floats(6, [one.temperature_c for one in samples]),
            floats(7, [one.volts[0] for one in samples]),
            shorts(8, [0] * len(samples)),
            shorts(9, [0] * len(samples)),
        )
    )


def _ports(samples: Sequence[MicroSample]) -> list[int]:
    return sorted({port.port for one in samples for port in one.ports})


def _port(number: int, samples: Sequence[MicroSample]) -> bytes:
    points = []
    last = PortSample(number, 0.0, 0.0, 0.0, 0)
    for sample in samples:
        found = next((one for one in sample.ports if one.port == number), None)
        # A chart has no gaps: what does not answer is 0, and keeps its energy.
        last = found or PortSample(number, 0.0, 0.0, 0.0, last.energy_wh)
        points.append(data(1, _point(last)))
    return whole(1, number) + data(2, b"".join(points))


def _point(port: PortSample) -> bytes:
    return b"".join(
        (
            single(1, port.voltage_v),
            single(2, port.current_a),
            single(3, port.power_w),
            single(4, port.energy_wh),
        )
    )
