"""Ports on this machine."""

import socket
from typing import Final

from .say import DemoError

HOST: Final = "127.0.0.1"

# Below the range from which Linux and macOS lend ports to outgoing connections, so that
# a port is still free at the next start.
_FIRST: Final = 18100
_LAST: Final = 18999


def is_free(port: int) -> bool:
    """Return whether a server could listen on this port now."""
    with socket.socket() as probe:
        # As servers do it: connections of a server that has just ended do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def assign(ports: dict[str, int], name: str) -> int:
    """Return the port that this name has, or give it a free one.

    Raises DemoError when somebody else listens on its port: an entry relies on it.
    """
    port = ports.get(name)
    if port is None:
        taken = set(ports.values())
        free = (one for one in range(_FIRST, _LAST) if one not in taken and is_free(one))
        port = ports[name] = next(free)
    elif not is_free(port):
        raise DemoError(
            f"port {port}, on which this demo's simulator listens ({name}), is in use. "
            "Stop the program that uses it, or start again with --fresh."
        )
    return port
