"""What keeps the queue small, and what a user can do with it."""

from datetime import timedelta

import pytest

from custom_components.energy_hub.export import queue, status, upkeep
from custom_components.energy_hub.export.decide import Decision
from custom_components.energy_hub.export.record import PLANT as WHOLE_PLANT, State
from custom_components.energy_hub.export.status import Summary
from custom_components.energy_hub.export.store import Store

from .tools import HOUR, NOON, PLANT, SERIALS, message

DAY = timedelta(days=1)
RETENTION = 30 * DAY


def fill(store: Store, *states: State, plant: int = PLANT) -> None:
    """Put one record into each of these states, an hour after the other."""
    for number, state in enumerate(states):
        at = NOON + number * HOUR
        dry = state is State.DRY
        store.do(queue.add, message(at, plant=plant), at, dry=dry)
        if not dry and state is not State.PENDING:
            record = store.do(queue.take, at, backlog=True)
            assert record is not None
            refused = {State.PARKED: dict.fromkeys(SERIALS, "no"), State.PARTIAL: {"B2": "no"}}
            decision = Decision(state=state, refused=refused.get(state, {}), status=422)
            store.do(queue.settle, record, decision, at)


def tidy(store: Store, after: timedelta, most: int = 1000) -> dict[State, int]:
    """Tidy up; return how many records are in each state, where there are any."""
    while store.do(upkeep.tidy, NOON + after, RETENTION, most):
        pass
    return {state: count for state, count in store.do(status.counts).items() if count}


ALL = (
    State.DELIVERED,
    State.DRY,
    State.EXPIRED,
    State.PARTIAL,
    State.PARKED,
    State.PENDING,
)


@pytest.mark.parametrize(
    ("after", "left"),
    [
        (7 * DAY, {*ALL}),
        (8 * DAY, {*ALL} - {State.DELIVERED, State.DRY}),
        (31 * DAY, {*ALL} - {State.DELIVERED, State.DRY}),
        (32 * DAY, {State.EXPIRED}),
        (39 * DAY, {State.EXPIRED}),
    ],
)
def test_records_leave_when_their_time_has_come(
    store: Store, after: timedelta, left: set[State]
) -> None:
    fill(store, *ALL)
    assert tidy(store, after).keys() == left


def test_in_the_end_nothing_is_left(store: Store) -> None:
    fill(store, *ALL)
    tidy(store, 32 * DAY)
    assert tidy(store, 40 * DAY) == {}


def test_what_is_given_up_is_counted_until_somebody_was_told(store: Store) -> None:
    fill(store, *ALL)
    tidy(store, 32 * DAY)
    assert store.do(status.summary, NOON).dropped == 2
    tidy(store, 33 * DAY)
    assert store.do(status.summary, NOON).dropped == 2
    store.do(upkeep.forget_dropped)
    assert store.do(status.summary, NOON).dropped == 0


@pytest.mark.parametrize(
    ("most", "left", "dropped"),
    [(6, ALL, 0), (5, ALL[1:], 0), (3, ALL[3:], 0), (1, ALL[5:], 1), (0, (), 2)],
)
def test_over_the_limit_the_least_missed_go_first(
    store: Store, most: int, left: tuple[State, ...], dropped: int
) -> None:
    fill(store, *ALL)
    assert tidy(store, timedelta(), most) == dict.fromkeys(left, 1)
    assert store.do(status.summary, NOON).dropped == dropped


def test_over_the_limit_the_oldest_that_wait_go(store: Store) -> None:
    fill(store, *[State.PENDING] * 5)
    tidy(store, timedelta(), 2)
    seen = []
    while (record := store.do(queue.take, NOON, backlog=True)) is not None:
        seen.append((record.slot.at - NOON) // HOUR)
    assert seen == [4, 3]


def test_much_is_tidied_in_small_acts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    fill(store, *[State.PENDING] * 7)
    assert store.do(upkeep.tidy, NOON + 32 * DAY, RETENTION, 1000)
    assert store.do(status.counts)[State.EXPIRED] == 2
    assert tidy(store, 32 * DAY) == {State.EXPIRED: 7}


def test_refused_records_are_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, State.PARKED, State.PARTIAL, State.DELIVERED)
    fill(store, State.PARKED, plant=7)
    assert store.do(upkeep.retry_refused, NOON, [7]) == 1
    assert store.do(upkeep.retry_refused, NOON) == 2
    assert store.do(upkeep.retry_refused, NOON) == 0
    seen = set()
    while (record := store.do(queue.take, NOON, backlog=True)) is not None:
        assert (record.refused, record.live) == ({}, False)
        seen.add((record.slot.plant, record.devices))
    assert seen == {(7, SERIALS), (PLANT, SERIALS), (PLANT, ("B2",))}


def test_a_plant_refused_as_a_whole_is_tried_again(store: Store) -> None:
    store.do(queue.add, message(), NOON)
    record = store.do(queue.take, NOON, backlog=True)
    assert record is not None
    parked = Decision(state=State.PARKED, refused={WHOLE_PLANT: "unknown plant"})
    store.do(queue.settle, record, parked, NOON)
    store.do(upkeep.retry_refused, NOON)
    again = store.do(queue.take, NOON, backlog=True)
    assert again is not None
    assert (again.devices, again.key) == (record.devices, record.key)


def test_what_is_tried_again_does_not_expire_at_once(store: Store) -> None:
    fill(store, State.PARKED)
    store.do(upkeep.retry_refused, NOON + 30 * DAY)
    assert tidy(store, 40 * DAY) == {State.PENDING: 1}


def test_a_user_can_purge(store: Store) -> None:
    fill(store, *ALL)
    fill(store, *ALL, plant=7)
    assert store.do(upkeep.purge, [State.PENDING, State.PARKED], [7]) == 2
    assert store.do(upkeep.purge, [State.PENDING]) == 1
    assert store.do(upkeep.purge, []) == 0
    assert store.do(upkeep.purge, [*State], []) == 0
    assert store.do(upkeep.purge, [*State]) == 9
    assert sum(store.do(status.counts).values()) == 0


def test_the_queue_in_numbers(store: Store) -> None:
    nothing = Summary(
        waiting=0, refused=0, delivered_today=0, dropped=0, oldest=None, last_delivery=None
    )
    assert store.do(status.summary, NOON) == nothing
    fill(store, State.DELIVERED, State.PARTIAL, State.PARKED, State.PENDING, State.PENDING)
    assert store.do(status.summary, NOON + HOUR) == Summary(
        waiting=2,
        refused=2,
        delivered_today=1,
        dropped=0,
        oldest=NOON + 3 * HOUR,
        last_delivery=NOON + HOUR,
    )


def test_refusals_are_told_in_the_words_of_the_server(store: Store) -> None:
    fill(store, State.PARKED, State.PARTIAL, State.PENDING)
    first, second = store.do(status.refusals)
    assert (first.plant, first.slot, first.status, first.words) == (
        PLANT,
        NOON + HOUR,
        422,
        {"B2": "no"},
    )
    assert second.words == dict.fromkeys(SERIALS, "no")
    assert len(store.do(status.refusals, 1)) == 1


def test_the_file_shrinks(store: Store) -> None:
    fill(store, *[State.PENDING] * 200)
    (before,) = store.do(lambda db: db.execute("PRAGMA page_count").fetchone())
    store.do(upkeep.purge, [*State])
    tidy(store, timedelta())
    (after,) = store.do(lambda db: db.execute("PRAGMA page_count").fetchone())
    assert after < before / 4
