"""Killed between any two steps: nothing is lost, nothing is invented, keys stay the same."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
import shutil
import sqlite3
import tempfile
from typing import Any, override
from unittest.mock import patch
from uuid import UUID

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from custom_components.energy_hub.export import queue, status, upkeep
from custom_components.energy_hub.export.decide import decide
from custom_components.energy_hub.export.queue import Added
from custom_components.energy_hub.export.record import Record, State
from custom_components.energy_hub.export.store import Store
from custom_components.energy_hub.export.verdict import Outcome, Verdict

from .tools import HOUR, NOON, SERIALS, TARGET, message

PLANTS = (5, 7)
SLOTS = st.integers(0, 5)

type Natural = tuple[int, datetime]


class KilledError(BaseException):
    """The process ended here."""


class Fragile(sqlite3.Connection):
    """A connection of a process that ends before its n-th statement."""

    left: int | None = None

    @override
    def execute(self, *args: Any) -> sqlite3.Cursor:
        if self.left is not None:
            if self.left == 0:
                raise KilledError
            self.left -= 1
        return super().execute(*args)


class Platform:
    """Stores what it gets: under which keys each device came at which time, and how often."""

    def __init__(self) -> None:
        self.stored: dict[tuple[int, datetime, str], set[UUID]] = defaultdict(set)
        self.whole: dict[Natural, set[UUID]] = defaultdict(set)
        self.bad: set[str] = set()

    def take(self, record: Record, way: str) -> Verdict:
        """Return the verdict of what became of a sending on this way."""
        if way == "down":
            return Verdict(outcome=Outcome.UNREACHED)
        if record.devices == SERIALS:
            self.whole[record.slot.plant, record.slot.at].add(record.key)
        if way == "refuses" and self.bad & set(record.devices):
            return Verdict(outcome=Outcome.REFUSED, status=422, words="bad")
        failed = self.bad & set(record.devices)
        for device in set(record.devices) - failed:
            self.stored[record.slot.plant, record.slot.at, device].add(record.key)
        if way == "loses":
            return Verdict(outcome=Outcome.UNREACHED)
        return Verdict(outcome=Outcome.ACCEPTED, failed=dict.fromkeys(failed, "bad"))


class Killing(RuleBasedStateMachine):
    """Adds, sends and dies in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = NOON
        self.added: dict[Natural, float] = {}
        self.platform = Platform()
        self.open()

    def open(self) -> None:
        """Start anew."""
        path = self.folder / "outbox.db"
        with patch("sqlite3.connect", partial(sqlite3.connect, factory=Fragile)):
            self.store = Store(path, TARGET)

    def dies(self, statements: int | None) -> None:
        """Let the process end before this statement."""
        connection = self.store._connection
        assert isinstance(connection, Fragile)
        connection.left = statements

    def die(self) -> None:
        """End the process: what was not committed is gone."""
        self.dies(None)
        self.store._connection.close()
        self.open()

    @rule(plant=st.sampled_from(PLANTS), slot=SLOTS, dies=st.none() | st.integers(0, 9))
    def add(self, plant: int, slot: int, dies: int | None) -> None:
        """A message comes; one that the caller was told is there must never be lost."""
        natural = plant, NOON + slot * HOUR
        one = message(natural[1], *SERIALS, plant=plant)
        self.dies(dies)
        try:
            added = self.store.do(queue.add, one, self.now)
        except KilledError:
            self.die()
            return
        self.dies(None)
        assert added is (Added.SAME if natural in self.added else Added.NEW)
        self.added[natural] = 12.345

    @rule(
        way=st.sampled_from(["up", "down", "loses", "refuses"]),
        dies=st.none() | st.integers(0, 20),
    )
    def send(self, way: str, dies: int | None) -> None:
        """One sending, with whatever comes of it."""
        self.dies(dies)
        try:
            record = self.store.do(queue.take, self.now, backlog=True)
            if record is not None:
                verdict = self.platform.take(record, way)
                self.store.do(queue.settle, record, decide(record, verdict, 1.0), self.now)
        except KilledError:
            self.die()
            return
        self.dies(None)

    @rule(bad=st.sets(st.sampled_from(SERIALS)))
    def change(self, bad: set[str]) -> None:
        """Other devices are bad now."""
        self.platform.bad = bad

    @rule(minutes=st.integers(1, 60))
    def wait(self, minutes: int) -> None:
        """Time passes."""
        self.now += timedelta(minutes=minutes)

    @rule()
    def restart(self) -> None:
        """The process ends and starts."""
        self.die()

    @precondition(lambda self: self.store.do(status.counts)[State.PARKED])
    @rule()
    def retry(self) -> None:
        """A user corrected something."""
        self.store.do(upkeep.retry_refused, self.now)

    @invariant()
    def nothing_is_invented(self) -> None:
        """What the platform has was added."""
        assert {natural[:2] for natural in self.platform.stored} <= self.added.keys()

    @invariant()
    def keys_stay_the_same(self) -> None:
        """A slot that was sent as a whole came under one key, however often."""
        assert all(len(keys) == 1 for keys in self.platform.whole.values())

    @invariant()
    def at_most_one_is_on_its_way(self) -> None:
        """One request at a time."""
        assert self.store.do(status.counts)[State.SENDING] == 0

    @invariant()
    def the_tally_is_right(self) -> None:
        """The numbers are those of the records."""
        counted = self.store.do(lambda db: db.execute("SELECT COUNT(*) FROM record").fetchone())
        assert sum(self.store.do(status.counts).values()) == counted[0] == len(self.added)

    @override
    def teardown(self) -> None:
        """In the end, with a platform that takes everything, everything is there."""
        self.platform.bad = set()
        for _ in range(200):
            self.now += HOUR
            # What was refused of a record that is still being sent is parked after it only.
            self.store.do(upkeep.retry_refused, self.now)
            self.send("up", None)
        assert self.store.do(status.counts)[State.DELIVERED] == len(self.added)
        expected = {(*natural, device) for natural in self.added for device in SERIALS}
        assert self.platform.stored.keys() == expected
        self.store.close()
        shutil.rmtree(self.folder)


TestKilling = Killing.TestCase
TestKilling.settings = settings(max_examples=30, stateful_step_count=40)


def test_a_first_start_can_be_killed_too(tmp_path: Path) -> None:
    for statements in range(6):
        path = tmp_path / "outbox.db"
        with (
            patch("sqlite3.connect", partial(sqlite3.connect, factory=Fragile)),
            patch.object(Fragile, "left", statements),
        ):
            try:
                Store(path, TARGET).close()
            except KilledError:
                continue
    store = Store(path, TARGET)
    assert not store.replaced
    assert store.do(queue.add, message(), NOON) is Added.NEW
    store.close()
