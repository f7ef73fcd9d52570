"""Single values that the queue remembers beside its records."""

import sqlite3
from typing import Final

TARGET: Final = "target"
"""Where messages go to; part of their key."""
LAST_SENT: Final = "last_sent"
BACKLOG_SENT: Final = "backlog_sent"
DROPPED: Final = "dropped"
"""Records that were given up undelivered and that nobody has been told of yet."""


def get(db: sqlite3.Connection, name: str) -> str | int | None:
    """Return a value; None when there is none."""
    row = db.execute("SELECT value FROM memo WHERE name = ?", (name,)).fetchone()
    return None if row is None else row["value"]


def put(db: sqlite3.Connection, name: str, value: str | int) -> None:
    """Remember a value."""
    db.execute("INSERT OR REPLACE INTO memo VALUES (?, ?)", (name, value))
