"""What the platform makes of other devices than micro-inverters."""

from typing import Any

import pytest

from simulator.enrg import EnrgFault

from ...openapi import SchemaError, check, check_response
from .tools import DATE, PLANT, Client, plant


def meter(**said: Any) -> dict[str, Any]:
    """Return a plant with one meter."""
    known = {name: value for name, value in plant().items() if not name.startswith("INFORMATION_")}
    base = {"DATE": DATE, "ID_DEVICE": "M1", "TYPE_DEVICE": 11, "ROLE": "grid"}
    return {**known, "INFORMATION_METERS": [base | said]}


async def send(client: Client, kind: str, body: object) -> tuple[int, Any]:
    """Send values of a kind; the answer is held against the document."""
    headers = {"Authorization": f"Bearer {client.token}"}
    url = f"{client.url}/api/{kind}/values"
    async with client.session.post(url, json=body, headers=headers) as reply:
        told = await reply.json()
    check_response(told, "/api/{kind}/values", "post", reply.status)
    return reply.status, told


async def test_a_meter_is_stored_beside_the_inverters_of_its_plant(client: Client) -> None:
    await client.send(plant())
    status, told = await send(client, "meter", meter(POWER_IMPORT=500.0, PEAK_MONTH_AT=None))
    assert status == 200
    assert [row.get("id_device") for row in told["data"]["results"]] == [None, "M1"]
    assert client.service.archive.count("M1", DATE) == 1
    assert client.service.archive.count(str(PLANT), DATE, "INFORMATION_METERS") == 1
    assert [row.writes for row in client.service.archive.of_kind("plant")] == [1]
    (call,) = client.service.calls_of("meter")
    assert (call.plant, call.devices) == (PLANT, ("M1",))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"SOC": 50}, "unknown: SOC"),
        ({"POWER_IMPORT": "500"}, "POWER_IMPORT must be a number"),
        ({"ROLE": 1}, "ROLE must be a text"),
    ],
)
async def test_an_odd_meter_is_refused(
    client: Client, said: dict[str, Any], complaint: str
) -> None:
    status, told = await send(client, "meter", meter(**said))
    assert (status, told["message"]) == (422, complaint)
    with pytest.raises(SchemaError):
        check(meter(**said), "PlantMeter")


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (EnrgFault.KINDS_UNKNOWN, 404),
        (EnrgFault.KINDS_FORBIDDEN, 403),
        (EnrgFault.KINDS_UNAVAILABLE, 503),
    ],
)
async def test_other_devices_can_be_refused(client: Client, fault: EnrgFault, status: int) -> None:
    await client.service.faults.set(fault, True)
    assert (await send(client, "meter", meter()))[0] == status
    assert (await client.send(plant()))[0] == 200


async def test_what_nobody_described_has_no_place(client: Client) -> None:
    assert (await send(client, "weather", meter()))[0] == 404
