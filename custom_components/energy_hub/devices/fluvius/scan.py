"""What changes every second in a telegram, read without a parser.

A meter sends a telegram a second of which a dozen values matter now; scanning them takes
a tenth of the time of parsing everything. All other lines are kept as they are: when
they differ from the last ones, the whole telegram is parsed (`client.parse`).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final


@dataclass(slots=True)
class Live:
    """The values of one telegram that change every second; None where it has none."""

    at: datetime
    """The meter's own time (UTC); that of its arrival where it has none."""
    tariff: int | None = None
    """1 = day, 2 = night: the other way round than in the Netherlands."""
    import_day_kwh: float | None = None
    import_night_kwh: float | None = None
    export_day_kwh: float | None = None
    export_night_kwh: float | None = None
    import_w: float | None = None
    export_w: float | None = None
    import_l1_w: float | None = None
    import_l2_w: float | None = None
    import_l3_w: float | None = None
    export_l1_w: float | None = None
    export_l2_w: float | None = None
    export_l3_w: float | None = None
    voltage_l1: float | None = None
    voltage_l2: float | None = None
    voltage_l3: float | None = None
    current_l1: float | None = None
    current_l2: float | None = None
    current_l3: float | None = None
    quarter_w: float | None = None
    """Import of the running quarter so far, as if spread over the whole quarter."""
    slow: list[bytes] = field(default_factory=list, repr=False)
    """The lines that are none of the above."""


# Object -> field, unit, factor (e-MUCS P1, sections 5 and 6; registers net of phases).
_VALUES: Final[dict[bytes, tuple[str, bytes, int]]] = {
    b"1-0:1.8.1": ("import_day_kwh", b"kWh", 1),
    b"1-0:1.8.2": ("import_night_kwh", b"kWh", 1),
    b"1-0:2.8.1": ("export_day_kwh", b"kWh", 1),
    b"1-0:2.8.2": ("export_night_kwh", b"kWh", 1),
    b"1-0:1.7.0": ("import_w", b"kW", 1000),
    b"1-0:2.7.0": ("export_w", b"kW", 1000),
    b"1-0:21.7.0": ("import_l1_w", b"kW", 1000),
    b"1-0:41.7.0": ("import_l2_w", b"kW", 1000),
    b"1-0:61.7.0": ("import_l3_w", b"kW", 1000),
    b"1-0:22.7.0": ("export_l1_w", b"kW", 1000),
    b"1-0:42.7.0": ("export_l2_w", b"kW", 1000),
    b"1-0:62.7.0": ("export_l3_w", b"kW", 1000),
    b"1-0:32.7.0": ("voltage_l1", b"V", 1),
    b"1-0:52.7.0": ("voltage_l2", b"V", 1),
    b"1-0:72.7.0": ("voltage_l3", b"V", 1),
    b"1-0:31.7.0": ("current_l1", b"A", 1),
    b"1-0:51.7.0": ("current_l2", b"A", 1),
    b"1-0:71.7.0": ("current_l3", b"A", 1),
    b"1-0:1.4.0": ("quarter_w", b"kW", 1000),
}
_LONGEST_NUMBER: Final = len(b"000000.000")
_TIME: Final = b"0-0:1.0.0"
_TARIFF: Final = b"0-0:96.14.0"
_SUMMER: Final = timedelta(hours=2)
_WINTER: Final = timedelta(hours=1)


def scan(frame: bytes, arrived: datetime) -> Live:
    """Return the live values of a telegram; `arrived` is its time where it says none.

    A value that is no plain number in the expected unit is None: it never becomes a
    number. Where an object stands twice, the last one counts, as in dsmr-parser.
    """
    at: datetime | None = None
    tariff: int | None = None
    values: dict[str, float | None] = {}
    slow: list[bytes] = []
    for line in frame.split(b"\r\n")[1:-2]:
        name, _, rest = line.partition(b"(")
        if (known := _VALUES.get(name)) is not None:
            values[known[0]] = _number(rest, known[1], known[2])
        elif name == _TIME:
            at = _time(rest[:-1])
        elif name == _TARIFF:
            tariff = int(rest[:-1]) if rest[:-1].isdigit() else None
        else:
            slow.append(line)
    return Live(at or arrived, tariff, **values, slow=slow)


# Most numbers of a telegram stood in one of the last ones too.
@lru_cache(maxsize=1024)
def _number(rest: bytes, unit: bytes, factor: int) -> float | None:
    """Return the number of `12.345*kW)` times `factor`."""
    text, _, found = rest.partition(b"*")
    if (
        found[:-1] != unit
        or len(text) > _LONGEST_NUMBER
        or not text.replace(b".", b"", 1).isdigit()
    ):
        return None
    return float(text) if factor == 1 else round(float(text) * factor, 3)


def _time(text: bytes) -> datetime | None:
    """Return `YYMMDDhhmmssX` in UTC; S and W are Belgian summer and winter time.

    None for anything else, such as the 632525252525W of a meter without a clock.
    """
    if len(text) != 13 or not text[:12].isdigit() or text[12:] not in b"SW":
        return None
    year, month, day, hour, minute, second = (int(text[i : i + 2]) for i in range(0, 12, 2))
    try:
        local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return local - (_SUMMER if text[12:] == b"S" else _WINTER)
