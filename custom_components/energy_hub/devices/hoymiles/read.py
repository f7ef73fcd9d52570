"""Answers of the account API in words of our own. Pure.

Numbers come as text, as numbers, as null and as a dash; nothing that is strange raises.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
import math
import re
from typing import Any, Final

from ...reading import Flags
from .model import Inverter, Live, Plant, Status
from .series import is_port

_QUARTER: Final = timedelta(minutes=15)
_SLACK: Final = timedelta(minutes=6)
_MICRO: Final = 3
_OLD_WATTS: Final = 100.0
# More than any plant of micro-inverters.
_MOST_W: Final = 1e7
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 9000
_POLE: Final = 90.0
_ZONE: Final = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


def number(value: object) -> float | None:
    """Return a number, however it is written; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except ValueError, OverflowError:
        return None
    return found if math.isfinite(found) else None


def positive(value: object) -> float | None:
    """Return a number that is not below 0."""
    found = number(value)
    return None if found is None or found < 0 else found


def energy(value: object, days: int = 1) -> float | None:
    """Return an energy in Wh that a plant can give in so many days."""
    found = positive(value)
    return None if found is None or found > days * 24 * _MOST_W else found


def whole(value: object) -> int | None:
    """Return a whole number."""
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None


def text(value: object) -> str | None:
    """Return a text that is not empty."""
    return value.strip() or None if isinstance(value, str) else None


def flag(value: object) -> bool | None:
    """Return a flag; some come as 0 and 1, and numbers may be text."""
    found = value if isinstance(value, bool) else number(value)
    return None if found is None else bool(found)


def rows(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def part(value: object, name: str) -> Any:
    """Return what an object holds under a name; None where there is no object."""
    return value.get(name) if isinstance(value, dict) else None


def local_time(value: object) -> datetime | None:
    """Return a local time without its zone; the year 1, and its like, is how no time is written."""
    try:
        found = datetime.strptime(str(value), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - has no zone
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def local_date(value: object) -> date | None:
    """Return a date."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def zone_names(*values: object) -> tuple[str, ...]:
    """Return what can be names of time zones."""
    names = (text(value) for value in values)
    return tuple(dict.fromkeys(one for one in names if one and _ZONE.fullmatch(one)))


def offset_at(local: datetime | None, now: datetime) -> timedelta | None:
    """Return the offset from UTC of a clock that shows `local` now; None if that cannot be."""
    if local is None:
        return None
    exact = local.replace(tzinfo=UTC) - now
    offset = round(exact / _QUARTER) * _QUARTER
    possible = timedelta(hours=-12) <= offset <= timedelta(hours=14)
    return offset if possible and abs(exact - offset) <= _SLACK else None


def read_plants(data: object) -> list[Plant]:
    """Return the plants of a page; the home surface calls their number `sid`."""
    found = []
    for row in rows(part(data, "list")):
        plant = next((one for name in ("id", "sid") if (one := whole(row.get(name)))), None)
        if plant is not None:
            found.append(Plant(plant, text(row.get("name")) or str(plant)))
    return found


def read_inverters(data: object) -> list[Inverter]:
    """Return the micro-inverters of a device tree, at any depth, each serial once."""
    found = {one.serial: one for one in _inverters(data)}
    return sorted(found.values(), key=lambda one: one.serial)


def _inverters(data: object) -> Iterator[Inverter]:
    for node in rows(data):
        serial, about = text(node.get("sn")), node.get("extend_data")
        if serial is not None and whole(node.get("type")) == _MICRO:
            ports = part(about, "port_array")
            yield Inverter(
                serial=serial,
                number=whole(node.get("id")),
                model=text(node.get("model_no")),
                firmware=text(node.get("soft_ver")),
                ports=_ports(ports if isinstance(ports, list) else ()),
            )
        yield from _inverters(node.get("children") or node.get("devices"))


def _ports(values: Sequence[object]) -> tuple[int, ...]:
    numbers = (whole(part(one, "port") if isinstance(one, dict) else one) for one in values)
    return tuple(sorted({one for one in numbers if one is not None and is_port(one)}))


def is_place(latitude: float | None, longitude: float | None) -> bool:
    """Return whether there is such a place; where nobody said, it is 0 and 0."""
    if latitude is None or longitude is None or not (latitude or longitude):
        return False
    return abs(latitude) <= _POLE and abs(longitude) <= 2 * _POLE


def read_status(data: object, now: datetime) -> Status:
    """Return how and where a plant is; `now` is the cloud's clock."""
    zone, warn = part(data, "timezone"), part(data, "warn_data")
    capacity = positive(part(data, "capacitor"))
    if capacity is not None and capacity >= _OLD_WATTS:
        capacity /= 1000
    latitude, longitude = number(part(data, "latitude")), number(part(data, "longitude"))
    placed = is_place(latitude, longitude)
    return Status(
        flags=Flags(
            offline=flag(part(warn, "s_uoff")),
            unstable=flag(part(warn, "s_ustable")),
            unmatched=flag(part(warn, "s_uid")),
            inverter_warning=flag(part(warn, "l3_warn")),
            grid_warning=flag(part(warn, "g_warn")),
        ),
        zones=zone_names(part(zone, "name"), part(zone, "tz_name")),
        offset=offset_at(local_time(part(data, "local_time")), now),
        latitude=latitude if placed else None,
        longitude=longitude if placed else None,
        capacity_kw=capacity or None,
    )


def read_live(data: Mapping[str, Any]) -> Live:
    """Return a plant's own figures; what no plant can give would stay for a year."""
    power = positive(data.get("real_power"))
    return Live(
        local=local_time(data.get("data_time")),
        power_w=power if power is not None and power <= _MOST_W else None,
        today_wh=energy(data.get("today_eq")),
        month_wh=energy(data.get("month_eq"), 31),
        year_wh=energy(data.get("year_eq"), 366),
        total_wh=energy(data.get("total_eq"), 366 * 50),
    )
