"""The ENRG measurements run, for both sides."""

from script.lib.bench.enrg.cases import cases

from .bench_sides import measure_both


def test_both_sides_give_every_figure() -> None:
    through, waiting = cases(real=False)

    ours, peer = measure_both(through, count=30)
    assert set(ours) == set(peer) == {figure.key for figure in through.figures}
    assert min(*ours.values(), *peer.values()) > 0

    ours, peer = measure_both(waiting, count=300, seconds=0.1)
    assert set(ours) == set(peer) == {figure.key for figure in waiting.figures}
    assert ours["setup_ms"] > 0
