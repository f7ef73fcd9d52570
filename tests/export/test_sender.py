"""The sender against the simulated platform, on a clock that a test turns."""

from datetime import timedelta
from itertools import pairwise
import logging

import pytest

from custom_components.energy_hub.export.sender import Problem
from custom_components.energy_hub.export.token import Token
from simulator.enrg import EnrgFault

from ..openapi import check
from .rig import DAY, Rig, clock, rig
from .tools import HOUR, NOON, SERIALS, local, message

__all__ = ["clock", "rig"]


async def test_a_message_is_delivered_under_its_key(rig: Rig) -> None:
    await rig.add()
    await rig.work()
    assert rig.stored() == [*SERIALS]
    assert [call.path for call in rig.service.calls] == [
        "/api/token/create",
        "/api/micro-inverter/values",
    ]
    key = rig.service.calls[-1].key
    assert key is not None
    await rig.add(NOON + HOUR)
    await rig.work()
    assert rig.service.calls[-1].key not in (None, key)
    assert rig.service.tokens.count == 1
    summary = await rig.summary()
    assert (summary.waiting, summary.delivered_today) == (0, 2)
    assert summary.last_delivery == NOON + HOUR
    assert rig.changes


async def test_what_was_sent_is_what_the_document_says(rig: Rig) -> None:
    await rig.add()
    await rig.work()
    row = rig.service.archive.of_kind("device")[0]
    check(dict(row.content), "MicroInverter")


async def test_with_nothing_to_send_nobody_is_asked(rig: Rig) -> None:
    await rig.outbox.async_add(message(), NOON, dry=True)
    assert await rig.sender.step() is None
    assert not rig.service.calls


async def test_requests_are_spaced(rig: Rig) -> None:
    for hour in range(5):
        await rig.add(NOON + hour * HOUR)
    await rig.work()
    token, *calls = [call.time for call in rig.service.calls]
    assert token == NOON
    gaps = [(after - before).total_seconds() for before, after in pairwise([token, *calls])]
    # The newest at once, then the backlog, 30 a minute.
    assert gaps == [1, 1, 2, 2, 2]
    dates = [call.date for call in rig.service.values_calls]
    assert dates == [local(NOON + hour * HOUR) for hour in (4, 0, 1, 2, 3)]
    assert rig.service.most_at_once == 1


async def test_a_lost_answer_makes_no_duplicate(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.STORE_TWICE, True)
    await rig.service.faults.set(EnrgFault.ANSWER_LOST, True)
    rig.service.times[EnrgFault.ANSWER_LOST] = 3
    await rig.add()
    await rig.work()
    assert rig.stored() == [*SERIALS]
    assert len({call.key for call in rig.service.values_calls}) == 1
    assert [status for status, _ in rig.sent] == [None, None, None, 200]


@pytest.mark.parametrize(
    "fault", [EnrgFault.CONFLICT, EnrgFault.KEY_IGNORED], ids=["conflict", "written over"]
)
async def test_a_server_that_ignores_keys_has_no_duplicate_either(
    rig: Rig, fault: EnrgFault
) -> None:
    await rig.service.faults.set(EnrgFault.KEY_IGNORED, True)
    await rig.service.faults.set(fault, True)
    await rig.service.faults.set(EnrgFault.ANSWER_LOST, True)
    rig.service.times[EnrgFault.ANSWER_LOST] = 1
    await rig.add()
    await rig.work()
    assert rig.stored() == [*SERIALS]
    assert (await rig.summary()).waiting == 0


