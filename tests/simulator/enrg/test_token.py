"""Who gets a token, how long it is good, and how its end is told."""

from datetime import datetime, timedelta

import pytest

from simulator.enrg import EnrgFault, EnrgService

from ...openapi import SchemaError, check
from ..tools import FrozenClock
from .tools import TOKEN, Client, plant


async def test_a_credential_gives_a_token(stranger: Client, clock: FrozenClock) -> None:
    status, told = await stranger.post(TOKEN, {"credential": stranger.service.config.credential})
    assert status == 200
    assert datetime.fromisoformat(told["expiration"]) == clock().replace(microsecond=0) + timedelta(
        days=365
    )
    assert stranger.service.tokens.count == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [({"credential": "another"}, 401), ({}, 400), ([], 400), ({"credential": 7}, 400)],
)
async def test_others_get_none(stranger: Client, body: object, status: int) -> None:
    assert (await stranger.post(TOKEN, body))[0] == status


async def test_a_credential_can_be_withdrawn(stranger: Client) -> None:
    await stranger.service.faults.set(EnrgFault.CREDENTIAL_REFUSED, True)
    body = {"credential": stranger.service.config.credential}
    assert (await stranger.post(TOKEN, body))[0] == 401


async def test_values_need_a_token(stranger: Client) -> None:
    assert (await stranger.send(plant()))[0] == 401
    stranger.token = "made up"
    assert (await stranger.send(plant()))[0] == 401


@pytest.mark.parametrize(
    ("fault", "life"),
    [
        (None, timedelta(days=365)),
        (EnrgFault.LIFE_HOUR, timedelta(hours=1)),
        (EnrgFault.LIFE_MONTH, timedelta(days=30)),
    ],
)
async def test_a_token_ends(
    stranger: Client, clock: FrozenClock, fault: EnrgFault | None, life: timedelta
) -> None:
    if fault is not None:
        await stranger.service.faults.set(fault, True)
    await stranger.log_in()
    clock.pass_s(life.total_seconds() - 1)
    assert (await stranger.send(plant()))[0] == 200
    clock.pass_s(1)
    assert (await stranger.send(plant()))[0] == 401


async def test_all_tokens_can_end_at_once(client: Client) -> None:
    await client.service.faults.set(EnrgFault.TOKEN_EXPIRED, True)
    assert (await client.send(plant()))[0] == 401
    await client.log_in()
    assert (await client.send(plant()))[0] == 200


async def test_values_can_be_forbidden(client: Client) -> None:
    await client.service.faults.set(EnrgFault.TOKEN_REFUSED, True)
    status, told = await client.send(plant())
    assert (status, told["message"]) == (403, "not allowed")
    await client.service.faults.set(EnrgFault.ECHO, True)
    _status, told = await client.send(plant())
    assert client.token in told["message"]


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (EnrgFault.EXPIRY_NAIVE, "2027-06-23T08:20:07"),
        (EnrgFault.EXPIRY_Z, "2027-06-23T08:20:07Z"),
        (EnrgFault.EXPIRY_ODD, "next spring"),
        (EnrgFault.EXPIRY_PAST, "2026-06-23T07:20:07+00:00"),
        (EnrgFault.EXPIRY_MISSING, None),
    ],
)
async def test_the_end_is_told_in_odd_ways(
    service: EnrgService, fault: EnrgFault, text: str | None
) -> None:
    await service.faults.set(fault, True)
    told = service.tokens.create(service.config.credential)
    assert told is not None
    assert told.get("expiration") == text
    assert service.tokens.is_good(told["token"])


async def test_a_token_can_be_empty(service: EnrgService) -> None:
    await service.faults.set(EnrgFault.TOKEN_EMPTY, True)
    told = service.tokens.create(service.config.credential)
    assert told is not None
    with pytest.raises(SchemaError):
        check(told, "Token")
