"""Ports that stay the same from one start to the next."""

from collections.abc import Iterator
import socket

import pytest

from script.lib.demo.ports import HOST, assign, is_free
from script.lib.demo.say import DemoError

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
def taken(socket_enabled: None) -> Iterator[int]:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def test_each_name_gets_a_port_of_its_own_and_keeps_it() -> None:
    ports: dict[str, int] = {}
    first, second = assign(ports, "p1"), assign(ports, "control")
    assert first != second
    assert is_free(first)
    assert assign(ports, "p1") == first
    assert ports == {"p1": first, "control": second}


def test_a_port_that_somebody_listens_on_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_a_taken_port_of_an_entry_is_told(taken: int) -> None:
    with pytest.raises(DemoError, match=rf"port {taken}.*\(p1\).*--fresh"):
        assign({"p1": taken}, "p1")
