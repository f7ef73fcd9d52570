"""Reading single fields of what the ECU says: what is impossible is not known."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any


def number(
    source: Any, name: str, *, per: float = 1, low: float = -1e9, high: float = 1e9
) -> float | None:
    """Return a number over `per`; None if it is missing, no number, or not within the range."""
    raw = source.get(name) if isinstance(source, Mapping) else None
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not isfinite(raw):
        return None
    value = raw / per
    return value if low <= value <= high else None


def whole(source: Any, name: str, *, low: int, high: int) -> int | None:
    """Return a whole number; None as `number` does, and for a fraction."""
    value = number(source, name, low=low, high=high)
    return None if value is None or value != int(value) else int(value)


def part(source: Any, name: str) -> Mapping[str, Any]:
    """Return an object inside an object; empty when there is none."""
    found = source.get(name) if isinstance(source, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def rows(source: Any, name: str | None = None) -> Sequence[Mapping[str, Any]]:
    """Return the objects of a list, or of the list of this name; empty when there is none."""
    found = source if name is None else part({"": source}, "").get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def text(source: Any, name: str) -> str | None:
    """Return a text that is not empty; None when there is none."""
    found = source.get(name) if isinstance(source, Mapping) else None
    return found if isinstance(found, str) and found else None


def texts(source: Any, name: str) -> tuple[str, ...]:
    """Return the texts of a list; empty when there is none."""
    found = source.get(name) if isinstance(source, Mapping) else None
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def total(values: Iterable[float | None]) -> float | None:
    """Return the sum; None for no values, or when one of them is not known."""
    known = list(values)
    if not known or None in known:
        return None
    return sum(one for one in known if one is not None)


def expect(right: bool, what: str) -> None:
    """Return if a document is what it should be; raises ValueError."""
    if not right:
        raise ValueError(f"no {what}")