@pytest.mark.parametrize(
    "fault",
    [
        EnrgFault.REFUSE,
        EnrgFault.RESET,
        EnrgFault.SILENT,
        EnrgFault.SLOW_BODY,
        EnrgFault.SERVER_ERROR,
        EnrgFault.UNAVAILABLE,
        EnrgFault.TOO_MANY,
    ],
)
async def test_an_outage_is_waited_for(
    rig: Rig,
    fault: EnrgFault,
    caplog: pytest.LogCaptureFixture,
    expected_complaints: list[str],
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (cannot_connect)")
    if fault in (EnrgFault.SILENT, EnrgFault.SLOW_BODY):
        await rig.outbox.async_close()
        rig.patience_s = 0.08
        rig.start()
    await rig.service.faults.set(fault, True)
    for hour in range(3):
        await rig.add(NOON + hour * HOUR)
    await rig.work(3 * HOUR)
    assert rig.sender.problem is Problem.UNREACHED
    assert rig.sender.words
    assert (await rig.summary()).waiting == 3
    if fault not in (EnrgFault.REFUSE, EnrgFault.TOO_MANY):
        # Five at once, then probes after 0.5, 1, 2 ... 16, 30, 30 ... minutes; one got a token.
        assert len(rig.service.calls) == 15 + (fault is EnrgFault.SLOW_BODY)
    await rig.service.faults.clear()
    await rig.work()
    assert (await rig.summary()).waiting == 0
    assert rig.sender.problem is None
    for hour in range(3):
        assert rig.stored(NOON + hour * HOUR) == [*SERIALS]
    ours = [one for one in caplog.records if one.name.startswith("custom_components")]
    assert [one.levelno for one in ours] == [logging.WARNING, logging.INFO]


async def test_the_wish_of_the_server_is_granted(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.TOO_MANY, True)
    rig.service.times[EnrgFault.TOO_MANY] = 1
    await rig.add()
    await rig.work()
    assert [call.time for call in rig.service.calls] == [
        NOON,
        NOON + timedelta(seconds=90),
        NOON + timedelta(seconds=91),
    ]


async def test_a_month_without_the_platform(rig: Rig, expected_complaints: list[str]) -> None:
    expected_complaints.append("Delivery to ENRG stopped (cannot_connect)")
    await rig.service.faults.set(EnrgFault.REFUSE, True)
    slots = [NOON + number * 4 * HOUR for number in range(30 * 6)]
    for number, slot in enumerate(slots):
        await rig.add(slot, "A1")
        await rig.work(4 * HOUR)
        await rig.outbox.async_tidy(rig.clock(), 30 * DAY)
        if number % 25 == 12:
            await rig.outbox.async_close()
            rig.start()
    assert (await rig.summary()).waiting == len(slots)
    await rig.service.faults.set(EnrgFault.REFUSE, False)
    rig.service.calls.clear()
    await rig.work(HOUR)
    dates = [call.date for call in rig.service.values_calls]
    assert dates == [local(slot) for slot in (slots[-1], *slots[:-1])]
    assert all(rig.stored(slot) == ["A1"] for slot in slots)
    times = [call.time for call in rig.service.values_calls]
    assert min(after - before for before, after in pairwise(times[1:])) >= timedelta(seconds=2)


async def test_a_withdrawn_token_is_replaced_once(rig: Rig) -> None:
    await rig.add()
    await rig.work()
    await rig.service.faults.set(EnrgFault.TOKEN_EXPIRED, True)
    await rig.add(NOON + HOUR)
    await rig.work()
    assert rig.stored(NOON + HOUR) == [*SERIALS]
    assert [call.status for call in rig.service.calls] == [200, 200, 401, 200, 200]
    assert rig.sender.problem is None


async def test_a_token_that_is_never_good_is_a_problem_of_the_credential(
    rig: Rig, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (invalid_auth): not allowed")
    await rig.service.faults.set(EnrgFault.TOKEN_REFUSED, True)
    await rig.add()
    await rig.work(timedelta(minutes=29))
    assert [call.status for call in rig.service.calls] == [200, 403, 200, 403]
    assert rig.sender.problem is Problem.CREDENTIAL
    assert (await rig.summary()).waiting == 1
    await rig.service.faults.clear()
    await rig.work()
    assert rig.sender.problem is None
    assert rig.stored() == [*SERIALS]


async def test_a_refused_credential_stops_everything_and_loses_nothing(
    rig: Rig, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (invalid_auth): unknown credential")
    await rig.service.faults.set(EnrgFault.CREDENTIAL_REFUSED, True)
    await rig.add()
    await rig.work(2 * HOUR)
    assert rig.sender.problem is Problem.CREDENTIAL
    assert not rig.service.values_calls
    assert len(rig.service.calls) == 4
    await rig.service.faults.clear()
    await rig.work()
    assert rig.stored() == [*SERIALS]


@pytest.mark.parametrize("fault", [EnrgFault.NOT_FOUND, EnrgFault.MOVED])
async def test_a_wrong_address_stops_everything_and_loses_nothing(
    rig: Rig, fault: EnrgFault, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (wrong_address)")
    await rig.service.faults.set(fault, True)
    await rig.add()
    await rig.work(2 * HOUR)
    assert rig.sender.problem is Problem.ADDRESS
    assert len(rig.service.values_calls) == 4
    await rig.service.faults.clear()
    await rig.work()
    assert rig.stored() == [*SERIALS]


async def test_an_answer_without_a_token_is_an_outage(
    rig: Rig, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (cannot_connect)")
    await rig.service.faults.set(EnrgFault.TOKEN_EMPTY, True)
    await rig.add()
    await rig.work()
    assert not rig.service.values_calls
    await rig.service.faults.clear()
    await rig.work()
    assert rig.stored() == [*SERIALS]


async def test_a_token_is_remembered_and_renewed_before_its_end(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.LIFE_HOUR, True)
    await rig.add()
    await rig.work(timedelta(minutes=10))
    token = rig.sender.token
    assert token is not None
    await rig.outbox.async_close()
    rig.start(Token.from_state(token.as_state()))
    await rig.add(NOON + HOUR)
    await rig.work(timedelta(minutes=45))
    assert rig.service.tokens.count == 1
    await rig.add(NOON + 2 * HOUR)
    await rig.work()
    assert rig.service.tokens.count == 2
    assert [call.status for call in rig.service.calls] == [200] * 5
