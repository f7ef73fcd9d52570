"""The way of a record through the queue: in, out to be sent, and what became of it.

Each function is one act on the open file (see `Store.do`).
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
import json
import sqlite3
from typing import Any, Final

from .coding import pack, plan_text, record_of, refused_text
from .decide import Decision
from .memo import BACKLOG_SENT, LAST_SENT, TARGET, get, put
from .record import Message, Record, State, digest, to_text
from .schema import BACKLOG, LIVE, from_ms, to_ms

# No record ever waits longer; one that does was stamped by a clock that was ahead.
_LONGEST_WAIT: Final = timedelta(hours=1)

_RECOVER: Final = "UPDATE record SET state = 'pending' WHERE state = 'sending'"
_RETARGET: Final = (
    "UPDATE OR IGNORE record SET target = :target WHERE state = 'pending' AND target <> :target"
)
_REVISIONS: Final = (
    "SELECT id, revision, hash, state FROM record WHERE target = :target AND kind = :kind"
    " AND plant = :plant AND slot_utc = :slot_utc ORDER BY revision DESC"
)
_NEWEST: Final = (
    "SELECT MAX(slot_utc) FROM record WHERE target = :target AND kind = :kind AND plant = :plant"
)
_DEMOTE: Final = (
    "UPDATE record SET lane = 1"
    " WHERE target = :target AND kind = :kind AND plant = :plant AND lane = 0"
)
_REVIVE: Final = (
    "UPDATE record SET state = 'pending', created_utc = ?, next_try_utc = NULL, failures = 0,"
    " plan = NULL, device_results = NULL WHERE id = ?"
)
_GIVE_UP: Final = (
    "UPDATE record SET state = 'expired', last_error = 'corrected'"
    " WHERE target = :target AND kind = :kind AND plant = :plant AND slot_utc = :slot_utc"
    " AND state IN ('pending', 'sending', 'parked', 'partial')"
)
_INSERT: Final = (
    "INSERT INTO record (target, kind, plant, slot_utc, revision, payload, hash, origin, state,"
    " lane, created_utc) VALUES (:target, :kind, :plant, :slot_utc, :revision, :payload, :hash,"
    " :origin, :state, :lane, :created_utc)"
)
_DUE: Final = (
    "SELECT * FROM record WHERE state = 'pending' AND lane = ?"
    " AND (next_try_utc IS NULL OR next_try_utc <= ? OR next_try_utc > ?)"
    " AND kind NOT IN (SELECT value FROM json_each(?))"
    " ORDER BY slot_utc, plant, revision LIMIT 1"
)
_TAKE: Final = "UPDATE record SET state = 'sending', attempts = attempts + 1 WHERE id = ?"
_SETTLE: Final = (
    "UPDATE record SET state = :state, lane = MAX(lane, :lane), plan = :plan,"
    " device_results = :device_results, failures = :failures, next_try_utc = :next_try_utc,"
    " delivered_utc = :delivered_utc, last_status = :last_status, last_error = :last_error"
    " WHERE id = :id AND state = 'sending'"
)
_NEXT_TRY: Final = (
    "SELECT MIN(next_try_utc) FROM record INDEXED BY record_waiting"
    " WHERE state = 'pending' AND next_try_utc IS NOT NULL"
    " AND kind NOT IN (SELECT value FROM json_each(?))"
)


class Added(StrEnum):
    """What became of a message that was to be put into the queue."""

    NEW = "new"
    SAME = "same"
    """This content is there already."""
    CHANGED = "changed"
    """The slot is there with another content, and nobody asked to correct it."""


def recover(db: sqlite3.Connection) -> None:
    """Let what was being sent when the last run ended wait again, under the same key."""
    db.execute(_RECOVER)


def aim(db: sqlite3.Connection, target: str) -> None:
    """Let messages go to a target; what waits for another one goes there too."""
    if get(db, TARGET) != target:
        db.execute(_RETARGET, {"target": target})
        put(db, TARGET, target)


def add(
    db: sqlite3.Connection,
    message: Message,
    now: datetime,
    *,
    correct: bool = False,
    dry: bool = False,
) -> Added:
    """Put a message into the queue, unless its slot is there already.

    With `correct`, another content becomes a new revision, and older ones that were not
    delivered yet are given up. Raises ValueError for a number that JSON does not know.
    """
    content = digest(message.payload)
    slot = _slot(db, message)
    revisions = db.execute(_REVISIONS, slot).fetchall()
    for row in revisions:
        if row["state"] == State.DRY:
            db.execute("DELETE FROM record WHERE id = ?", (row["id"],))
    newest = next((row for row in revisions if row["state"] != State.DRY), None)
    if newest is None:
        return _insert(db, slot, message, now, revision=0, dry=dry)
    if newest["hash"] == content:
        return _again(db, newest, now, dry=dry)
    if not correct and newest["state"] != State.EXPIRED:
        return Added.CHANGED
    if not dry:
        db.execute(_GIVE_UP, slot)
    revision = newest["revision"] + 1
    return _insert(db, slot, message, now, revision=revision, dry=dry)


def take(
    db: sqlite3.Connection, now: datetime, *, backlog: bool, held: Collection[str] = ()
) -> Record | None:
    """Return what must be sent now, marked as on its way; None when nothing is due.

    The newest record of every plant comes first, then, if `backlog`, the others, the
    oldest first. Kinds that are held back stay.
    """
    row = _due(db, now, backlog=backlog, held=held)
    if row is None:
        return None
    db.execute(_TAKE, (row["id"],))
    note_request(db, now)
    if row["lane"] == BACKLOG:
        put(db, BACKLOG_SENT, to_ms(now))
    return record_of(row)


def is_due(
    db: sqlite3.Connection, now: datetime, *, backlog: bool, held: Collection[str] = ()
) -> bool:
    """Return whether there is something to be sent now, of kinds that are not held back."""
    return _due(db, now, backlog=backlog, held=held) is not None


def note_request(db: sqlite3.Connection, now: datetime) -> None:
    """Remember that a request leaves now, so that a restart does not hurry either."""
    put(db, LAST_SENT, to_ms(now))


def settle(db: sqlite3.Connection, record: Record, decision: Decision, now: datetime) -> None:
    """Write down what became of a record that was on its way."""
    delivered = decision.state in (State.DELIVERED, State.PARTIAL)
    wait = decision.wait
    db.execute(
        _SETTLE,
        {
            "id": record.id,
            "state": decision.state,
            "lane": LIVE if plan_text(decision.plan) is None else BACKLOG,
            "plan": plan_text(decision.plan),
            "device_results": refused_text(decision.refused),
            "failures": decision.failures,
            "next_try_utc": None if wait is None else to_ms(now + wait),
            "delivered_utc": to_ms(now) if delivered else None,
            "last_status": decision.status,
            "last_error": decision.words or None,
        },
    )


def next_try(db: sqlite3.Connection, held: Collection[str] = ()) -> datetime | None:
    """Return when the first of the records that wait is due; None when none waits.

    Kinds that are held back do not count.
    """
    (stamp,) = db.execute(_NEXT_TRY, (json.dumps([*held]),)).fetchone()
    return None if stamp is None else from_ms(stamp)


def _due(
    db: sqlite3.Connection, now: datetime, *, backlog: bool, held: Collection[str]
) -> sqlite3.Row | None:
    for lane in (LIVE, BACKLOG) if backlog else (LIVE,):
        span = to_ms(now), to_ms(now + _LONGEST_WAIT)
        rows = db.execute(_DUE, (lane, *span, json.dumps([*held])))
        row: sqlite3.Row | None = rows.fetchone()
        if row is not None:
            return row
    return None


def _slot(db: sqlite3.Connection, message: Message) -> dict[str, Any]:
    slot = message.slot
    return {
        "target": get(db, TARGET),
        "kind": slot.kind,
        "plant": slot.plant,
        "slot_utc": to_ms(slot.at),
    }


def _again(db: sqlite3.Connection, known: sqlite3.Row, now: datetime, *, dry: bool) -> Added:
    """Let a content that was given up wait again; anything else is there already."""
    if known["state"] != State.EXPIRED or dry:
        return Added.SAME
    db.execute(_REVIVE, (to_ms(now), known["id"]))
    return Added.NEW


def _insert(
    db: sqlite3.Connection,
    slot: dict[str, Any],
    message: Message,
    now: datetime,
    *,
    revision: int,
    dry: bool,
) -> Added:
    (newest,) = db.execute(_NEWEST, slot).fetchone()
    live = not dry and (newest is None or slot["slot_utc"] >= newest)
    if live:
        db.execute(_DEMOTE, slot)
    row = slot | {
        "revision": revision,
        "payload": pack(to_text(message.payload)),
        "hash": digest(message.payload),
        "origin": message.origin,
        "state": State.DRY if dry else State.PENDING,
        "lane": LIVE if live else BACKLOG,
        "created_utc": to_ms(now),
    }
    db.execute(_INSERT, row)
    return Added.NEW
