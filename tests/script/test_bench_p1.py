"""The P1 measurements run on a real Home Assistant, for both sides."""

from dataclasses import replace

import pytest

from script.lib.bench.case import Case, Side
from script.lib.bench.fresh import measure
from script.lib.bench.p1.cases import cases
from script.lib.bench.p1.readers import FEW, MANY, reader


def _case(function: str) -> Case:
    return next(case for case in cases(real=False) if case.function.endswith(function))


@pytest.mark.parametrize("side", Side)
def test_a_paced_stream_gives_every_figure(side: Side) -> None:
    case = _case("paced")
    figures = measure(replace(case, arguments={**case.arguments, "telegrams": 10}), side)

    assert set(figures) == {figure.key for figure in case.figures}
    assert figures["cpu_us"] >= figures["loop_us"] > 0
    assert figures["writes"] >= figures["rows"] > 0


def test_a_backlog_is_worked_through() -> None:
    case = _case("backlog")
    figures = measure(case, Side.OURS)

    assert set(figures) == {figure.key for figure in case.figures}
    assert figures["waiting"] > 1


def test_our_first_value_comes() -> None:
    assert measure(_case("first_value"), Side.OURS)["first_value_s"] > 0


@pytest.mark.parametrize("entities", [FEW, MANY])
def test_both_sides_wish_for_as_many_entities(entities: int) -> None:
    for side in Side:
        enabled = [wish for wish in reader(side).wishes(entities) if wish.enabled]
        mbus = 2 if side is Side.PEER else 0
        assert len(enabled) + mbus == entities
        assert len({wish.unique_id for wish in enabled}) == len(enabled)


def test_six_hundred_telegrams_are_measured_at_one_and_at_thirty_seconds() -> None:
    paced = [case for case in cases(real=False) if case.function.endswith("paced")]

    assert {case.arguments["interval"] for case in paced} == {1, 30}
    assert all(float(case.arguments["telegrams"]) >= 600 for case in paced)
