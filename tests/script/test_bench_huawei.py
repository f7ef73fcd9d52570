"""The SUN2000 measurements run on a real Home Assistant, for both sides."""

from script.lib.bench.huawei.cases import cases
from script.lib.bench.huawei.device import Read, by_poll
from script.lib.bench.huawei.setups import SETUPS

from .bench_sides import measure_both

# With those that warm up more than a minute, so that what is asked once a minute is among it.
_COUNT = 5
_SECONDS = 0.3


def test_both_sides_give_every_figure() -> None:
    (case,) = (
        case
        for case in cases(real=False)
        if case.arguments["setup"] == "inverter, meter and battery"
    )
    ours, peer = measure_both(case, count=_COUNT, seconds=_SECONDS)

    assert set(ours) == set(peer) == {figure.key for figure in case.figures}
    assert (ours["requests"], ours["words"]) == (3, 125)
    # One poll of the five is that of the minute: strings and battery unit.
    assert ours["mean_requests"] == 3 + 2 / 5
    assert ours["mean_words"] == 125 + (20 + 70) / 5
    assert ours["cpu_us"] >= ours["loop_us"] > 0
    assert ours["writes"] >= ours["rows"] > 0
    assert ours["poll_ms"] > 0
    assert ours["first_value_s"] > 0
    # The peer asks and makes nothing of it.
    assert (peer["requests"], peer["words"]) == (4, 125)
    assert peer["mean_requests"] == 4
    assert peer["writes"] == peer["rows"] == 0


def test_the_peer_asks_what_was_counted() -> None:
    counted = {
        setup: (len(one.reads), sum(words for _, words in one.reads))
        for setup, one in SETUPS.items()
    }

    assert counted == {
        "inverter": (2, 72),
        "inverter and meter": (3, 97),
        "inverter, meter and battery": (4, 125),
    }


def test_requests_are_told_by_poll() -> None:
    first, second = Read(32064, 56), Read(37100, 39)

    assert by_poll([first, second, first, second, first]) == [
        [first, second],
        [first, second],
        [first],
    ]
