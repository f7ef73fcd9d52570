"""What goes into the queue, in which order it comes out, and what stays over a restart."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.energy_hub.export import queue, status
from custom_components.energy_hub.export.decide import Decision
from custom_components.energy_hub.export.queue import Added
from custom_components.energy_hub.export.record import Group, Message, Record, State
from custom_components.energy_hub.export.store import Store, remove

from .tools import HOUR, KIND, NOON, PLANT, TARGET, message

DELIVERED = Decision(state=State.DELIVERED, status=200)


def add(store: Store, one: Message, now: datetime = NOON, **options: bool) -> Added:
    """Put a message into the queue."""
    return store.do(queue.add, one, now, **options)


def take(store: Store, now: datetime = NOON, *, backlog: bool = True) -> Record | None:
    """Return what must be sent."""
    return store.do(queue.take, now, backlog=backlog)


def settle(store: Store, record: Record, now: datetime = NOON, **decision: Any) -> None:
    """Write down what became of a record; delivered, unless the test says otherwise."""
    store.do(queue.settle, record, replace(DELIVERED, **decision), now)


def number(store: Store, state: State) -> int:
    """Return how many records are in a state, and check that the tally is right."""
    counted = dict(
        store.do(
            lambda db: db.execute("SELECT state, COUNT(*) FROM record GROUP BY state").fetchall()
        )
    )
    tally = store.do(status.counts)
    assert {one: count for one, count in tally.items() if count} == counted
    return tally[state]


def test_a_message_comes_out_as_it_went_in(store: Store) -> None:
    one = message()
    assert add(store, one) is Added.NEW
    record = take(store)
    assert record is not None
    assert (record.payload, record.slot) == (one.payload, one.slot)
    assert (record.target, record.revision, record.live) == (TARGET, 0, True)
    assert record.body == one.payload
    assert number(store, State.SENDING) == 1
    assert take(store) is None
    settle(store, record)
    assert number(store, State.DELIVERED) == 1
    assert take(store) is None


def test_a_slot_is_there_once(store: Store) -> None:
    add(store, message())
    assert add(store, message()) is Added.SAME
    assert add(store, message(energy=13.0)) is Added.CHANGED
    record = take(store)
    assert record is not None
    settle(store, record)
    assert add(store, message()) is Added.SAME
    assert add(store, message(energy=13.0)) is Added.CHANGED
    assert sum(store.do(status.counts).values()) == 1
    assert add(store, message(plant=PLANT + 1)) is Added.NEW
    assert add(store, message(NOON + HOUR)) is Added.NEW


def test_a_correction_is_a_new_revision_under_another_key(store: Store) -> None:
    add(store, message())
    first = take(store)
    assert first is not None
    settle(store, first)
    assert add(store, message(energy=13.0), correct=True) is Added.NEW
    assert add(store, message(energy=13.0), correct=True) is Added.SAME
    second = take(store)
    assert second is not None
    assert (second.revision, second.payload["GENERATION"]) == (1, 13.0)
    assert second.key != first.key


@pytest.mark.parametrize("on_its_way", [False, True])
def test_a_correction_replaces_what_was_not_delivered(store: Store, on_its_way: bool) -> None:
    add(store, message())
    first = take(store) if on_its_way else None
    add(store, message(energy=13.0), correct=True)
    if first is not None:  # its answer was lost, and it does not come back
        settle(store, first, state=State.PENDING, plan=(Group(),))
    second = take(store)
    assert second is not None
    assert second.revision == 1
    settle(store, second)
    assert take(store) is None
    assert number(store, State.EXPIRED) == 1


def test_what_was_given_up_can_be_added_again_under_its_key(store: Store) -> None:
    add(store, message())
    first = take(store)
    assert first is not None
    settle(store, first, state=State.EXPIRED)
    assert add(store, message(), NOON + HOUR) is Added.NEW
    again = take(store, NOON + HOUR)
    assert again is not None
    assert again.key == first.key


def test_another_content_of_what_was_given_up_is_new(store: Store) -> None:
    add(store, message())
    first = take(store)
    assert first is not None
    settle(store, first, state=State.EXPIRED)
    assert add(store, message(energy=13.0)) is Added.NEW
    again = take(store)
    assert again is not None
    assert again.revision == 1


def test_dry_messages_are_never_taken(store: Store) -> None:
    assert add(store, message(), dry=True) is Added.NEW
    assert add(store, message(energy=13.0), dry=True) is Added.NEW
    assert number(store, State.DRY) == 1
    assert take(store) is None
    assert not store.do(queue.is_due, NOON, backlog=True)
    assert add(store, message()) is Added.NEW
    assert number(store, State.DRY) == 0
    record = take(store)
    assert record is not None
    assert (record.revision, record.live) == (0, True)


def test_a_dry_message_leaves_a_real_one_alone(store: Store) -> None:
    add(store, message())
    assert add(store, message(), dry=True) is Added.SAME
    assert add(store, message(energy=13.0), dry=True) is Added.CHANGED
    assert add(store, message(energy=13.0), dry=True, correct=True) is Added.NEW
    record = take(store)
    assert record is not None
    assert record.payload["GENERATION"] == 12.345


def test_what_is_no_number_stays_out(store: Store) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        add(store, message(energy=float("nan")))
    assert sum(store.do(status.counts).values()) == 0


def test_the_newest_of_every_plant_comes_first_then_the_oldest(store: Store) -> None:
    for hour in (0, 2, 1, 3):
        for plant in (7, 5):
            add(store, message(NOON + hour * HOUR, plant=plant))
    seen = []
    while (record := take(store)) is not None:
        seen.append(((record.slot.at - NOON) // HOUR, record.slot.plant, record.live))
        settle(store, record)
    assert seen == [
        (3, 5, True),
        (3, 7, True),
        (0, 5, False),
        (0, 7, False),
        (1, 5, False),
        (1, 7, False),
        (2, 5, False),
        (2, 7, False),
    ]


def test_the_backlog_waits_for_its_turn(store: Store) -> None:
    add(store, message(NOON))
    add(store, message(NOON + HOUR))
    newest = take(store, backlog=False)
    assert newest is not None
    settle(store, newest)
    assert take(store, backlog=False) is None
    assert not store.do(queue.is_due, NOON, backlog=False)
    assert store.do(queue.is_due, NOON, backlog=True)


def test_what_failed_waits_and_the_others_go_on(store: Store) -> None:
    add(store, message(NOON))
    add(store, message(NOON + HOUR, plant=5))
    first = take(store)
    assert first is not None
    settle(store, first, state=State.PENDING, plan=(Group(),), failures=1, wait=HOUR / 2)
    second = take(store)
    assert second is not None
    assert second.slot.plant == 5
    settle(store, second)
    assert take(store) is None
    assert store.do(queue.next_try) == NOON + HOUR / 2
    again = take(store, NOON + HOUR / 2)
    assert again is not None
    assert (again.slot.plant, again.failures, again.live) == (PLANT, 1, True)


def test_a_wait_of_a_clock_that_was_ahead_is_over(store: Store) -> None:
    ahead = NOON + timedelta(days=400)
    add(store, message(), ahead)
    record = take(store, ahead)
    assert record is not None
    settle(store, record, ahead, state=State.PENDING, plan=(Group(),), wait=HOUR / 2)
    assert take(store, NOON) is not None


def test_a_record_that_was_split_makes_room_for_the_newest(store: Store) -> None:
    add(store, message())
    record = take(store)
    assert record is not None
    plan = Group(("A1", "B2")), Group(("C3",), 2)
    settle(store, record, state=State.PENDING, plan=plan, refused={"D4": "no"})
    again = take(store)
    assert again is not None
    assert (again.live, again.plan, again.refused) == (False, plan, {"D4": "no"})
    assert again.devices == ("A1", "B2")
    assert [one["ID_DEVICE"] for one in again.body["INFORMATION_MICRO_INVERTERS"]] == ["A1", "B2"]


def test_a_restart_sends_again_what_was_on_its_way(store: Store, path: Path) -> None:
    add(store, message())
    first = take(store)
    assert first is not None
    store.close()
    store = Store(path, TARGET)
    again = take(store)
    assert again is not None
    assert again.key == first.key
    assert store.do(status.last_requests) == (NOON, None)
    store.close()


def test_a_new_target_gets_what_waits_for_the_old_one(store: Store, path: Path) -> None:
    add(store, message())
    first = take(store)
    assert first is not None
    settle(store, first)
    add(store, message(NOON + HOUR))
    store.close()
    store = Store(path, "https://other.example.org")
    second = take(store)
    assert second is not None
    assert second.target == "https://other.example.org"
    settle(store, second)
    # What the old one got, the new one has not.
    assert add(store, message()) is Added.NEW
    assert store.do(status.slots, KIND, PLANT, NOON, NOON + 2 * HOUR) == [NOON, NOON + HOUR]
    store.close()


def test_a_file_that_is_none_is_put_aside(path: Path) -> None:
    path.write_bytes(b"this is no database" * 500)
    store = Store(path, TARGET)
    assert store.replaced
    assert add(store, message()) is Added.NEW
    store.close()
    assert path.with_name("outbox.db.broken").read_bytes().startswith(b"this is no")
    store = Store(path, TARGET)
    assert not store.replaced
    assert take(store) is not None
    store.close()


def test_a_disk_that_does_not_let_us_is_no_broken_file(path: Path) -> None:
    path.mkdir()
    with pytest.raises(sqlite3.OperationalError):
        Store(path, TARGET)
    assert path.is_dir()


def test_a_queue_can_be_removed(store: Store, path: Path) -> None:
    add(store, message())
    store.close()
    path.with_name("outbox.db.broken").touch()
    remove(path)
    remove(path)
    assert not list(path.parent.iterdir())


def test_an_act_that_fails_changes_nothing(store: Store) -> None:
    add(store, message())

    def half(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM record")
        raise InterruptedError

    with pytest.raises(InterruptedError):
        store.do(half)
    assert number(store, State.PENDING) == 1
