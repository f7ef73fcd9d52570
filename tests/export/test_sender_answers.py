"""What the sender makes of answers: refusals, splits, other plants, a failing disk."""

from collections.abc import Callable
from datetime import datetime, timedelta
import logging
import sqlite3

import pytest

from simulator.enrg import EnrgFault

from .rig import Rig, clock, rig
from .tools import HOUR, NOON, PLANT, SERIALS, local

__all__ = ["clock", "rig"]


async def test_one_device_is_refused_and_the_rest_delivered(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.DEVICE_REFUSED, True)
    rig.service.strike({"C3"})
    await rig.add()
    await rig.add(plant=7)
    await rig.work()
    assert rig.stored() == ["A1", "B2", "D4"] * 1
    (other, one) = await rig.outbox.async_refusals()
    assert {one.plant, other.plant} == {PLANT, 7}
    assert one.words == {"C3": "values of C3 are not plausible"}
    assert one.status == 200
    assert (await rig.summary()).refused == 2
    await rig.service.faults.clear()
    assert await rig.outbox.async_retry_refused(rig.clock()) == 2
    await rig.work()
    assert sorted(rig.stored()) == [*SERIALS]
    assert (await rig.summary()).refused == 0
    assert rig.sent[-1] == (200, ("C3",))


async def test_a_device_that_is_stored_late_is_sent_again(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.PARTIAL, True)
    rig.service.strike({"B2"})
    rig.service.times[EnrgFault.PARTIAL] = 2
    await rig.add()
    await rig.work()
    assert rig.sent == [(200, SERIALS), (200, ("B2",)), (200, ("B2",))]
    assert sorted(rig.stored()) == [*SERIALS]
    assert (await rig.summary()).refused == 0


async def test_a_device_that_is_never_stored_is_parked(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.PARTIAL, True)
    rig.service.strike({"B2"})
    await rig.add()
    await rig.work()
    assert rig.sent == [(200, SERIALS), *[(200, ("B2",))] * 3]
    (refusal,) = await rig.outbox.async_refusals()
    assert refusal.words == {"B2": "device is not registered"}
    assert (await rig.summary()).delivered_today == 1


async def test_too_large_a_message_is_split(rig: Rig) -> None:
    many = [f"S{number:03}" for number in range(450)]
    await rig.add(NOON, *many)
    await rig.work()
    assert [len(devices) for _, devices in rig.sent] == [450, 225, 112, 113, 225, 112, 113]
    assert sorted(rig.stored()) == many


async def test_a_server_that_names_only_errors_is_understood(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.ERRORS_ONLY, True)
    await rig.service.faults.set(EnrgFault.KEY_IGNORED, True)
    for hour in range(3):
        await rig.add(NOON + hour * HOUR)
        await rig.work()
    assert rig.sent == [(200, SERIALS)] * 4
    assert (await rig.summary()).waiting == 0


async def test_a_proxy_that_answers_instead_is_not_believed(rig: Rig) -> None:
    await rig.add()
    await rig.work()
    await rig.service.faults.set(EnrgFault.HTML, True)
    rig.service.times[EnrgFault.HTML] = 2
    await rig.add(NOON + HOUR)
    await rig.work()
    assert rig.stored(NOON + HOUR) == [*SERIALS]
    rig.service.times[EnrgFault.HTML] = 3
    await rig.add(NOON + 2 * HOUR)
    await rig.work()
    (refusal,) = await rig.outbox.async_refusals()
    assert refusal.words == dict.fromkeys(SERIALS, "HTTP 200")


async def test_a_plant_that_fails_blocks_no_other(rig: Rig) -> None:
    """One plant makes the platform fail; the others get through all the time."""
    await rig.add()
    await rig.work()
    await rig.service.faults.set(EnrgFault.SERVER_ERROR, True)
    for hour in range(1, 6):
        await rig.add(NOON + hour * HOUR, plant=5)
        rig.service.times[EnrgFault.SERVER_ERROR] = 1
        await rig.work(timedelta(seconds=1.5))
        await rig.add(NOON + hour * HOUR, plant=7)
        await rig.work(timedelta(seconds=1.5))
        assert rig.service.archive.count("7", local(NOON + hour * HOUR), "plant") == 1
    assert rig.sender.problem is None
    await rig.work()
    assert (await rig.summary()).waiting == 0


async def test_flapping_stores_everything_once(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.FLAPPING, True)
    await rig.service.faults.set(EnrgFault.STORE_TWICE, True)
    slots = [NOON + hour * HOUR for hour in range(20)]
    for slot in slots:
        await rig.add(slot)
    await rig.work(12 * HOUR)
    assert all(rig.stored(slot) == [*SERIALS] for slot in slots)
    assert (await rig.summary()).waiting == 0


async def test_a_disk_that_fails_is_said_and_gets_well(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (disk): OperationalError")
    await rig.add()
    until: list[datetime] = []
    real = rig.outbox._run

    async def full(function: Callable[[], object]) -> object:
        if until:
            return await real(function)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(rig.outbox, "_run", full)

    def timer(at: datetime, call: Callable[[], None]) -> Callable[[], None]:
        until.append(at)
        rig.clock.now = at
        call()
        if rig.service.values_calls:
            raise StopAsyncIteration
        return lambda: None

    with pytest.raises(StopAsyncIteration):
        await rig.sender.run(timer)
    assert until[0] == NOON + timedelta(minutes=1)
    assert rig.sender.problem is None
    assert rig.stored() == [*SERIALS]


async def test_no_secret_is_ever_said(
    rig: Rig, caplog: pytest.LogCaptureFixture, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (invalid_auth): not allowed to Bearer ***")
    caplog.set_level(logging.DEBUG)
    await rig.service.faults.set(EnrgFault.TOKEN_REFUSED, True)
    await rig.service.faults.set(EnrgFault.ECHO, True)
    await rig.add()
    await rig.work(timedelta(minutes=20))
    token = rig.sender.token
    assert token is None
    await rig.service.faults.clear()
    await rig.work()
    assert rig.sender.token is not None
    secrets = [rig.service.config.credential, *rig.service.tokens._ends]
    assert len(secrets) == 4
    said = [caplog.text, repr(rig.sender.token), repr(rig.destination), rig.sender.words]
    said.append(rig.path.read_bytes().decode("latin-1"))
    assert not [secret for secret in secrets for text in said if secret in text]
