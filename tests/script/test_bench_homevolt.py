"""The Homevolt measurements run on a real Home Assistant, for both sides."""

from script.lib.bench.homevolt.cases import cases

from .bench_sides import measure_both


def test_both_sides_give_every_figure() -> None:
    (case,) = (case for case in cases(real=False) if case.arguments["setup"] == "one ECU")
    ours, peer = measure_both(case, minutes=1, speed=60)

    for figures in (ours, peer):
        assert set(figures) == {figure.key for figure in case.figures}
        assert figures["cpu_us"] >= figures["loop_us"] > 0
        assert figures["writes"] >= figures["rows"] > 0
        assert figures["entities"] > 10
    # Ours asks for the plan once in a minute, the peer in each of its four polls.
    assert (ours["requests"], ours["minute_requests"]) == (1, 7)
    assert (peer["requests"], peer["minute_requests"]) == (2, 8)
    assert (ours["first_requests"], peer["first_requests"]) == (5, 2)
