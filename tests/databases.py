"""PostgreSQL and MariaDB of our own on 127.0.0.1, where script/setup --databases brought them."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import shutil
import signal
import socket
import subprocess
import tempfile
from typing import Final

import pytest
from sqlalchemy import create_engine, text

_FOLDER: Final = Path(__file__).parents[1] / ".tools" / "databases"
_NOBODY: Final = 65534
_HERE: Final = "127.0.0.1"


def _program(name: str) -> Path:
    """Return a program of the private copies; skips the test where there are none."""
    found = sorted(_FOLDER.glob(f"usr/**/bin/{name}")) + sorted(_FOLDER.glob(f"usr/sbin/{name}"))
    if not found:
        pytest.skip("script/setup --databases brings it")
    return found[-1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HERE, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], ready: str, stop: signal.Signals) -> Iterator[None]:
    """Run a server, as nobody where we are root, until the context is left."""
    user, group, others = _unprivileged()
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        user=user,
        group=group,
        extra_groups=others,
    ) as server:
        assert server.stderr is not None
        said = []
        for line in server.stderr:
            said.append(line)
            if ready in line:
                break
        else:
            raise RuntimeError("".join(said[-9:]))
        try:
            yield
        finally:
            server.send_signal(stop)


def _unprivileged() -> tuple[int | None, int | None, list[int] | None]:
    """Return user and groups that run a server: servers refuse to be root."""
    return (None, None, None) if os.getuid() else (_NOBODY, _NOBODY, [])


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """Give an empty folder that belongs to who runs a server; they cannot enter pytest's own."""
    made = Path(tempfile.mkdtemp(prefix=f"energy-hub-{name}-"))
    if not os.getuid():
        os.chown(made, _NOBODY, _NOBODY)
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a PostgreSQL; give its URL without a database."""
    server, maker, port = _program("postgres"), _program("initdb"), _free_port()
    with _folder("postgresql") as folder:
        data = str(folder / "data")
        made = [str(maker), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
        user, group, others = _unprivileged()
        subprocess.run(
            [*made, "--locale=C"],
            check=True,
            capture_output=True,
            timeout=60,
            user=user,
            group=group,
            extra_groups=others,
        )
        options = ["-D", data, "-h", _HERE, "-p", str(port), "-k", str(folder), "-F"]
        with _running([str(server), *options], "ready to accept connections", signal.SIGINT):
            yield f"postgresql://postgres@{_HERE}:{port}"


@contextmanager
def mariadb() -> Iterator[str]:
    """Run a MariaDB; give its URL without a database."""
    server, port = _program("mariadbd"), _free_port()
    with _folder("mariadb") as folder:
        (folder / "data").mkdir()
        if not os.getuid():
            os.chown(folder / "data", _NOBODY, _NOBODY)
        options = {
            "datadir": folder / "data",
            "socket": folder / "socket",
            "pid-file": folder / "pid",
            "basedir": _FOLDER / "usr",
            "lc-messages-dir": _FOLDER / "usr/share/mysql/english",
            "character-sets-dir": _FOLDER / "usr/share/mysql/charsets",
            "bind-address": _HERE,
            "port": port,
        }
        command = [str(server), "--no-defaults", "--skip-grant-tables"]
        command += [f"--{name}={value}" for name, value in options.items()]
        with _running(command, "ready for connections", signal.SIGTERM):
            yield f"mysql+pymysql://root@{_HERE}:{port}"


SERVERS: Final = {"postgresql": postgresql, "mariadb": mariadb}


def new_database(server: str, name: str) -> str:
    """Make an empty database on a server; return its URL."""
    maria = server.startswith("mysql")
    engine = create_engine(server if maria else f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        letters = " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci" if maria else ""
        connection.execute(text(f"CREATE DATABASE {name}{letters}"))
    engine.dispose()
    return f"{server}/{name}?charset=utf8mb4" if maria else f"{server}/{name}"
