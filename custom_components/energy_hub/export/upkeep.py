"""What keeps the queue small, and what a user can do with it: retry, purge.

Each function is one act on the open file (see `Store.do`), on so many records at most that
nobody else waits long for it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
import json
import sqlite3
from typing import Final

from .coding import plan_text, refused_of
from .memo import DROPPED, get, put
from .record import PLANT, Group, State
from .schema import to_ms

KEPT: Final = timedelta(days=7)
"""How long a delivered record stays, for the preview and to know duplicates by."""
MOST_RECORDS: Final = 500_000
"""50 plants every five minutes for 30 days are 430,000."""
_GRACE: Final = timedelta(days=1)
BATCH: Final = 2_000
"""The most records that one act changes."""
_PAGES: Final = 2_000

_DELETE_OLD: Final = (
    "DELETE FROM record WHERE id IN"
    " (SELECT id FROM record WHERE state = ? AND created_utc < ? LIMIT ?)"
)
_DELETE_DELIVERED: Final = (
    "DELETE FROM record WHERE id IN (SELECT id FROM record INDEXED BY record_delivered"
    " WHERE delivered_utc IS NOT NULL AND delivered_utc < ? AND state = 'delivered' LIMIT ?)"
)
_EXPIRE: Final = (
    "UPDATE record SET state = 'expired' WHERE id IN"
    " (SELECT id FROM record WHERE state = ? AND created_utc < ? LIMIT ?)"
)
_DELETE_OLDEST: Final = (
    "DELETE FROM record WHERE id IN"
    " (SELECT id FROM record WHERE state = ? ORDER BY created_utc LIMIT ?)"
)
_REFUSED: Final = (
    "SELECT id, device_results FROM record WHERE state IN ('parked', 'partial')"
    " AND (?1 IS NULL OR plant IN (SELECT value FROM json_each(?1))) LIMIT ?2"
)
_RETRY: Final = (
    "UPDATE record SET state = 'pending', lane = 1, plan = ?, device_results = NULL,"
    " failures = 0, next_try_utc = NULL, created_utc = ? WHERE id = ?"
)
_PURGE: Final = (
    "DELETE FROM record WHERE state IN (SELECT value FROM json_each(?1))"
    " AND (?2 IS NULL OR plant IN (SELECT value FROM json_each(?2)))"
)
_GIVE_UP: Final = (
    "UPDATE record SET state = 'expired', last_error = 'not chosen'"
    " WHERE state = 'pending' AND (plant NOT IN (SELECT value FROM json_each(?))"
    " OR kind NOT IN (SELECT value FROM json_each(?)))"
)
_FIRST_TO_GO: Final = (
    State.DELIVERED,
    State.DRY,
    State.EXPIRED,
    State.PARTIAL,
    State.PARKED,
    State.PENDING,
)
_UNDELIVERED: Final = (State.PENDING, State.PARKED)


def tidy(
    db: sqlite3.Connection, now: datetime, retention: timedelta, most: int = MOST_RECORDS
) -> bool:
    """Give up what is too old and delete what is not needed; return whether there is more to do.

    What is given up undelivered is counted. A day more than the retention passes first, so
    that an outage of just that length loses nothing.
    """
    end = now - retention - _GRACE
    done = [_delete(db, _DELETE_DELIVERED, to_ms(now - KEPT))]
    done.append(_delete(db, _DELETE_OLD, State.DRY, to_ms(now - KEPT)))
    done.append(_delete(db, _DELETE_OLD, State.EXPIRED, to_ms(end - KEPT)))
    done.append(_delete(db, _DELETE_OLD, State.PARTIAL, to_ms(end)))
    for state in _UNDELIVERED:
        given_up = _delete(db, _EXPIRE, state, to_ms(end))
        _count_dropped(db, given_up)
        done.append(given_up)
    done.append(_shrink(db, most))
    db.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
    return max(done) >= BATCH


def retry_refused(
    db: sqlite3.Connection, now: datetime, plants: Collection[int] | None = None
) -> int:
    """Let what was refused wait again, of these plants or of all; return how many records.

    There may be more when it is as many as `BATCH`.
    """
    rows = db.execute(_REFUSED, (_list(plants), BATCH)).fetchall()
    db.executemany(
        _RETRY, [(_plan_again(row["device_results"]), to_ms(now), row["id"]) for row in rows]
    )
    return len(rows)


def purge(
    db: sqlite3.Connection, states: Collection[State], plants: Collection[int] | None = None
) -> int:
    """Delete the records in these states, of these plants or of all; return how many."""
    return db.execute(_PURGE, (_list(states), _list(plants))).rowcount


def give_up_others(db: sqlite3.Connection, plants: Collection[int], kinds: Collection[str]) -> None:
    """Give up what waits of other plants or kinds than these: nobody wants it sent any more."""
    db.execute(_GIVE_UP, (_list(plants), _list(kinds)))


def forget_dropped(db: sqlite3.Connection) -> None:
    """Forget how many records were given up: somebody has been told."""
    put(db, DROPPED, 0)


def _plan_again(refused: str | None) -> str | None:
    devices = sorted(one for one in refused_of(refused) if one != PLANT)
    return plan_text([Group(tuple(devices))]) if devices else None


def _list(values: Collection[str | int] | None) -> str | None:
    return None if values is None else json.dumps([*values])


def _shrink(db: sqlite3.Connection, most: int) -> int:
    """Delete what is over the limit, delivered records first, those that wait last."""
    (records,) = db.execute("SELECT COALESCE(SUM(records), 0) FROM tally").fetchone()
    over = min(records - most, BATCH)
    deleted = 0
    for state in _FIRST_TO_GO:
        if deleted >= over:
            break
        gone = db.execute(_DELETE_OLDEST, (state, over - deleted)).rowcount
        _count_dropped(db, gone if state in _UNDELIVERED else 0)
        deleted += gone
    return deleted


def _delete(db: sqlite3.Connection, sql: str, *values: str | int) -> int:
    return db.execute(sql, (*values, BATCH)).rowcount


def _count_dropped(db: sqlite3.Connection, records: int) -> None:
    if records:
        put(db, DROPPED, int(get(db, DROPPED) or 0) + records)
