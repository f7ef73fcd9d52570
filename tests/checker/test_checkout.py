"""The checkout itself is clean, and problems are said in one line."""

from pathlib import Path

from script.lib.checker import Problem, check

from .checkout import ROOT


def test_this_checkout_has_no_problem() -> None:
    assert check(ROOT) == []


def test_the_copy_has_no_problem_more_than_the_original(copy: Path) -> None:
    assert set(check(copy)) <= set(check(ROOT))


def test_a_problem_names_file_key_and_remedy() -> None:
    assert str(Problem("a.json", "b.c", "missing; add it")) == "a.json: b.c: missing; add it"
