"""What a weather service replied, as quarters of weather. Pure.

The interface is that of Open-Meteo: a label of light is the end of the quarter or hour
that it is the mean of, one of temperature is a moment.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from ..plan.sky import HOUR, QUARTER, Light, Sky

LIGHT: Final = ("shortwave_radiation", "direct_normal_irradiance", "diffuse_radiation")
AIR: Final = "temperature_2m"
COLUMNS: Final = (*LIGHT, AIR)
_UNITS: Final = dict.fromkeys(LIGHT, "W/m²") | {AIR: "°C", "time": "unixtime"}
# No sun gives more, and no weather is warmer or colder.
_LIGHT_RANGE: Final = (-5.0, 1600.0)
_AIR_RANGE: Final = (-95.0, 65.0)


class RubbishError(ValueError):
    """What was replied is not weather."""


def quarters(body: Any) -> list[Sky]:
    """Return the quarters of a forecast; raises RubbishError."""
    return list(_skies(body, "minutely_15", QUARTER))


def hours(body: Any) -> list[Sky]:
    """Return the hours of an archive as skies of an hour each; raises RubbishError."""
    return list(_skies(body, "hourly", HOUR))


def _skies(body: Any, section: str, step: timedelta) -> Sequence[Sky]:
    columns = _columns(body, section)
    ends = [_moment(one) for one in columns["time"]]
    if any(last - first != step for first, last in pairwise(ends)):
        raise RubbishError("the labels are not even")
    light = [_numbers(columns[name], _LIGHT_RANGE) for name in LIGHT]
    air = _numbers(columns[AIR], _AIR_RANGE)
    found = []
    for place, end in enumerate(ends):
        level, direct, diffuse = (column[place] for column in light)
        found.append(
            Sky(
                end - step,
                None
                if level is None or direct is None or diffuse is None
                else Light(max(0.0, level), max(0.0, direct), max(0.0, diffuse)),
                _mean(air[place - 1] if place else None, air[place]),
            )
        )
    if all(one.light is None for one in found):
        raise RubbishError("there is no light in it")
    return found


def _columns(body: Any, section: str) -> Mapping[str, list[Any]]:
    if not isinstance(body, dict):
        raise RubbishError("it is no object")
    units, columns = body.get(f"{section}_units"), body.get(section)
    if not isinstance(units, dict) or not isinstance(columns, dict):
        raise RubbishError(f"there is no {section}")
    for name, unit in _UNITS.items():
        if units.get(name) != unit:
            raise RubbishError(f"{name} is in {units.get(name)!r}")
        if not isinstance(columns.get(name), list):
            raise RubbishError(f"there is no {name}")
    if len({len(columns[name]) for name in _UNITS}) != 1:
        raise RubbishError("the columns are not equally long")
    return columns


def _moment(label: Any) -> datetime:
    if isinstance(label, bool) or not isinstance(label, int):
        raise RubbishError(f"{label!r} is no time")
    try:
        at = datetime.fromtimestamp(label, UTC)
    except (OverflowError, OSError, ValueError) as err:
        raise RubbishError(f"{label} is no time") from err
    if at.timestamp() % QUARTER.total_seconds():
        raise RubbishError(f"{at} is not on a quarter")
    return at


def _numbers(column: list[Any], limits: tuple[float, float]) -> list[float | None]:
    least, most = limits
    for one in column:
        if one is None:
            continue
        if isinstance(one, bool) or not isinstance(one, int | float) or not least <= one <= most:
            raise RubbishError(f"{one!r} is not possible")
    return column


def _mean(first: float | None, last: float | None) -> float | None:
    if first is None or last is None:
        return last
    return (first + last) / 2
