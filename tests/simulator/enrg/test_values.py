"""What the platform takes, stores and answers, held against docs/enrg-openapi.yaml."""

from typing import Any

import pytest

from simulator.enrg import EnrgFault

from ... import openapi
from ...openapi import SchemaError, check
from .tools import DATE, PLANT, SERIALS, Client, device, plant


async def test_a_plant_is_stored(client: Client) -> None:
    rows = await client.rows(plant())
    assert rows == dict.fromkeys([str(PLANT), *SERIALS], "ok")
    archive = client.service.archive
    assert [(row.kind, row.id, row.date) for row in archive.rows] == [
        ("plant", str(PLANT), DATE),
        *(("device", serial, DATE) for serial in SERIALS),
    ]
    assert archive.rows[1].content["TYPE_INVERTER"] == 9
    call = client.service.values_calls[-1]
    assert (call.plant, call.date, call.devices, call.status) == (PLANT, DATE, SERIALS, 200)


async def test_the_same_again_is_written_over(client: Client) -> None:
    await client.send(plant())
    await client.send(plant())
    archive = client.service.archive
    assert [archive.count(one, DATE) for one in SERIALS] == [1, 1, 1]
    assert archive.count(str(PLANT), DATE, "plant") == 1
    assert {row.writes for row in archive.rows} == {2}


async def test_a_known_key_is_answered_and_not_stored(client: Client) -> None:
    first = await client.send(plant(), "key")
    assert await client.send(plant(), "key") == first
    assert {row.writes for row in client.service.archive.rows} == {1}
    await client.service.faults.set(EnrgFault.KEY_IGNORED, True)
    await client.send(plant(), "key")
    assert {row.writes for row in client.service.archive.rows} == {2}


async def test_duplicates_can_be_a_conflict(client: Client) -> None:
    await client.service.faults.set(EnrgFault.CONFLICT, True)
    assert (await client.send(plant()))[0] == 200
    assert (await client.send(plant()))[0] == 409
    assert (await client.send(plant(date="2026-06-17 13:00:00")))[0] == 200


async def test_duplicates_can_be_stored_twice(client: Client) -> None:
    await client.service.faults.set(EnrgFault.STORE_TWICE, True)
    await client.send(plant())
    await client.send(plant())
    assert client.service.archive.count(SERIALS[0], DATE) == 2


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"GENERATION": "12"}, "GENERATION must be a number"),
        ({"GENERATION": True}, "GENERATION must be a number"),
        ({"ID_PLANT": "3187654"}, "ID_PLANT must be an integer"),
        ({"DATE_GENERATION": "2026-06-17T12:00:00"}, "DATE_GENERATION must be a time"),
        ({"DATE_GENERATION": "2026-06-31 12:00:00"}, "DATE_GENERATION must be a time"),
        ({"STATE_OPERATION": None}, "STATE_OPERATION must be an object"),
        ({"STATE_OPERATION": {}}, "missing: GRID_WARN"),
        ({"INFORMATION_MICRO_INVERTERS": {}}, "must be a list"),
        ({"INFORMATION_MICRO_INVERTERS": [7]}, "a device must be an object"),
        ({"INFORMATION_MICRO_INVERTERS": [{}]}, "missing: DATE, ID_DEVICE, TYPE_DEVICE"),
        ({"INFORMATION_MICRO_INVERTERS": [device("")]}, "ID_DEVICE must be a text"),
        ({"INFORMATION_MICRO_INVERTERS": [device("1") | {"F5": 0}]}, "unknown: F5"),
        ({"INFORMATION_MICRO_INVERTERS": [device("1") | {"F4": "0"}]}, "F4 must be a number"),
        ({"NAME": "Rooftop"}, "unknown: NAME"),
    ],
)
async def test_odd_messages_are_refused(
    client: Client, change: dict[str, Any], complaint: str
) -> None:
    status, told = await client.send(plant() | change)
    assert status == 422
    assert complaint in told["message"]
    assert not client.service.archive.rows
    if change.get("DATE_GENERATION") != "2026-06-31 12:00:00":  # a pattern knows no calendar
        with pytest.raises(SchemaError):
            check(plant() | change, "PlantMicroInverter")


def test_a_good_message_is_what_the_document_says() -> None:
    check(plant(), "PlantMicroInverter")
    check(plant() | {"INFORMATION_MICRO_INVERTERS": []}, "PlantMicroInverter")


@pytest.mark.parametrize("body", [None, "text", []])
async def test_what_is_no_object_is_refused(client: Client, body: object) -> None:
    assert (await client.send(body))[0] == 400


async def test_which_keys_it_wants_can_change(client: Client) -> None:
    bare = {name: device("1")[name] for name in ("DATE", "ID_DEVICE", "TYPE_DEVICE")}
    message = plant() | {"INFORMATION_MICRO_INVERTERS": [bare]}
    assert (await client.send(message))[0] == 200
    await client.service.faults.set(EnrgFault.ALL_KEYS, True)
    assert (await client.send(message))[0] == 422
    assert (await client.send(plant()))[0] == 200
    extended = plant() | {"SOURCE": "Hoymiles"}
    assert (await client.send(extended))[0] == 422
    await client.service.faults.set(EnrgFault.NEW_KEYS, True)
    assert (await client.send(extended))[0] == 200


async def test_null_can_be_refused(client: Client) -> None:
    await client.service.faults.set(EnrgFault.NO_NULL, True)
    status, told = await client.send(plant())
    assert (status, told["message"]) == (422, "OFFLINE must not be null")


async def test_many_devices_are_too_large(client: Client) -> None:
    assert (await client.send(plant(*(str(one) for one in range(5)))))[0] == 200
    assert (await client.send(plant(*(str(one) for one in range(6)))))[0] == 413


async def test_stored_slots_can_be_listed(client: Client) -> None:
    await client.send(plant())
    await client.send(plant(date="2026-06-17 13:00:00"))
    headers = {"Authorization": f"Bearer {client.token}"}
    url = f"{client.url}/api/plants/{PLANT}/values?from=2026-06-17%2012:30:00"
    async with client.session.get(url, headers=headers) as reply:
        told = await reply.json()
    openapi.check_response(told, "/api/plants/{id}/values", "get", 200)
    assert told == {"data": {"slots": [{"DATE_GENERATION": "2026-06-17 13:00:00"}]}}
    async with client.session.get(url) as reply:
        assert reply.status == 401


async def test_the_archive_forgets_the_oldest(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.enrg.archive._KEPT_ROWS", 8)
    for hour in range(10, 14):
        await client.send(plant(date=f"2026-06-17 {hour}:00:00"))
    archive = client.service.archive
    assert [row.date[11:13] for row in archive.rows] == ["12"] * 4 + ["13"] * 4
    assert not archive.has(SERIALS[0], "2026-06-17 10:00:00")
