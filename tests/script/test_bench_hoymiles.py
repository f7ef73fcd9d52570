"""The fleet's measurements run on a real Home Assistant."""

from dataclasses import replace

import pytest

from script.lib.bench.case import Side
from script.lib.bench.fresh import measure
from script.lib.bench.hoymiles.cases import cases


def test_our_fleet_gives_every_figure() -> None:
    case, *_ = cases(real=False)
    small = replace(case, arguments={"plants": 2, "inverters": 1, "count": 1, "settle_s": 0})
    figures = measure(small, Side.OURS)

    assert set(figures) == {figure.key for figure in case.figures}
    # Of few plants every port is shown: 11 entities a plant, 5 an inverter, 4 a port.
    assert figures["entities"] == 2 * (11 + 5 + 4 * 4)
    assert figures["calls"] == 4
    assert figures["writes"] > 0
    assert figures["setup_cpu_ms"] > figures["setup_block_cpu_ms"] > 0


@pytest.mark.parametrize(("side", "traced"), [(Side.OURS, False), (Side.PEER, True)])
def test_both_sides_keep_as_many_entities(side: Side, traced: bool) -> None:
    _, case, _ = cases(real=False)
    # More plants than are shown in detail by themselves.
    small = {"plants": 6, "inverters": 1, "traced": traced, "settle_s": 0}
    figures = measure(replace(case, arguments=small), side)

    assert set(figures) == {figure.key for figure in case.figures}
    assert figures["entities"] == 6 * (11 + 5)
    assert figures["states"] == 6 * (11 + 1)
    assert figures["kb"] > 1
