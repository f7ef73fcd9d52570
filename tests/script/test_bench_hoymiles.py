"""The fleet's measurements run on a real Home Assistant."""

from dataclasses import replace

from script.lib.bench.case import Side
from script.lib.bench.fresh import measure
from script.lib.bench.hoymiles.cases import cases


def test_our_fleet_gives_every_figure() -> None:
    (case,) = cases(real=False)
    small = replace(case, arguments={"plants": 2, "inverters": 1, "count": 1})
    figures = measure(small, Side.OURS)

    assert set(figures) == {figure.key for figure in case.figures}
    # Of few plants every port is shown: 11 entities a plant, 5 an inverter, 4 a port.
    assert figures["entities"] == 2 * (11 + 5 + 4 * 4)
    assert figures["calls"] == 4
    assert figures["writes"] > 0
    assert figures["memory_mb"] > 0
    assert figures["setup_cpu_ms"] > figures["setup_block_cpu_ms"] > 0
