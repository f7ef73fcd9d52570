"""A kind of device that the platform does not take waits, or is parked; nobody waits for it."""

from datetime import datetime, timedelta

import pytest

from custom_components.energy_hub.export.record import Message, Slot
from custom_components.energy_hub.export.sender import Problem
from simulator.enrg import EnrgFault

from .rig import Rig, clock, rig
from .tools import HOUR, NOON, PLANT, local, message

__all__ = ["clock", "rig"]


async def add_meter(rig: Rig, at: datetime = NOON) -> None:
    """Put a message about a meter into the queue."""
    told = dict(message(at).payload)
    del told["INFORMATION_MICRO_INVERTERS"]
    told["INFORMATION_METERS"] = [{"DATE": local(at), "ID_DEVICE": "M1", "TYPE_DEVICE": 11}]
    await rig.outbox.async_add(Message(Slot("meter", PLANT, at), told), rig.clock())


def statuses(rig: Rig, kind: str = "meter") -> list[int | None]:
    """Return what was answered to a kind, in order."""
    return [call.status for call in rig.service.calls_of(kind)]


@pytest.mark.parametrize(
    ("fault", "told"),
    [(EnrgFault.KINDS_UNKNOWN, [404]), (EnrgFault.KINDS_FORBIDDEN, [403, 403])],
)
async def test_a_kind_that_is_not_taken_is_parked(
    rig: Rig, fault: EnrgFault, told: list[int]
) -> None:
    await rig.service.faults.set(fault, True)
    await add_meter(rig)
    await rig.add()
    await rig.work()
    assert statuses(rig) == told
    assert statuses(rig, "micro-inverter") == [200]
    assert (await rig.summary()).refused == 1
    assert rig.sender.problem is None
    # The next one does not cost a token again.
    await add_meter(rig, NOON + HOUR)
    await rig.work()
    assert statuses(rig) == [*told, told[0]]
    await rig.service.faults.clear()
    await rig.outbox.async_retry_refused(rig.clock())
    await rig.work()
    assert statuses(rig)[-2:] == [200, 200]


async def test_a_kind_that_cannot_be_taken_now_holds_nobody_up(rig: Rig) -> None:
    await rig.service.faults.set(EnrgFault.KINDS_UNAVAILABLE, True)
    for hour in range(6):
        await add_meter(rig, NOON - hour * HOUR)
    await rig.work(6 * HOUR)
    tried = len(statuses(rig))
    assert 10 <= tried <= 20  # by all of them together: at last twice an hour
    await rig.add()
    await rig.work(timedelta(seconds=5))
    assert statuses(rig, "micro-inverter") == [200]
    assert rig.sender.problem is None
    await rig.service.faults.clear()
    await rig.work(2 * HOUR)
    assert statuses(rig)[-6:] == [200] * 6
    assert (await rig.summary()).waiting == 0


async def test_a_kind_that_is_taken_does_not_make_the_address_right(
    rig: Rig, expected_complaints: list[str]
) -> None:
    expected_complaints.append("Delivery to ENRG stopped (wrong_address)")
    await rig.service.faults.set(EnrgFault.NOT_FOUND, True)
    await rig.add()
    await rig.work()
    await rig.service.faults.clear()
    await add_meter(rig, NOON - HOUR)
    rig.clock.now += HOUR
    await rig.sender.step()
    assert statuses(rig) == [200]
    assert rig.sender.problem is Problem.ADDRESS
    await rig.work()
    assert statuses(rig, "micro-inverter")[-1] == 200
    assert rig.sender.problem is None
