"""The file of the queue: tables, indexes, and how it is opened.

WAL keeps readers and a power cut apart; FULL makes a commit mean that it is on the disk.
The indexes hold what the sender asks for at every step, so that a step costs the same
with ten records and with a hundred thousand. Times are milliseconds since 1970 (UTC).
"""

from datetime import UTC, datetime
from pathlib import Path
import sqlite3
from typing import Final

LIVE, BACKLOG = 0, 1
"""Lanes: the newest record of each plant, and the others."""

_VERSION: Final = 1
_PRAGMAS: Final = """
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
"""
_TABLES: Final = """
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  kind TEXT NOT NULL,
  plant INTEGER NOT NULL,
  slot_utc INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  payload BLOB NOT NULL,
  hash BLOB NOT NULL,
  origin TEXT NOT NULL,
  state TEXT NOT NULL,
  lane INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  next_try_utc INTEGER,
  created_utc INTEGER NOT NULL,
  delivered_utc INTEGER,
  last_status INTEGER,
  last_error TEXT,
  plan TEXT,
  device_results TEXT,
  UNIQUE (target, kind, plant, slot_utc, revision)
) STRICT;
CREATE INDEX record_queue ON record (lane, slot_utc, plant, revision) WHERE state = 'pending';
CREATE INDEX record_waiting ON record (next_try_utc)
  WHERE state = 'pending' AND next_try_utc IS NOT NULL;
CREATE INDEX record_newest ON record (target, kind, plant) WHERE lane = 0;
CREATE INDEX record_age ON record (state, created_utc);
CREATE INDEX record_delivered ON record (delivered_utc) WHERE delivered_utc IS NOT NULL;
CREATE TABLE tally (state TEXT PRIMARY KEY, records INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE memo (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER record_added AFTER INSERT ON record BEGIN
  INSERT INTO tally VALUES (new.state, 1) ON CONFLICT DO UPDATE SET records = records + 1;
END;
CREATE TRIGGER record_removed AFTER DELETE ON record BEGIN
  UPDATE tally SET records = records - 1 WHERE state = old.state;
END;
CREATE TRIGGER record_moved AFTER UPDATE OF state ON record WHEN old.state <> new.state BEGIN
  UPDATE tally SET records = records - 1 WHERE state = old.state;
  INSERT INTO tally VALUES (new.state, 1) ON CONFLICT DO UPDATE SET records = records + 1;
END;
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, made or put in order where needed.

    Raises sqlite3.DatabaseError when it is not readable, sqlite3.OperationalError when
    the disk does not let us.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.executescript(_PRAGMAS)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            connection.executescript(f"BEGIN;{_TABLES}PRAGMA user_version = {_VERSION};COMMIT;")
    except BaseException:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def to_ms(moment: datetime) -> int:
    """Return a moment as it stands in the file."""
    return round(moment.timestamp() * 1000)


def from_ms(stamp: int) -> datetime:
    """Return what stands in the file as a moment (UTC)."""
    return datetime.fromtimestamp(stamp / 1000, UTC)
