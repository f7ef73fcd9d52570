"""What can be told of the queue. Each function is one act on the open file (see `Store.do`)."""

from dataclasses import dataclass
from datetime import datetime
import sqlite3
from typing import Final

from .coding import refused_of
from .memo import BACKLOG_SENT, DROPPED, LAST_SENT, get, put
from .record import State
from .schema import from_ms, to_ms

_BEHIND: Final = "behind/"
_LOOKED: Final = "looked/"
_REACHED: Final = "reached/"
_OLDEST: Final = "SELECT MIN(created_utc) FROM record WHERE state = 'pending'"
_DELIVERED: Final = "SELECT COUNT(*) FROM record WHERE delivered_utc >= ?"
_LAST: Final = "SELECT MAX(delivered_utc) FROM record WHERE delivered_utc IS NOT NULL"
_REFUSED: Final = (
    "SELECT plant, slot_utc, device_results, last_status FROM record"
    " WHERE state IN ('parked', 'partial') ORDER BY created_utc DESC LIMIT ?"
)
_SLOTS: Final = (
    "SELECT DISTINCT slot_utc FROM record"
    " WHERE target = (SELECT value FROM memo WHERE name = 'target') AND kind = ? AND plant = ?"
    " AND slot_utc >= ? AND slot_utc < ? AND state NOT IN ('expired', ?) ORDER BY slot_utc"
)
_STATES: Final = (
    "SELECT state, COUNT(*) AS records FROM record"
    " WHERE target = (SELECT value FROM memo WHERE name = 'target') AND kind = ? AND plant = ?"
    " AND slot_utc >= ? AND slot_utc < ? GROUP BY state"
)
_NEWEST: Final = (
    "SELECT MAX(slot_utc) FROM record"
    " WHERE target = (SELECT value FROM memo WHERE name = 'target') AND kind = ? AND plant = ?"
    " AND state <> 'dry'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The queue in numbers."""

    waiting: int
    refused: int
    """Records with something that the server does not take."""
    delivered_today: int
    dropped: int
    oldest: datetime | None
    """Since when the oldest record waits."""
    last_delivery: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What of a record was refused, in the words of the server, by device."""

    plant: int
    slot: datetime
    status: int | None
    words: dict[str, str]


def counts(db: sqlite3.Connection) -> dict[State, int]:
    """Return how many records are in each state."""
    found = dict.fromkeys(State, 0)
    return found | {
        State(row["state"]): row["records"] for row in db.execute("SELECT * FROM tally")
    }


def summary(db: sqlite3.Connection, midnight: datetime) -> Summary:
    """Return the queue in numbers; today begins at `midnight`."""
    number = counts(db)
    (delivered,) = db.execute(_DELIVERED, (to_ms(midnight),)).fetchone()
    return Summary(
        waiting=number[State.PENDING] + number[State.SENDING],
        refused=number[State.PARKED] + number[State.PARTIAL],
        delivered_today=delivered,
        dropped=int(get(db, DROPPED) or 0),
        oldest=_moment(db, _OLDEST),
        last_delivery=_moment(db, _LAST),
    )


def last_requests(db: sqlite3.Connection) -> tuple[datetime | None, datetime | None]:
    """Return when a request left last, and when one of the backlog did."""
    sent, backlog = get(db, LAST_SENT), get(db, BACKLOG_SENT)
    return (
        None if sent is None else from_ms(int(sent)),
        None if backlog is None else from_ms(int(backlog)),
    )


def refusals(db: sqlite3.Connection, most: int = 20) -> list[Refusal]:
    """Return what was refused, the newest first."""
    return [
        Refusal(
            row["plant"],
            from_ms(row["slot_utc"]),
            row["last_status"],
            refused_of(row["device_results"]),
        )
        for row in db.execute(_REFUSED, (most,))
    ]


def slots(
    db: sqlite3.Connection,
    kind: str,
    plant: int,
    start: datetime,
    end: datetime,
    *,
    dry: bool = False,
) -> list[datetime]:
    """Return the slots of a plant that are in the queue or were delivered.

    With `dry` those too that were only built to be looked at.
    """
    without = State.EXPIRED if dry else State.DRY
    rows = db.execute(_SLOTS, (kind, plant, to_ms(start), to_ms(end), without))
    return [from_ms(row["slot_utc"]) for row in rows]


def states(
    db: sqlite3.Connection, kind: str, plant: int, start: datetime, end: datetime
) -> dict[State, int]:
    """Return how many records of a plant in a span are in which state."""
    rows = db.execute(_STATES, (kind, plant, to_ms(start), to_ms(end)))
    return {State(row["state"]): row["records"] for row in rows}


def _newest_slot(db: sqlite3.Connection, kind: str, plant: int) -> datetime | None:
    """Return the newest slot of a plant that was ever put in; None before the first."""
    (stamp,) = db.execute(_NEWEST, (kind, plant)).fetchone()
    return None if stamp is None else from_ms(stamp)


def behind(
    db: sqlite3.Connection, kind: str, plant: int, since: datetime, limit: datetime
) -> datetime | None:
    """Return from when on a plant was not looked at; None if that was not before `limit`.

    It is remembered until `caught_up`: slots of now, which come in meanwhile, do not hide it.
    """
    name = f"{_BEHIND}{plant}"
    if (known := get(db, name)) is not None:
        return from_ms(int(known))
    newest, looked = _newest_slot(db, kind, plant), get(db, f"{_LOOKED}{plant}")
    start = max(since, newest or since, since if looked is None else from_ms(int(looked)))
    if start >= limit:
        return None
    put(db, name, to_ms(start))
    return start


def caught_up(db: sqlite3.Connection, plant: int, until: datetime) -> None:
    """Forget that a plant was not looked at: up to a moment it was, whatever came of it."""
    db.execute("DELETE FROM memo WHERE name = ?", (f"{_BEHIND}{plant}",))
    put(db, f"{_LOOKED}{plant}", to_ms(until))


def reached(db: sqlite3.Connection, kind: str) -> datetime | None:
    """Return up to when a kind was put in that is put in by the order of time; None for never."""
    stamp = get(db, f"{_REACHED}{kind}")
    return None if stamp is None else from_ms(int(stamp))


def reach(db: sqlite3.Connection, kind: str, until: datetime | None) -> None:
    """Remember up to when a kind was put in; with None forget it."""
    if until is None:
        db.execute("DELETE FROM memo WHERE name = ?", (f"{_REACHED}{kind}",))
    else:
        put(db, f"{_REACHED}{kind}", to_ms(until))


def _moment(db: sqlite3.Connection, sql: str) -> datetime | None:
    (stamp,) = db.execute(sql).fetchone()
    return None if stamp is None else from_ms(stamp)
