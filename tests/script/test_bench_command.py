"""script/bench: names, rounds, fresh processes, the table and the file."""

from collections.abc import Sequence
import json
import os
from pathlib import Path
import sys

import pytest

from script.lib.bench import registry
from script.lib.bench.__main__ import main
from script.lib.bench.case import Case, Figure

_ME = "tests.script.test_bench_command"


def cases(*, real: bool) -> Sequence[Case]:
    """Return what the bench under the name `stub` measures."""
    return (
        Case(
            work="stub work",
            peer_name="stub peer",
            function=f"{_ME}:work",
            arguments={"real": real, "parent": os.getpid()},
            figures=(Figure("seconds", "time", "s"), Figure("fresh", "fresh process", "1")),
        ),
    )


def work(*, side: str, real: bool, parent: int) -> dict[str, float]:
    """Take the time that the side and `--real` ask for."""
    sys.stdout.write("something that a library says\n")
    fresh = os.getpid() != parent and os.getppid() == parent
    return {"seconds": (1 if side == "ours" else 4) * (10 if real else 1), "fresh": fresh}


@pytest.fixture(autouse=True)
def _stub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.BENCHES, "stub", _ME)


def test_a_name_prints_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    main(["stub", "--runs", "1"])

    assert capsys.readouterr().out.splitlines() == [
        "stub work; peer: stub peer",
        "  figure             ours                peer                ours / peer",
        "  time (s)           1.00 (1.00 - 1.00)  4.00 (4.00 - 4.00)  0.25",
        "  fresh process (1)  1.00 (1.00 - 1.00)  1.00 (1.00 - 1.00)  1.00",
    ]


def test_the_same_rows_go_to_a_file(tmp_path: Path) -> None:
    main(["stub", "--runs", "1", "--real", "--json", str(tmp_path / "rows.json")])

    rows = json.loads((tmp_path / "rows.json").read_text())
    assert rows[0] == {
        "work": "stub work",
        "figure": "time",
        "unit": "s",
        "ours": 10,
        "peer": 40,
        "peer_name": "stub peer",
        "ratio": 0.25,
    }


def test_the_sides_take_turns_and_who_begins_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["stub", "--runs", "2"])

    said = [line.rpartition(" ")[2] for line in capsys.readouterr().err.splitlines()]
    assert said == ["ours", "peer", "peer", "ours"]


@pytest.mark.parametrize("arguments", [["nonsense"], ["stub", "--runs", "0"]])
def test_what_makes_no_sense_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)


def test_every_registered_bench_has_cases_with_figures() -> None:
    for name in registry.BENCHES:
        for real in (False, True):
            found = registry.find(name).cases(real=real)
            assert found
            assert all(case.figures for case in found)
