"""Keys that stay the same for ever, and payloads that are reduced."""

from dataclasses import replace

from custom_components.energy_hub.export.record import (
    WHOLE,
    Group,
    Record,
    devices_of,
    digest,
    reduced,
    to_text,
)

from .tools import HOUR, NOON, SERIALS, TARGET, message


def record() -> Record:
    """Return a record."""
    made = message()
    return Record(
        id=1,
        target=TARGET,
        slot=made.slot,
        revision=0,
        payload=made.payload,
        live=True,
        failures=0,
        plan=WHOLE,
        refused={},
    )


def test_a_key_is_the_same_for_ever() -> None:
    """These values must never change: a platform may hold them."""
    one = record()
    assert str(one.key) == "8339d3fd-80a7-59b8-a7f9-c2d1ba8281d9"
    assert (
        str(replace(one, plan=(Group(("A1", "C3")),)).key) == "1848720f-69f1-5cf3-add9-f7289e43ba33"
    )


def test_a_key_is_that_of_the_content() -> None:
    one = record()
    same = [
        replace(one, id=7, failures=3, live=False),
        replace(one, plan=(Group(SERIALS, 2), Group(("A1",)))),
    ]
    assert {again.key for again in same} == {one.key}
    others = [
        replace(one, revision=1),
        replace(one, target="https://other.example.org"),
        replace(one, slot=replace(one.slot, at=NOON + HOUR)),
        replace(one, slot=replace(one.slot, plant=7)),
        replace(one, slot=replace(one.slot, kind="meter")),
        replace(one, plan=(Group(("A1",)),)),
        replace(one, plan=(Group(("B2",)),)),
        replace(one, plan=(Group(("A1", "B2")),)),
    ]
    assert len({one.key, *(other.key for other in others)}) == len(others) + 1


def test_a_payload_is_reduced_to_some_devices() -> None:
    payload = message().payload
    assert devices_of(payload) == SERIALS
    small = reduced(payload, ("B2", "D4"))
    assert devices_of(small) == ("B2", "D4")
    assert small["GENERATION"] == payload["GENERATION"]
    assert devices_of(payload) == SERIALS


def test_a_house_is_one_device_and_stays_whole() -> None:
    payload = {"ID_PLANT": 7, "INFORMATION_HOUSE": {"ID_DEVICE": "H", "PV": 1}}
    assert devices_of(payload) == ("H",)
    assert reduced(payload, ("H",)) == payload
    assert devices_of({"ID_PLANT": 7}) == ()


def test_the_order_of_keys_makes_no_other_content() -> None:
    one, other = to_text({"b": 1, "a": "é"}), to_text({"a": "é", "b": 1})
    assert one == other == '{"a":"é","b":1}'
    assert digest({"b": 1, "a": "é"}) == digest({"a": "é", "b": 1}) != digest({"a": "e", "b": 1})


def test_what_cannot_be_told_again_makes_no_other_content() -> None:
    one = {"GENERATION": 1.5, "STATE_OPERATION": {"OFFLINE": True}, "ORIGIN": "live"}
    other = {"GENERATION": 1.5, "STATE_OPERATION": {"OFFLINE": None}, "ORIGIN": "vendor_history"}
    assert digest(one) == digest(other) != digest({**one, "GENERATION": 1.6})
