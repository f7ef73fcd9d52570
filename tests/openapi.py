"""Holds values against docs/enrg-openapi.yaml: as much of JSON Schema 2020-12 as it uses.

A keyword that is not known here is an error, so that nothing is silently not looked at.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
import re
from typing import Any, Final
from uuid import UUID

import yaml

_FILE: Final = Path(__file__).parents[1] / "docs" / "enrg-openapi.yaml"
_TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date-time": lambda text: datetime.fromisoformat(text).tzinfo is not None,
    "uuid": lambda text: bool(UUID(text)),
}
_SAYS_NOTHING: Final = {"description", "writeOnly"}


class SchemaError(AssertionError):
    """A value is not what the document says."""


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def resolve(pointer: str) -> Any:
    """Return what a reference inside the document points to."""
    place: Any = document()
    for name in pointer.removeprefix("#/").split("/"):
        place = place[name]
    return place


def check(value: object, schema: str) -> None:
    """Raise SchemaError unless a value is what the named schema says."""
    _check(value, {"$ref": f"#/components/schemas/{schema}"}, schema)


def response_schema(path: str, method: str, status: int) -> dict[str, Any]:
    """Return the schema of an answer; raises KeyError when the document has no such answer."""
    response = document()["paths"][path][method]["responses"][str(status)]
    if "$ref" in response:
        response = resolve(response["$ref"])
    schema: dict[str, Any] = response["content"]["application/json"]["schema"]
    return schema


def check_response(value: object, path: str, method: str, status: int) -> None:
    """Raise SchemaError unless an answer is what the document says, KeyError if it says none."""
    _check(value, response_schema(path, method, status), f"{status} of {path}")


def _check(value: Any, schema: Mapping[str, Any], where: str) -> set[str]:
    """Hold a value against a schema; return the names of the properties that were seen."""
    seen: set[str] = set()
    for keyword, wanted in schema.items():
        if keyword in _SAYS_NOTHING or keyword == "unevaluatedProperties":
            continue
        seen |= _KEYWORDS[keyword](value, wanted, where) or set()
    if schema.get("unevaluatedProperties") is False and isinstance(value, dict):
        _demand(value.keys() <= seen, where, f"unknown: {sorted(value.keys() - seen)}")
    return seen


def _demand(good: bool, where: str, why: str) -> None:
    if not good:
        raise SchemaError(f"{where}: {why}")


def _ref(value: Any, pointer: str, where: str) -> set[str]:
    return _check(value, resolve(pointer), where)


def _type(value: Any, wanted: str | list[str], where: str) -> None:
    names = [wanted] if isinstance(wanted, str) else wanted
    _demand(any(_TYPES[name](value) for name in names), where, f"{value!r} is not {names}")


def _properties(value: Any, wanted: Mapping[str, Any], where: str) -> set[str]:
    if not isinstance(value, dict):
        return set()
    seen = wanted.keys() & value.keys()
    for name in seen:
        _check(value[name], wanted[name], f"{where}.{name}")
    return set(seen)


def _patterns(value: Any, wanted: Mapping[str, Any], where: str) -> set[str]:
    seen = {name for name in value for pattern in wanted if re.search(pattern, name)}
    for name in seen:
        for pattern, schema in wanted.items():
            if re.search(pattern, name):
                _check(value[name], schema, f"{where}.{name}")
    return seen


def _items(value: Any, wanted: Mapping[str, Any], where: str) -> None:
    for place, item in enumerate(value if isinstance(value, list) else []):
        _check(item, wanted, f"{where}[{place}]")


def _all_of(value: Any, wanted: list[Mapping[str, Any]], where: str) -> set[str]:
    return {name for schema in wanted for name in _check(value, schema, where)}


def _one_of(value: Any, wanted: list[Mapping[str, Any]], where: str) -> None:
    good = 0
    for schema in wanted:
        try:
            _check(value, schema, where)
        except SchemaError:
            continue
        good += 1
    _demand(good == 1, where, f"{good} of {len(wanted)} schemas fit {value!r}")


def _format(value: Any, wanted: str, where: str) -> None:
    try:
        good = _FORMATS[wanted](value)
    except ValueError:
        good = False
    _demand(good, where, f"{value!r} is no {wanted}")


def _limit(holds: Callable[[Any, Any], bool], kinds: type | tuple[type, ...]) -> Any:
    def limit(value: Any, wanted: Any, where: str) -> None:
        good = not isinstance(value, kinds) or holds(value, wanted)
        _demand(good, where, f"{value!r} is beyond {wanted!r}")

    return limit


_KEYWORDS: Final[Mapping[str, Callable[[Any, Any, str], set[str] | None]]] = {
    "$ref": _ref,
    "type": _type,
    "enum": _limit(lambda value, wanted: value in wanted, object),
    "required": _limit(lambda value, wanted: value.keys() >= set(wanted), dict),
    "properties": _properties,
    "patternProperties": _patterns,
    "items": _items,
    "maxItems": _limit(lambda value, wanted: len(value) <= wanted, list),
    "minimum": _limit(lambda value, wanted: value >= wanted, (int, float)),
    "maximum": _limit(lambda value, wanted: value <= wanted, (int, float)),
    "minLength": _limit(lambda value, wanted: len(value) >= wanted, str),
    "maxLength": _limit(lambda value, wanted: len(value) <= wanted, str),
    "pattern": _limit(lambda value, wanted: re.search(wanted, value) is not None, str),
    "format": _format,
    "allOf": _all_of,
    "oneOf": _one_of,
}
