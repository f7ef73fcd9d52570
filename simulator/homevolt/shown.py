"""Changes what the documents show: counters that are wrong, fields that are missing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from .faults import HomevoltFault

type Path_ = tuple[str | int, ...]

_JUMP_KWH: Final = 50_000
_OLD_MS: Final = 600_000
_TIMES: Final = frozenset({"timestamp", "timestamp_ms"})
_COUNTERS: Final = {
    "imported_kwh": 1,
    "exported_kwh": 1,
    "energy_imported": 1,
    "energy_exported": 1,
    "energy_produced": 1000,
    "energy_consumed": 1000,
}
"""Names of energy counters and how many of their unit are a kWh."""
_SPOILED: Final = frozenset(
    {
        "avail_cap",
        "ems_aggregate",
        "energy_imported",
        "frequency",
        "l2",
        "rated_power",
        "setpoint",
        "soc_avg",
        "sys_temp",
        "total_power",
        "up_time",
    }
)


class Shown:
    """What is shown while these switches are on; `base` holds the counters of a reset."""

    def __init__(self, fault: Callable[[HomevoltFault], bool], base: Mapping[Path_, float]) -> None:
        """Apply what `fault` says."""
        self._fault: Final = fault
        self._base: Final = base

    def document(self, document: Any) -> Any:
        """Return the document as it is shown."""
        if isinstance(document, dict):
            if self._fault(HomevoltFault.NO_SUM):
                document.pop("aggregated", None)
            if self._fault(HomevoltFault.CLAMP_GONE):
                _lose(document)
            if self._fault(HomevoltFault.CLAMP_STALE):
                _age([one for one in document.get("sensors", []) if _is_solar(one)])
            if self._fault(HomevoltFault.SECOND_STALE):
                _age([one["ems_data"] for one in document.get("ems", [])[1:]])
        return self._value((), document)

    def _value(self, path: Path_, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: self._value((*path, key), self._spoil(key, one))
                for key, one in value.items()
                if key not in _SPOILED or not self._fault(HomevoltFault.MISSING)
            }
        if isinstance(value, list):
            return [self._value((*path, place), one) for place, one in enumerate(value)]
        if path and path[-1] in _COUNTERS and isinstance(value, (int, float)):
            return self._counted(path, value)
        return value

    def _spoil(self, key: str, value: Any) -> Any:
        if key in _SPOILED and self._fault(HomevoltFault.NULLS):
            return None
        if key in _SPOILED and self._fault(HomevoltFault.WORDS):
            return "nonsense"
        return value

    def _counted(self, path: Path_, value: float) -> float:
        if self._fault(HomevoltFault.COUNTER_ZERO):
            return 0
        if self._fault(HomevoltFault.COUNTER_RESET):
            value = round(max(0, value - self._base.get(path, 0)), 2)
        jump = _JUMP_KWH * _COUNTERS[str(path[-1])]
        return value + jump * self._fault(HomevoltFault.COUNTER_JUMP)


def counters(document: Any, path: Path_ = ()) -> Iterator[tuple[Path_, float]]:
    """Yield every energy counter of a document with its place."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key in _COUNTERS:
                yield (*path, key), value
            else:
                yield from counters(value, (*path, key))
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from counters(value, (*path, place))


def _is_solar(sensor: dict[str, Any]) -> bool:
    return "solar" in {sensor.get("function"), sensor.get("type")}


def _lose(document: dict[str, Any]) -> None:
    for sensor in document.get("sensors", []):
        if _is_solar(sensor):
            sensor["available"] = False


def _age(parts: Iterable[dict[str, Any]]) -> None:
    for part in parts:
        for name in _TIMES & part.keys():
            part[name] -= _OLD_MS
