"""docs/enrg-openapi.yaml is whole, and the checker that reads it can say no."""

from collections.abc import Iterator
from typing import Any

import pytest

from . import openapi
from .openapi import SchemaError, check


def _references(place: Any) -> Iterator[str]:
    if isinstance(place, dict):
        if "$ref" in place:
            yield place["$ref"]
        for inner in place.values():
            yield from _references(inner)
    elif isinstance(place, list):
        for inner in place:
            yield from _references(inner)


def test_every_reference_leads_somewhere() -> None:
    found = set(_references(openapi.document()))
    assert len(found) > 20
    for pointer in found:
        assert openapi.resolve(pointer)


def test_every_schema_uses_known_keywords() -> None:
    for schema in openapi.document()["components"]["schemas"].values():
        known = {*openapi._KEYWORDS, *openapi._SAYS_NOTHING, "unevaluatedProperties"}
        assert set(schema) <= known


def test_every_operation_says_what_it_answers() -> None:
    names = []
    for path in openapi.document()["paths"].values():
        for operation in path.values():
            names.append(operation["operationId"])
            assert "200" in operation["responses"]
            assert "401" in operation["responses"]
    assert len(set(names)) == len(names) == 4


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ("Volts", 230.1, 1500.1),
        ("Volts", None, -0.1),
        ("Hertz", 50, 39),
        ("Celsius", -60, "20"),
        ("Number", -1.5, True),
        ("Flag", None, 0),
        ("LocalTime", "2026-06-17 12:00:00", "2026-06-17T12:00:00"),
        ("TokenRequest", {"credential": "x"}, {"credential": ""}),
        ("Token", {"token": "x", "expiration": "2027-06-17T12:00:00Z"}, {"token": "x"}),
        (
            "Token",
            {"token": "x", "expiration": "2027-06-17T12:00:00+02:00"},
            {"token": "x", "expiration": "2027-06-17T12:00:00"},
        ),
        ("Error", {"message": "no", "details": [1]}, {"code": "no"}),
        (
            "Results",
            {"data": {"results": [{"id_plant": 1}, {"id_device": "1", "status": "ok"}]}},
            {"data": {"results": [{"id_device": "1"}]}},
        ),
        ("PlantExtension", {"MESSAGE_ID": "7" * 32}, {"MESSAGE_ID": "7"}),
        ("PlantExtension", {"ORIGIN": "live"}, {"ORIGIN": "dream"}),
        ("DeviceExtension", {"POWER_8_DC": 1}, {"POWER_8_DC": "1"}),
        ("DeviceBase", {"DATE": "2026-06-17 12:00:00", "ID_DEVICE": "1", "TYPE_DEVICE": 0}, {}),
    ],
)
def test_good_is_good_and_bad_is_bad(schema: str, good: object, bad: object) -> None:
    check(good, schema)
    with pytest.raises(SchemaError):
        check(bad, schema)


def test_what_has_no_answer_in_the_document_is_an_error() -> None:
    with pytest.raises(KeyError):
        openapi.check_response({}, "/api/token/create", "post", 418)
