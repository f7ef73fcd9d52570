"""Answers of the key API in words of our own. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
import re
from typing import Any, Final

from ...reading import Flags
from .model import Inverter, Plant, Status
from .read import energy, flag, local_date, number, part, rows, text, whole, zone_names
from .series import InverterDay, Raw, is_port, tidy

_OFFSET: Final = re.compile(r"\(UTC([+-])(\d{1,2}):?(\d{2})\)")
_NAN: Final = float("nan")
_HOURS: Final = 14


def read_stations(data: object) -> tuple[list[Plant], int | None]:
    """Return the plants of a page and the cursor of the next one."""
    plants = []
    for row in rows(part(data, "stations")):
        plant = whole(row.get("id"))
        if plant is not None:
            plants.append(Plant(plant, text(row.get("station_name")) or str(plant)))
    return plants, whole(part(data, "next"))


def read_devices(data: object) -> list[Inverter]:
    """Return the inverters of a plant; the cloud repeats some."""
    serials = {text(row.get("mi_sn")) for row in rows(part(data, "micro_datas"))}
    return [Inverter(serial) for serial in sorted(one for one in serials if one)]


def read_flags(data: object) -> Status:
    """Return how a plant is, and its offset from UTC; the zone's name can be wrong."""
    return Status(
        flags=Flags(
            offline=flag(part(data, "offline")),
            unstable=flag(part(data, "unstable")),
            unmatched=flag(part(data, "umatched")),
            inverter_warning=flag(part(data, "mi_warn")),
            grid_warning=flag(part(data, "g_warn")),
        ),
        zones=zone_names(part(data, "tz")),
        offset=_offset(text(part(data, "last_at")) or ""),
    )


def read_days(data: object) -> dict[date, float]:
    """Return the energies of past days in Wh."""
    found = {}
    for row in rows(data):
        day, wh = local_date(row.get("report_date")), energy(row.get("total_energy"))
        if day is not None and wh is not None:
            found[day] = wh
    return found


def read_samples(data: object, until: int) -> InverterDay | None:
    """Return the day of an inverter; None when there is nothing of it.

    Ports are known by their number: order and completeness of the list mean nothing.
    """
    samples = list(rows(data))
    if not samples:
        return None
    cells: dict[int, list[tuple[float, ...]]] = {}
    empty = (_NAN,) * 4
    for place, sample in enumerate(samples):
        for cell in rows(sample.get("dc")):
            port = whole(cell.get("port"))
            if port is not None and is_port(port):
                column = cells.setdefault(port, [])
                column += [empty] * (place + 1 - len(column))
                column[place] = tuple(_real(cell.get(name)) for name in ("u", "i", "p", "tp"))
    return tidy(
        Raw(
            labels=[str(sample.get("time")) for sample in samples],
            power=_column(samples, "p"),
            frequency=_column(samples, "freq"),
            temperature=_column(samples, "temp"),
            volts=tuple(_column(samples, name) for name in ("ua", "ub", "uc")),
            ports={port: tuple(zip(*column, strict=True)) for port, column in cells.items()},
        ),
        until,
    )


def _column(samples: Sequence[Any], name: str) -> list[float]:
    return [_real(part(sample.get("ac"), name)) for sample in samples]


def _real(value: object) -> float:
    found = number(value)
    return _NAN if found is None else found


def _offset(last_at: str) -> timedelta | None:
    match = _OFFSET.search(last_at)
    if match is None:
        return None
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset > timedelta(hours=_HOURS) or int(minutes) > 59:
        return None
    return -offset if sign == "-" else offset
