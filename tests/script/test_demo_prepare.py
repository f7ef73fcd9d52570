"""What the demo checks and writes before it starts anything."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
import socket

import pytest

from script.lib.demo import prepare
from script.lib.demo.memory import Memory
from script.lib.demo.options import Options
from script.lib.demo.ports import HOST
from script.lib.demo.say import DemoError

pytestmark = pytest.mark.usefixtures("socket_enabled")
NOW = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)


def options(
    port: int = 0, *, here: bool = False, fresh: bool = False, simulator: bool = True
) -> Options:
    return Options(port=port, here=here, fresh=fresh, simulator=simulator, replay=None)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TZ", "Europe/Brussels")
    monkeypatch.setattr(prepare, "FOLDER", tmp_path / ".demo")
    monkeypatch.setattr(prepare, "MEMORY", tmp_path / ".demo" / "demo.json")
    monkeypatch.setattr(prepare, "LOCK", tmp_path / ".tools" / "demo.lock")
    return tmp_path / ".demo"


@pytest.fixture
def taken(socket_enabled: None) -> Iterator[int]:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_house_stays_where_it_was_built(folder: Path) -> None:
    memory, place = prepare.prepare(options())
    assert memory.house is not None
    assert memory.house.place == place
    assert prepare.prepare(options()) == (memory, place)
    assert place.zone in (folder / "configuration.yaml").read_text()


def test_fresh_forgets_everything(folder: Path) -> None:
    prepare.prepare(options())
    (folder / "home-assistant_v2.db").touch()
    prepare.prepare(options(fresh=True))
    assert not (folder / "home-assistant_v2.db").exists()


def test_devices_of_somebodys_own_stand_here() -> None:
    memory, place = prepare.prepare(options(simulator=False))
    assert memory.house is None
    assert place.zone == "Europe/Brussels"


def test_a_house_here_stands_in_the_zone_of_the_machine() -> None:
    assert prepare.house(options(here=True), None, NOW).place.zone == "Europe/Brussels"
    assert prepare.house(options(), None, NOW).place.zone == "Asia/Singapore"


def test_a_house_that_stands_elsewhere_cannot_be_moved_here() -> None:
    elsewhere = prepare.house(options(), None, NOW)
    with pytest.raises(DemoError, match=r"Asia/Singapore.*--fresh"):
        prepare.house(options(here=True), elsewhere, NOW)
    here = prepare.house(options(here=True), None, NOW)
    assert prepare.house(options(here=True), here, NOW) == here


def test_a_taken_port_is_told_before_anything_is_forgotten(folder: Path, taken: int) -> None:
    folder.mkdir()
    Memory(ports={"p1": 1}).save(folder / "demo.json")
    with pytest.raises(DemoError, match=rf"port {taken} is in use.*--port"):
        prepare.prepare(options(taken, fresh=True))
    assert Memory.load(folder / "demo.json").ports == {"p1": 1}


def test_one_demo_at_a_time() -> None:
    with (
        prepare.alone(),
        pytest.raises(DemoError, match="running already"),
        prepare.alone(),
    ):
        pass
    with prepare.alone():
        pass
