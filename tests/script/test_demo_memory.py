"""What the demo keeps from one start to the next."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from script.lib.demo.memory import House, Memory, new_house
from script.lib.demo.place import Place
from script.lib.demo.say import DemoError

BANGKOK = Place(50.85, 105.0, "Asia/Bangkok")


def test_it_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    memory = Memory(
        House(BANGKOK, "2026-10-20T17:00:00+00:00", "2026-11-19T17:00:00+00:00"),
        {"p1": 18100},
        {"p1": "abc"},
    )
    memory.save(tmp_path / "demo.json")
    assert Memory.load(tmp_path / "demo.json") == memory
    assert [one.name for one in tmp_path.iterdir()] == ["demo.json"]


def test_a_demo_without_a_house_comes_back_too(tmp_path: Path) -> None:
    Memory().save(tmp_path / "demo.json")
    assert Memory.load(tmp_path / "demo.json") == Memory()


def test_the_first_start_remembers_nothing(tmp_path: Path) -> None:
    assert Memory.load(tmp_path / "demo.json") == Memory()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"house": 1, "ports": 2, "entries": 3}'])
def test_a_damaged_file_says_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text(text)
    with pytest.raises(DemoError, match="--fresh"):
        Memory.load(tmp_path / "demo.json")


def test_a_house_exists_for_thirty_days() -> None:
    now = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)  # the 22nd in Bangkok
    assert new_house(BANGKOK, now) == House(
        BANGKOK, "2026-10-22T17:00:00+00:00", "2026-11-20T17:00:00+00:00"
    )
