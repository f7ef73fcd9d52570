"""What is served has an entry, what is not served has none."""

from pathlib import Path

import pytest

from script.lib.demo import served
from script.lib.demo.devices import METER
from script.lib.demo.memory import Memory
from script.lib.demo.served import Served, bring_entries

from .demo_home import RememberingHome

HOUSE = Served("p1", "P1 meter", METER, {"host": "127.0.0.1", "port": 18100})
REPLAY = Served("replay x", "replayed meter", METER, {"host": "127.0.0.1", "port": 1}, False)


@pytest.fixture
def home() -> RememberingHome:
    return RememberingHome()


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(served, "MEMORY", tmp_path / "demo.json")
    return tmp_path / "demo.json"


async def test_the_first_start_adds_the_devices_and_fills_the_dashboard(
    home: RememberingHome, file: Path
) -> None:
    memory = Memory()
    await bring_entries(home, [HOUSE, REPLAY], memory)
    assert set(home.entries) == {"entry1", "entry2"}
    assert Memory.load(file).entries == {"p1": "entry1", "replay x": "entry2"}
    assert home.sources is not None
    assert [one["stat_energy_from"] for one in home.sources] == ["sensor.entry1_import_total"]


async def test_a_second_start_changes_nothing(home: RememberingHome) -> None:
    memory = Memory()
    await bring_entries(home, [HOUSE], memory)
    await bring_entries(home, [HOUSE], memory)
    assert set(home.entries) == {"entry1"}
    assert home.saves == 1


async def test_an_entry_of_ours_that_nothing_serves_goes_and_others_stay(
    home: RememberingHome, file: Path
) -> None:
    memory = Memory()
    await bring_entries(home, [HOUSE], memory)
    home.add("somebody's")
    await bring_entries(home, [], memory)
    assert set(home.entries) == {"somebody's"}
    assert Memory.load(file).entries == {}
    assert home.sources == []


async def test_an_entry_that_the_user_removed_comes_back(home: RememberingHome) -> None:
    memory = Memory()
    await bring_entries(home, [HOUSE], memory)
    home.entries.clear()
    await bring_entries(home, [HOUSE], memory)
    assert set(home.entries) == {"entry2"}
    assert home.saves == 2


async def test_a_device_that_is_refused_is_told_and_the_others_are_added(
    home: RememberingHome, capsys: pytest.CaptureFixture[str]
) -> None:
    home.refusals = [{"type": "form", "errors": {"base": "timeout"}}]
    memory = Memory()
    await bring_entries(home, [REPLAY, HOUSE], memory)
    assert set(home.entries) == {"entry2"}
    assert "the replayed meter was not added: The connection stands" in capsys.readouterr().err


async def test_a_refused_device_whose_entry_the_user_removed_is_forgotten(
    home: RememberingHome,
) -> None:
    home.refusals = [{"type": "abort", "reason": "already_configured"}]
    memory = Memory(entries={"p1": "removed"})
    await bring_entries(home, [HOUSE], memory)
    assert memory.entries == {}


async def test_an_entry_that_does_not_start_is_told(
    home: RememberingHome, capsys: pytest.CaptureFixture[str]
) -> None:
    home.add("old", "setup_retry")["reason"] = "Could not connect"
    await bring_entries(home, [HOUSE], Memory(entries={"p1": "old"}))
    assert "the P1 meter could not be set up: Could not connect" in capsys.readouterr().err


async def test_a_dashboard_that_is_filled_is_left_alone(home: RememberingHome) -> None:
    home.sources = [{"type": "grid", "stat_energy_from": "sensor.somebodys"}]
    await bring_entries(home, [], Memory())
    assert home.saves == 0


async def test_an_empty_home_stays_empty(home: RememberingHome) -> None:
    await bring_entries(home, [], Memory())
    assert home.sources is None
