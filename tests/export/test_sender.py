"""The sender against the simulated platform, on a clock that a test turns."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from itertools import pairwise
import logging
from pathlib import Path
import sqlite3

from aiohttp import ClientSession, ClientTimeout
import pytest
from yarl import URL

from custom_components.energy_hub.export.client import Destination, EnrgClient
from custom_components.energy_hub.export.outbox import Outbox
from custom_components.energy_hub.export.sender import Problem, Sender
from custom_components.energy_hub.export.status import Summary
from custom_components.energy_hub.export.token import Token
from simulator.enrg import EnrgFault, EnrgService

from ..openapi import check
from ..simulator.tools import FrozenClock
from .tools import HOUR, NOON, PLANT, SERIALS, drive, local, message, outbox_of

DAY = timedelta(days=1)


class Rig:
    """A platform, a queue and what is between them."""

    def __init__(
        self, path: Path, service: EnrgService, clock: FrozenClock, session: ClientSession, url: str
    ) -> None:
        self.path, self.service, self.clock = path, service, clock
        self.session = session
        self.destination = Destination(url=URL(url), credential=service.config.credential)
        self.changes = 0
        self.outbox: Outbox
        self.sender: Sender
        self.start()

    def start(self, token: Token | None = None) -> None:
        """Start the exporter; what it was is gone without a word, as in a kill."""
        timeout = ClientTimeout(total=0.3)
        self.outbox = outbox_of(self.path)
        client = EnrgClient(self.session, self.destination, timeout)
        self.sender = Sender(
            self.outbox,
            client,
            self.clock,
            name="ENRG",
            token=token,
            changed=self._count,
            factor=lambda: 1.0,
        )

    def _count(self) -> None:
        self.changes += 1

    async def add(self, at: datetime = NOON, *serials: str, plant: int = PLANT) -> None:
        """Put a message into the queue."""
        await self.outbox.async_add(message(at, *serials, plant=plant), self.clock())

    async def work(self, time: timedelta = HOUR) -> None:
        """Let time pass, and the sender work."""
        await drive(self.sender, self.clock, self.clock.now + time)

    async def summary(self) -> Summary:
        """Return the queue in numbers."""
        return await self.outbox.async_summary(NOON)

    def stored(self, at: datetime = NOON) -> list[str]:
        """Return the devices that the platform has at a time."""
        rows = self.service.archive.at(local(at))
        return [row.id for row in rows if row.kind == "device"]

    @property
    def sent(self) -> list[tuple[int | None, tuple[str, ...]]]:
        """What was answered how, in order: status and devices."""
        return [(call.status, call.devices) for call in self.service.values_calls]


@pytest.fixture
def clock() -> FrozenClock:
    """Return a clock at noon."""
    return FrozenClock(NOON)


@pytest.fixture
async def rig(path: Path, clock: FrozenClock, socket_enabled: None) -> AsyncIterator[Rig]:
    """Return a platform that listens, and an exporter that has done nothing yet."""
    service = EnrgService(clock)
    url = await service.start()
    async with ClientSession() as session:
        rig = Rig(path, service, clock, session, url)
        yield rig
        await rig.outbox.async_close()
    await service.stop()


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
    asyncio.get_running_loop().set_debug(False)  # it looks at the stack at every turn
    await rig.service.faults.set(EnrgFault.REFUSE, True)
    slots = [NOON + hour * HOUR for hour in range(30 * 24)]
    for number, slot in enumerate(slots):
        await rig.add(slot, "A1")
        await rig.work(HOUR)
        await rig.outbox.async_tidy(rig.clock(), 30 * DAY)
        if number % 100 == 50:
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
