"""The Envoy measurements run on a real Home Assistant, for both sides."""

from dataclasses import replace

import pytest

from script.lib.bench.case import Side
from script.lib.bench.enphase.cases import cases
from script.lib.bench.fresh import measure

_FEW = {"minutes": 2, "speed": 120}


@pytest.mark.parametrize(
    ("side", "setup_requests", "requests"),
    [
        # The readings in each refresh.
        (Side.OURS, 7, 1),
        # These, configuration, report, inverters and tariff.
        (Side.PEER, 8, 5),
    ],
)
def test_every_figure_is_there(side: Side, setup_requests: int, requests: int) -> None:
    (case,) = (one for one in cases(real=False) if one.arguments["inverters"] == 10)
    figures = measure(replace(case, arguments={**case.arguments, **_FEW}), side)

    assert set(figures) >= {figure.key for figure in case.figures}
    assert (figures["setup_requests"], figures["requests"]) == (setup_requests, requests)
    assert figures["setup_ms"] > figures["setup_block_ms"] > 0
    assert figures["cpu_us"] >= figures["loop_us"] > 0
    assert figures["writes"] >= figures["rows"] > 0
    assert figures["registered"] >= figures["entities"] > 20
