"""The file of the queue while it is open: one writer, and each change whole or not at all.

Plain and synchronous. Whenever the process ends, an act has happened, on the disk, or not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
import sqlite3
from threading import Lock
from typing import Concatenate, Final

from . import queue
from .schema import connect

_BROKEN: Final = ".broken"
_SIDE_FILES: Final = ("", "-wal", "-shm")


class Store:
    """The open queue; `do` is the only way to it."""

    def __init__(self, path: Path, target: str) -> None:
        """Open the file; what was on its way when the last run ended waits again.

        A file that is none is put aside, and `replaced` says so. Raises
        sqlite3.OperationalError when the disk does not let us.
        """
        self.replaced = False
        try:
            self._connection = connect(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            _put_aside(path)
            self.replaced = True
            self._connection = connect(path)
        self._lock: Final = Lock()
        try:
            self.do(queue.recover)
            self.do(queue.aim, target)
        except BaseException:
            self._connection.close()
            raise

    def do[**ArgsT, ResultT](
        self,
        act: Callable[Concatenate[sqlite3.Connection, ArgsT], ResultT],
        *args: ArgsT.args,
        **kwargs: ArgsT.kwargs,
    ) -> ResultT:
        """Do one act; raises sqlite3.Error when it could not, and then nothing has changed."""
        with self._lock, _whole(self._connection):
            return act(self._connection, *args, **kwargs)

    def close(self) -> None:
        """Close the file; what is in it stays."""
        with self._lock:
            self._connection.close()


def remove(path: Path) -> None:
    """Delete a queue that is closed, with all that was in it."""
    for end in (*_SIDE_FILES, _BROKEN):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _put_aside(path: Path) -> None:
    path.replace(path.with_name(path.name + _BROKEN))
    for end in _SIDE_FILES:
        path.with_name(path.name + end).unlink(missing_ok=True)


@contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")
