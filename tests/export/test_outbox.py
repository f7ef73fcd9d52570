"""The queue in the executor of a real Home Assistant, and with very many records."""

import asyncio
from datetime import timedelta
from pathlib import Path
import tracemalloc

from custom_components.energy_hub.export import queue, status, upkeep
from custom_components.energy_hub.export.decide import Decision
from custom_components.energy_hub.export.outbox import Outbox, async_remove
from custom_components.energy_hub.export.queue import Added
from custom_components.energy_hub.export.record import State
from custom_components.energy_hub.export.store import Store
from homeassistant.core import HomeAssistant

from .tools import HOUR, KIND, NOON, PLANT, TARGET, message

MANY = 100_000


async def test_every_act_in_the_executor(hass: HomeAssistant, path: Path) -> None:
    outbox = await Outbox.async_open(path, TARGET, hass.async_add_executor_job)
    assert not outbox.replaced
    assert await outbox.async_add(message(), NOON) is Added.NEW
    assert await outbox.async_is_due(NOON, backlog=False)
    record = await outbox.async_take(NOON, backlog=False)
    assert record is not None
    await outbox.async_note_request(NOON)
    await outbox.async_recover()
    assert await outbox.async_take(NOON, backlog=True) == record
    decision = Decision(state=State.PARKED, refused={"B2": "no"}, wait=HOUR)
    await outbox.async_settle(record, decision, NOON)
    assert await outbox.async_next_try() is None
    assert await outbox.async_last_requests() == (NOON, None)
    assert (await outbox.async_summary(NOON)).refused == 1
    assert [one.words for one in await outbox.async_refusals()] == [{"B2": "no"}]
    assert await outbox.async_slots(KIND, PLANT, NOON, NOON + HOUR) == [NOON]
    assert await outbox.async_retry_refused(NOON) == 1
    assert await outbox.async_purge([State.PENDING]) == 1
    await outbox.async_tidy(NOON, timedelta(days=30))
    await outbox.async_forget_dropped()
    await outbox.async_close()
    await async_remove(path, hass.async_add_executor_job)
    assert not await hass.async_add_executor_job(path.exists)


async def test_many_at_once_do_not_disturb_each_other(hass: HomeAssistant, path: Path) -> None:
    outbox = await Outbox.async_open(path, TARGET, hass.async_add_executor_job)
    slots = [NOON + hour * HOUR for hour in range(50)]
    added = await asyncio.gather(
        *(outbox.async_add(message(slot), NOON) for slot in slots),
        *(outbox.async_summary(NOON) for _ in slots),
        *(outbox.async_add(message(slot), NOON) for slot in slots),
    )
    assert added.count(Added.NEW) == added.count(Added.SAME) == 50
    assert (await outbox.async_summary(NOON)).waiting == 50
    await outbox.async_close()


def test_very_many_records_cost_neither_memory_nor_time(path: Path) -> None:
    fill(path)
    tracemalloc.start()
    store = Store(path, TARGET)
    thousands = 0

    def count() -> None:
        nonlocal thousands
        thousands += 1

    # Steps of the database's own machine: what it does, however fast the disk is.
    store._connection.set_progress_handler(count, 1000)
    assert store.do(status.summary, NOON).waiting == MANY
    for number in range(50):
        record = store.do(queue.take, NOON, backlog=number % 2 == 1)
        assert record is not None
        store.do(queue.settle, record, Decision(state=State.DELIVERED), NOON)
        assert store.do(queue.next_try) is None
        assert store.do(queue.add, message(NOON + number * HOUR, plant=999), NOON) is Added.NEW
    store.do(upkeep.tidy, NOON, timedelta(days=30))
    assert store.do(queue.recover) is None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    store.close()
    assert thousands < 100
    assert peak < 5_000_000


def fill(path: Path) -> None:
    """Make a queue in which very many records wait, of a hundred plants."""
    store = Store(path, TARGET)
    store.do(queue.add, message(plant=0), NOON)
    store.do(
        lambda db: db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO record (target, kind, plant, slot_utc, revision, payload, hash, origin,"
            " state, lane, created_utc) SELECT target, kind, i % 100, slot_utc + i / 100 * 3600000,"
            " 0, payload, hash, origin, state, i < ? - 99, created_utc FROM record, n",
            (MANY - 1, MANY),
        )
    )
    store.close()
